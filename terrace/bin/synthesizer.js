#!/usr/bin/env node
'use strict';
// The process in which a project's source is loaded and built; cli/synthesizer starts it with a fixed environment.
require('node:module').enableCompileCache?.();

const { load } = require('./compile.js');

load('cli/synthesizer-process').main();
