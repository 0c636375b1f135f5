#!/usr/bin/env node
'use strict';
// The command line. In a checkout TypeScript is compiled on demand, file by file, so a clone needs no build step.
require('./code-cache.js').keepCompiledCode('terrace');

// Apart from all others it is process 1; files that are being written are told apart by the number that it is given.
const number = Number(process.env.TERRACE_APART);
if (number > 0) Object.defineProperty(process, 'pid', { value: number });

const { load } = require('./compile.js');

load('cli/main').main(process.argv);
