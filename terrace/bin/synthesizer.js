#!/usr/bin/env node
'use strict';
// The process in which a project's source is loaded and built; cli/synthesizer starts it with a fixed environment.
require('./code-cache.js').keepCompiledCode('synthesizer');

// The command that starts it has just compiled the package.
const { main } = process.argv.includes('--compiled')
  ? require('../dist/cli/synthesizer-process.js')
  : require('./compile.js').load('cli/synthesizer-process');

main();
