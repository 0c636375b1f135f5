#!/usr/bin/env node
'use strict';
// A command line in a process that was set apart. That it is so says the file that was started: a variable could stand in any shell.
require('./code-cache.js').keepCompiledCode('terrace');

// Apart from all others it is process 1; files that are being written are told apart by the number that it is given.
const [number] = process.argv.splice(2, 1);
Object.defineProperty(process, 'pid', { value: Number(number) });

const { load } = require('./compile.js');

load('cli/main').mainApart(process.argv);
