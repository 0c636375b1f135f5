'use strict';
/**
 * Compiles TypeScript to CommonJS, only the files that changed (by size and modification time): the package's own sources to its `dist/`
 * where it is a checkout (the published package holds `dist/` alone), a project's to its `.terrace/dist`. Plain JavaScript because it
 * runs before anything is compiled. Each output is written to a temporary sibling and renamed, so two commands may run at once.
 */
const fs = require('node:fs');
const path = require('node:path');

const packageRoot = path.resolve(__dirname, '..');
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
/** Changes whenever the same source would be compiled to other text. */
const form = 2;

/** Folders of a project that hold no source of it: what commands write, and what tests bring themselves. */
const noSource = new Set(['node_modules', 'live', 'cdktf.out', 'coverage', 'dist', 'test', 'docs', 'schemas']);

function* files(root, folder, enters) {
  let entries;
  try {
    entries = fs.readdirSync(path.join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  for (const entry of entries) {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    // Bindings may be another work tree's: `.gen` is a link there.
    if (entry.isDirectory() || name === '.gen') {
      if (enters(name, entry.name)) yield* files(root, name, enters);
    } else if (entry.isFile()) yield name;
  }
}

const isTypeScript = (name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts');

/** The sources of the package: TypeScript, and the files that it reads beside them. */
function* packageSources() {
  const enters = (name, own) => name !== 'bin' && name !== 'build' && name !== 'dist' && own !== 'node_modules';
  for (const name of files(packageRoot, '', enters))
    if (isTypeScript(name) || (name.includes('/') && /\.(json|css|js|proto)$/.test(name))) yield name;
}

/** The package that a project has itself, where it lies in its folder: the program that runs may be another copy. */
function ownPackage(root) {
  try {
    return fs.realpathSync(path.join(root, 'node_modules', 'terrace'));
  } catch {
    return packageRoot;
  }
}

/** The sources of a project: TypeScript and JSON below its folder, without the package's own where it lies there, and `.gen`. */
function* projectSources(root) {
  const top = fs.realpathSync(root);
  const own = new Set([packageRoot, ownPackage(root)].map((folder) => path.relative(top, folder).split(path.sep).join('/')));
  const enters = (name, last) =>
    name === '.gen' || (!last.startsWith('.') && last !== 'node_modules' && !own.has(name) && !(noSource.has(last) && !name.includes('/')));
  for (const name of files(root, '', enters))
    if (isTypeScript(name) || (name.endsWith('.json') && name.includes('/') && !name.startsWith('.gen/'))) yield name;
}

function readManifest(out, version) {
  try {
    const manifest = JSON.parse(fs.readFileSync(path.join(out, 'manifest.json'), 'utf8'));
    return manifest.version === version ? manifest.files : {};
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

const outputOf = (name) => name.replace(/\.tsx?$/, '.js');

/**
 * A compiled file of a project sees its source's folder as `__dirname`: a stack that reads a file beside it needs no other way to find it.
 */
function sourceFolder(out, root, name) {
  const back = path
    .relative(path.dirname(path.join(out, name)), path.dirname(path.join(root, name)))
    .split(path.sep)
    .join('/');
  return {
    define: { __dirname: '__sourceFolder' },
    banner: `const __sourceFolder = require('node:path').join(__dirname, ${JSON.stringify(back)});`,
  };
}

/** Compiles every source that is newer than its output; returns the number of files compiled. */
function compile(root, out, names, more) {
  const version = `${form} ${JSON.stringify(settings)} esbuild ${require('esbuild/package.json').version}`;
  const before = readManifest(out, version);
  const after = {};
  const changed = [];
  for (const name of names) {
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
    const text = fs.readFileSync(path.join(root, name));
    if (!isTypeScript(name)) {
      replaceFile(path.join(out, name), text);
      continue;
    }
    const { code } = transformSync(text.toString('utf8'), {
      ...settings,
      ...more(name),
      loader: name.endsWith('x') ? 'tsx' : 'ts',
      sourcefile: path.join(root, name),
    });
    replaceFile(path.join(out, outputOf(name)), code);
  }
  for (const name of removed) fs.rmSync(path.join(out, outputOf(name)), { force: true });
  replaceFile(path.join(out, 'manifest.json'), JSON.stringify({ version, files: after }));
  return changed.length;
}

/** Compiles the package's own sources where there are any. */
function compilePackage() {
  if (!fs.existsSync(path.join(packageRoot, 'index.ts'))) return 0;
  return orExplain(packageRoot, () => compile(packageRoot, path.join(packageRoot, 'dist'), packageSources(), () => ({})));
}

/** Compiles a project's sources, with the bindings that it generates; gives the folder of the compiled modules. */
function compileProject(root) {
  const { ensureBindings } = require('./bindings.js');
  ensureBindings(root);
  const out = path.join(root, '.terrace', 'dist');
  orExplain(root, () => compile(root, out, projectSources(root), (name) => sourceFolder(out, root, name)));
  linkPackage(root, out);
  return out;
}

/** Where the package lies in the project's folder, its compiled modules are found beside the project's, and stay the same modules. */
function linkPackage(root, out) {
  const own = path.relative(root, packageRoot);
  if (own === '' || own.startsWith('..') || path.isAbsolute(own) || own.split(path.sep).includes('node_modules')) return;
  const link = path.join(out, own);
  const target = path.relative(path.dirname(link), path.join(packageRoot, 'dist'));
  try {
    if (fs.readlinkSync(link) === target) return;
  } catch {
    // Absent, or a folder of an earlier version.
  }
  const temporary = `${link}.${process.pid}.tmp`;
  fs.mkdirSync(path.dirname(link), { recursive: true });
  fs.symlinkSync(target, temporary, 'dir');
  fs.rmSync(link, { recursive: true, force: true });
  fs.renameSync(temporary, link);
}

function orExplain(root, work) {
  try {
    return work();
  } catch (error) {
    if (!Array.isArray(error.errors)) throw error;
    for (const { location, text } of error.errors)
      process.stderr.write(`E0001 cannot compile   ${path.relative(root, location?.file ?? '')}:${location?.line ?? ''}\n  ${text}\n`);
    process.exit(1);
  }
}

/** Compiles what changed of the package and requires one of its modules, named without extension from the package's root. */
function load(module) {
  compilePackage();
  return require(path.join(packageRoot, 'dist', module));
}

module.exports = { compilePackage, compileProject, load, packageRoot, packageSources };
