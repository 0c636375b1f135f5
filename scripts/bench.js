'use strict';
// `npm run bench [-- suite…]`: prints figures, and writes them to .terrace/bench.json.
const path = require('node:path');

const { compilePackage, compileProject } = require('../terrace/bin/compile.js');

compilePackage();
require(path.join(compileProject(path.resolve(__dirname, '..')), 'bench', 'main')).main(process.argv.slice(2));
