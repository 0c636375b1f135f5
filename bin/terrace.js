#!/usr/bin/env node
'use strict';
// The command line. TypeScript is compiled on demand, file by file, so a clone needs no build step.
const { load } = require('./compile.js');

load('terrace/cli/main').main(process.argv);
