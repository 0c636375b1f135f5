#!/usr/bin/env node
'use strict';
// What `cdktf` runs (cdktf.json "app"): compiles what changed, then runs main.ts.
const { load } = require('./compile.js');

load('main').main();
