'use strict';
// `npm start`: compiles what changed, then takes a part of the project through the sandbox.
const { load } = require('../bin/compile.js');

load('terrace/cli/start/main').main(process.argv);
