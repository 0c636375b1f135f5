#!/usr/bin/env node
'use strict';
// The command line. In a checkout TypeScript is compiled on demand, file by file, so a clone needs no build step.
require('./code-cache.js').keepCompiledCode('terrace');

const { load } = require('./compile.js');

load('cli/main').main(process.argv);
