'use strict';
/**
 * The rules of the house, read from the tables of docs/architecture.md: each row is a rule. Its first cell names a folder, its last the
 * folders that it may import besides itself. What a row does not name is forbidden.
 */
const fs = require('node:fs');
const path = require('node:path');

const escaped = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const below = (folder) => (/\.ts$/.test(folder) ? `^${escaped(folder)}$` : `^${escaped(folder)}/`);

/** What the package exports, as sources: the whole of it that other folders see. */
function exportsOf(root) {
  const { exports } = JSON.parse(fs.readFileSync(path.join(root, 'terrace', 'package.json'), 'utf8'));
  return Object.values(exports).flatMap((one) =>
    one['terrace-source'] === undefined ? [] : [`^${escaped(path.posix.join('terrace', one['terrace-source']))}$`],
  );
}

/** Rows of the document's tables whose first cell is a folder: `{ folder, allowed }`. */
function rowsOf(text) {
  return text.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const folder = /^`([\w./-]+)`$/.exec(cells[1] ?? '')?.[1];
    if (folder === undefined || cells.length < 5) return [];
    return [
      {
        folder: folder.replace(/\/$/, ''),
        allowed: [...cells[3].matchAll(/`([\w./-]+)`( \(its exports\))?/g)].map(([, name, only]) => ({
          name: name.replace(/\/$/, ''),
          exportsOnly: only !== undefined,
        })),
      },
    ];
  });
}

function rulesOf(root) {
  const rows = rowsOf(fs.readFileSync(path.join(root, 'docs', 'architecture.md'), 'utf8'));
  const folders = rows.map(({ folder }) => folder);
  return rows.map(({ folder, allowed }) => {
    // Rows of the same parent are each other's neighbours; a floor's room is judged among the rooms of its floor.
    const parent = folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : '';
    const neighbours = folders.filter(
      (other) => (other.includes('/') ? other.slice(0, other.lastIndexOf('/')) : '') === parent && other !== folder,
    );
    return {
      name: folder.replaceAll(/[./]/g, '-'),
      severity: 'error',
      comment: `docs/architecture.md says what ${folder} may import`,
      from: { path: below(folder) },
      to: {
        path: neighbours.map(below),
        pathNot: allowed.flatMap(({ name, exportsOnly }) =>
          exportsOnly
            ? exportsOf(root)
            : [below(parent === '' || name.includes('/') || folders.includes(name) ? name : `${parent}/${name}`)],
        ),
      },
    };
  });
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...rulesOf(__dirname),
    { name: 'systems-are-apart', severity: 'error', from: { path: '^stacks/([^/]+)/' }, to: { path: '^stacks/', pathNot: '^stacks/$1/' } },
    {
      name: 'no-provider-barrel',
      severity: 'error',
      from: {},
      to: { path: 'node_modules/@cdktf/provider-(?!generator)[a-z]+/lib/index\\.(js|d\\.ts)$' },
    },
    // Types included. The four levels of the tree know each other: a region its environment, an environment its regions.
    { name: 'no-circle', severity: 'error', from: { pathNot: '^(terrace/tree/|test/)' }, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules|^\\.gen' },
    exclude: { path: '^(live|cdktf\\.out|\\.terrace|\\.sandbox|terrace/dist)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['terrace-source', 'import', 'require', 'node', 'default'],
    },
  },
};
