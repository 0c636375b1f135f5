'use strict';
/**
 * Writes docs/licences.md: each package that the tool brings along, with its licence, and the licences of everything that the repository
 * installs, counted; with --check, compares and ends with 1 where the document is out of date. A licence that is not on the list of those
 * that Terrace (MPL-2.0) may be given away with is an error. Reads package-lock.json alone.
 *
 *   node scripts/licences.js [--check]
 */
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const document = path.join(root, 'docs', 'licences.md');

/** What may be linked with a program under MPL-2.0 and given away; of an alternative (OR) one is enough. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'EPL-2.0',
  'ISC',
  'MIT',
  'MPL-2.0',
  'Public Domain',
  'Unlicense',
  'WTFPL',
]);

/** What may be run beside it, but not given away: of packages that only the tests need. */
const allowedInTests = new Set([...allowed, 'LGPL-3.0-or-later']);

/** Licences that are texts of their own, read by a person: package and what it says. */
const read = new Map([['dejavu-fonts-ttf', 'Bitstream Vera, free to use and to give away; used in tests alone']]);

/** Folder in the lock file of a package as `from` sees it: the nearest `node_modules` upwards. */
function folderOf(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    const candidate = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[candidate] !== undefined) return candidate;
    if (folder === '') return undefined;
  }
}

/** Folders of everything that a package of the lock file needs to run, itself left out; pure. */
function needs(packages, start) {
  const found = new Set();
  const open = [start];
  for (let from = open.pop(); from !== undefined; from = open.pop()) {
    for (const name of Object.keys({ ...packages[from].dependencies, ...packages[from].optionalDependencies })) {
      const folder = folderOf(packages, from.includes('node_modules') ? from : '', name);
      if (folder === undefined || found.has(folder)) continue;
      found.add(folder);
      open.push(folder);
    }
  }
  return found;
}

const nameOf = (folder) => folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Whether an expression of SPDX may be taken: one side of `OR`, all of `AND`. */
function isAllowed(expression, licences) {
  const either = expression.replace(/[()]/g, '').split(' OR ');
  return either.some((one) => one.split(' AND ').every((licence) => licences.has(licence)));
}

/** The document, and what is wrong; pure. */
function report(lock) {
  const { packages } = lock;
  const problems = [];
  const counts = new Map();
  for (const [folder, entry] of Object.entries(packages)) {
    if (!folder.includes('node_modules/') || entry.link === true) continue;
    const licence = entry.license ?? 'none named';
    if (!read.has(nameOf(folder)) && !isAllowed(licence, entry.dev === true ? allowedInTests : allowed))
      problems.push(`${nameOf(folder)} ${entry.version}: ${licence}`);
    counts.set(licence, (counts.get(licence) ?? 0) + 1);
  }
  const own = [...needs(packages, 'terrace')]
    .map((folder) => ({ name: nameOf(folder), version: packages[folder].version, licence: packages[folder].license ?? 'none named' }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1));
  const lines = [
    '# Licences',
    '',
    'Made by `npm run docs:licences` from `package-lock.json`; `npm run check` compares it. Terrace itself is under the MPL-2.0.',
    '',
    '## What the package `terrace` includes',
    '',
    '| package | version | licence |',
    '|---|---|---|',
    ...own.map(({ name, version, licence }) => `| \`${name}\` | ${version} | ${licence} |`),
    '',
    '## What this repository also installs',
    '',
    '| licence | packages |',
    '|---|---|',
    ...[...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([licence, count]) => `| ${licence} | ${count} |`),
    '',
    ...[...read].map(([name, text]) => `\`${name}\`: ${text}.`),
    '',
    'A CycloneDX list of the same packages: `npm sbom --sbom-format cyclonedx --omit dev --package-lock-only`.',
    '',
  ];
  return { text: lines.join('\n'), problems };
}

module.exports = { report };
if (require.main === module) {
  const { text, problems } = report(JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')));
  for (const problem of problems) console.error(`not on the list of licences: ${problem}`);
  if (process.argv.includes('--check')) {
    const isCurrent = fs.existsSync(document) && fs.readFileSync(document, 'utf8') === text;
    if (!isCurrent) console.error('docs/licences.md is out of date: run npm run docs:licences');
    process.exitCode = isCurrent && problems.length === 0 ? 0 : 1;
  } else {
    fs.writeFileSync(document, text);
    process.exitCode = problems.length === 0 ? 0 : 1;
  }
}
