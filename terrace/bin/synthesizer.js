#!/usr/bin/env node
'use strict';
// The process in which a project's source is loaded and built; cli/synthesizer starts it with a fixed environment.
require('./code-cache.js').keepCompiledCode('synthesizer');

// Apart from all others it is process 1; files that are being written are told apart by the number that it is given.
const number = Number(process.argv.at(-1));
if (number > 0) Object.defineProperty(process, 'pid', { value: number });

// The command that starts it has just compiled the package.
const { main } = process.argv.includes('--compiled')
  ? require('../dist/cli/synthesizer-process.js')
  : require('./compile.js').load('cli/synthesizer-process');

main();
