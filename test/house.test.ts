import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { temporaryFolder } from './_helpers/sandbox';

interface Row {
  readonly folder: string;
  readonly allowed: readonly string[];
  readonly neighbours: readonly string[];
}

/** Rows of the document's tables, read here by other means than the rules are made with. */
function rows(): readonly Row[] {
  const lines = readFileSync('docs/architecture.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const parsed = lines.map((line) => {
    const [, folder = '', , imports = ''] = line.split(' | ').flatMap((cell, index) => (index === 0 ? ['', cell.slice(2)] : [cell]));
    return { folder: folder.replaceAll('`', ''), imports: imports.replaceAll(/[`|]/g, '').trim() };
  });
  const parentOf = (folder: string): string => path.posix.dirname(folder);
  return parsed.map(({ folder, imports }) => ({
    folder,
    allowed: imports === '—' ? [] : imports.split(', ').map((name) => (parentOf(folder) === '.' ? name : `${parentOf(folder)}/${name}`)),
    neighbours: parsed.map((row) => row.folder).filter((other) => parentOf(other) === parentOf(folder) && other !== folder),
  }));
}

const fileIn = (folder: string): string =>
  folder.endsWith('.ts') ? folder : folder === 'terrace' ? 'terrace/base/one.ts' : `${folder}/one.ts`;
const importOf = (from: string, to: string): string => {
  const relative = path.posix.relative(path.posix.dirname(from), to.replace(/\.ts$/, ''));
  return `import '${relative.startsWith('.') ? relative : `./${relative}`}';\n`;
};

let violations: readonly { readonly from: string; readonly to: string; readonly rule: { readonly name: string } }[];
const scratch = temporaryFolder('terrace-house-');

/** A project in which every folder imports every neighbour, in a file of its own for each; and the package's index where that is allowed. */
beforeAll(() => {
  const write = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(scratch, name)), { recursive: true });
    writeFileSync(path.join(scratch, name), text);
  };
  write('tsconfig.json', '{ "compilerOptions": { "module": "preserve", "moduleResolution": "bundler" } }');
  write('terrace/index.ts', 'export {};\n');
  for (const { folder } of rows()) write(fileIn(folder), 'export {};\n');
  for (const { folder, neighbours } of rows()) {
    if (folder.endsWith('.ts')) continue;
    for (const other of neighbours) {
      const name = `${folder}/to-${other.replaceAll(/[./]/g, '-')}.ts`;
      write(name, importOf(name, fileIn(other)));
    }
    write(`${folder}/to-index.ts`, importOf(`${folder}/to-index.ts`, 'terrace/index.ts'));
  }
  const config = path.resolve('.dependency-cruiser.cjs');
  const cruise = path.resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const output = execFileSync(process.execPath, [cruise, '--config', config, '--output-type', 'json', '.'], {
    cwd: scratch,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  violations = JSON.parse(output).summary.violations;
}, 600_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

// Generated bindings are not followed: they import nothing of the project.
test.each(rows().filter(({ folder }) => !folder.endsWith('.ts') && folder !== '.gen'))(
  '$folder may import what its row names, and no other neighbour',
  ({ folder, allowed, neighbours }) => {
    const refused = violations.flatMap(({ from, to, rule }) =>
      from.startsWith(`${folder}/to-`) && rule.name === folder.replaceAll(/[./]/g, '-') ? [to] : [],
    );
    const forbidden = neighbours.filter(
      (other) => !allowed.includes(other) && !(other === 'terrace' && allowed.includes('terrace (its exports)')),
    );
    const inward = neighbours.includes('terrace') && allowed.includes('terrace (its exports)') ? ['terrace/base/one.ts'] : [];
    const index = neighbours.includes('terrace') && !allowed.some((name) => name.startsWith('terrace')) ? ['terrace/index.ts'] : [];
    expect(refused.toSorted()).toEqual([...forbidden.map(fileIn), ...inward, ...index].toSorted());
  },
);

test('the document has a row for each folder of the tool', () => {
  const folders = execFileSync('git', ['ls-files', 'terrace'], { encoding: 'utf8' })
    .split('\n')
    .flatMap((name) => (name.split('/').length > 2 ? [name.split('/').slice(0, 2).join('/')] : []));
  // Plain JavaScript: what runs before anything is compiled, and what makes the package and the one-file program.
  const unchecked = new Set(['terrace/bin', 'terrace/build']);
  const named = new Set(rows().map(({ folder }) => folder));
  expect([...new Set(folders)].filter((folder) => !unchecked.has(folder) && !named.has(folder))).toEqual([]);
});

test('every file that the document walks through is there; one without a folder lies in a folder that its step names', () => {
  const text = readFileSync('docs/architecture.md', 'utf8');
  const steps = text.slice(text.indexOf('## A change, file by file'), text.indexOf('## Glossary')).split(/^\d\. /m);
  const missing = steps.flatMap((step) => {
    const names = [...step.matchAll(/`([\w./-]+\.tsx?)`/g)].map(([, name = '']) => name);
    const folders = names.filter((name) => name.includes('/')).map((name) => path.posix.dirname(name));
    return names.filter((name) => !(name.includes('/') ? existsSync(name) : folders.some((folder) => existsSync(`${folder}/${name}`))));
  });
  expect(steps.length).toBe(7);
  expect(missing).toEqual([]);
});

test('the decisions name every package that is installed at run time, and no other', () => {
  const text = readFileSync('docs/decisions.md', 'utf8');
  const table = text.slice(text.indexOf('## Dependencies'));
  // `@aws-sdk/client-s3`, `-dynamodb`: a name that begins with a hyphen takes the one before it up to its last hyphen.
  const rows = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell = '']) => {
    let before = '';
    const names = [...cell.matchAll(/`([^`]+)`/g)].map(
      ([, name = '']) => (before = name.startsWith('-') ? before.replace(/-[^-]+$/, name) : name),
    );
    return cell.includes('(development)') ? [] : names;
  });
  const files = execFileSync('git', ['ls-files', 'package.json', '*/package.json'], { encoding: 'utf8' }).trim().split('\n');
  const installed = files.flatMap((file) => {
    const { dependencies = {} }: { readonly dependencies?: Readonly<Record<string, string>> } = JSON.parse(readFileSync(file, 'utf8'));
    return Object.keys(dependencies).filter((name) => name !== 'terrace');
  });
  const names = (row: string, name: string): boolean => (row.endsWith('*') ? name.startsWith(row.slice(0, -1)) : row === name);
  expect(installed.filter((name) => !rows.some((row) => names(row, name)))).toEqual([]);
  expect(rows.filter((row) => !installed.some((name) => names(row, name)))).toEqual([]);
});

test('the decisions say that cdktf is archived, and what a move to its successor takes', () => {
  const text = readFileSync('docs/decisions.md', 'utf8').replaceAll(/\s+/g, ' ');
  for (const said of ['cdktf was archived by its owner in December 2025', '(`cdktn`', 'A move would take']) expect(text).toContain(said);
});
