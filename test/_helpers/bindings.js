'use strict';
// Tests import the generated bindings; a clone installed with --ignore-scripts has none yet.
const path = require('node:path');

const { compilePackage, compileProject } = require('../../terrace/bin/compile.js');
const { ensureBindings } = require('../../terrace/bin/bindings.js');

module.exports = async () => {
  const root = path.resolve(__dirname, '..', '..');
  ensureBindings(root);
  // Programs that tests start run what is compiled; two of them at once need not compile it twice.
  compilePackage();
  compileProject(root);
};
