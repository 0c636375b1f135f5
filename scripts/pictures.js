'use strict';
/** `npm run docs:pictures`: draws the pictures of the documentation that belong to no system, from their data, with the program's own renderer. */
const fs = require('node:fs');
const path = require('node:path');

const { compilePackage, compileProject } = require('../terrace/bin/compile.js');

const root = path.resolve(__dirname, '..');

async function main() {
  compilePackage();
  const compiled = path.join(root, 'terrace', 'dist', 'diagram');
  const { layout } = require(path.join(compiled, 'layout', 'layout'));
  const { svgOf } = require(path.join(compiled, 'render', 'svg'));
  const { roadOfAChange } = require(path.join(compileProject(root), 'scripts', 'pictures', 'road-of-a-change'));
  fs.writeFileSync(path.join(root, 'docs', 'assets', 'road-of-a-change.svg'), svgOf(await layout(roadOfAChange())));
}

void main();
