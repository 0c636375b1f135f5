'use strict';
/** Puts the program in one file, as it comes with the package, into a file: node node_modules/terrace/bin/program.js --out FILE. */
const fs = require('node:fs');
const path = require('node:path');

const at = process.argv.indexOf('--out');
const out = at === -1 ? undefined : process.argv[at + 1];
if (out === undefined) {
  process.stderr.write('usage: node node_modules/terrace/bin/program.js --out FILE\n');
  process.exit(64);
}
fs.mkdirSync(path.dirname(path.resolve(out)), { recursive: true });
fs.copyFileSync(path.join(__dirname, '..', 'dist', 'terrace.cjs'), out);
fs.chmodSync(out, 0o755);
