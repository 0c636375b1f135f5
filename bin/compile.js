'use strict';
/**
 * Compiles the project's TypeScript to CommonJS under `.terrace/dist` (and copies its JSON there), only the files that changed
 * (by size and modification time), and requires modules from there. Plain JavaScript because it runs before
 * anything is compiled. Each output is written to a temporary sibling and renamed, so two commands may run at once.
 */
const fs = require('node:fs');
const path = require('node:path');

const { ensureBindings } = require('../scripts/bindings.js');

const root = path.resolve(__dirname, '..');
const out = path.join(root, '.terrace', 'dist');
const folders = ['terrace', 'backend', 'envcommon', 'modules', 'stacks', 'policies', 'bench', 'scripts', '.gen'];
const settings = {
  format: 'cjs',
  target: 'node20',
  platform: 'node',
  sourcemap: 'inline',
  sourcesContent: false,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  supported: { 'dynamic-import': false },
};
const manifestVersion = `${JSON.stringify(settings)} esbuild ${require('esbuild/package.json').version}`;

function* sources(folder) {
  let entries;
  try {
    entries = fs.readdirSync(path.join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  for (const entry of entries) {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* sources(name);
    else if ((/\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts')) || (entry.name.endsWith('.json') && folder !== '.gen'))
      yield name;
  }
}

function readManifest() {
  try {
    const manifest = JSON.parse(fs.readFileSync(path.join(out, 'manifest.json'), 'utf8'));
    return manifest.version === manifestVersion ? manifest.files : {};
  } catch {
    return {};
  }
}

function replaceFile(file, content) {
  const temporary = `${file}.${process.pid}.tmp`;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(temporary, content);
  fs.renameSync(temporary, file);
}

/** Compiles every source that is newer than its output; returns the number of files compiled. */
function compile() {
  const before = readManifest();
  const after = {};
  const changed = [];
  for (const name of ['main.ts', ...folders.flatMap((folder) => [...sources(folder)])]) {
    let stat;
    try {
      stat = fs.statSync(path.join(root, name));
    } catch (error) {
      if (error.code === 'ENOENT') continue;
      throw error;
    }
    const stamp = `${stat.size}:${stat.mtimeMs}`;
    after[name] = stamp;
    if (before[name] !== stamp) changed.push(name);
  }
  const removed = Object.keys(before).filter((name) => !(name in after));
  if (changed.length === 0 && removed.length === 0) return 0;
  const { transformSync } = require('esbuild');
  for (const name of changed) {
    if (name.endsWith('.json')) {
      replaceFile(path.join(out, name), fs.readFileSync(path.join(root, name)));
      continue;
    }
    const { code } = transformSync(fs.readFileSync(path.join(root, name), 'utf8'), {
      ...settings,
      loader: name.endsWith('x') ? 'tsx' : 'ts',
      sourcefile: path.join(root, name),
    });
    replaceFile(path.join(out, name.replace(/\.tsx?$/, '.js')), code);
  }
  for (const name of removed) fs.rmSync(path.join(out, name.replace(/\.tsx?$/, '.js')), { force: true });
  replaceFile(path.join(out, 'manifest.json'), JSON.stringify({ version: manifestVersion, files: after }));
  return changed.length;
}

/** Compiles what changed and requires one module of the project, named without extension from its root. */
function load(module) {
  ensureBindings();
  try {
    compile();
  } catch (error) {
    if (!Array.isArray(error.errors)) throw error;
    for (const { location, text } of error.errors)
      process.stderr.write(`E0001 cannot compile   ${path.relative(root, location?.file ?? '')}:${location?.line ?? ''}\n  ${text}\n`);
    process.exit(1);
  }
  return require(path.join(out, module));
}

module.exports = { compile, load, root };
