#!/usr/bin/env node
'use strict';
// `npm run bench [-- suite…]`: prints figures, and writes them to .terrace/bench.json.
const { load } = require('./compile.js');

load('bench/main').main(process.argv.slice(2));
