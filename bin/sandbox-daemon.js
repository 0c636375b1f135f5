#!/usr/bin/env node
'use strict';
// The sandbox's daemon: one process that serves a sandbox's folder until it is told to stop.
const { load } = require('./compile.js');

load('terrace/sandbox/daemon').main(process.argv);
