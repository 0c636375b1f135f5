'use strict';
// Tests import the generated bindings; a clone installed with --ignore-scripts has none yet.
const { ensureBindings } = require('../../scripts/bindings.js');

module.exports = async () => {
  ensureBindings();
};
