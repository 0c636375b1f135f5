#!/usr/bin/env node
'use strict';
// What `cdktf` runs (cdktf.json "app"): synthesizes the project of the working directory.
const { load } = require('./compile.js');

void load('cli/cdktf-app').main();
