'use strict';
/**
 * Bundles the program in one file: node terrace/build/program.js --out FILE. It holds the commands that need nothing of a project's source
 * (`cli/commands/pipeline.ts`), with everything they read; the same sources give the same bytes, wherever they lie.
 */
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const { build } = require('esbuild');

const { packageRoot, packageSources } = require('../bin/compile.js');

/** What no command of the program reaches: a project's source is synthesized, and pictures are drawn, by the installed package. */
const absent = ['cdktf', 'constructs', 'esbuild', 'elkjs'];

/** Files that the code reads beside itself. */
const carried = /^review\/render\/html\/(?:in-browser\.js|styles\/[\w-]+\.css)$/;

/** Digest of the package's sources and of the versions it is built with. */
function sourceDigest(names) {
  const hash = createHash('sha256');
  for (const name of [...names, 'package.json', 'build/program.js']) {
    const text = fs.readFileSync(path.join(packageRoot, name));
    hash.update(`${name}\0${text.length}\0`).update(text);
  }
  return hash.digest('hex').slice(0, 16);
}

/** hcl2json reads its WebAssembly from beside its code: in one file it is carried along. */
const carriedParser = {
  name: 'carried-parser',
  setup(bundle) {
    bundle.onLoad({ filter: /hcl2json[/\\]lib[/\\]bridge\.js$/ }, ({ path: file }) => {
      const wasm = fs.readFileSync(path.join(path.dirname(file), '..', 'main.wasm.gz')).toString('base64');
      const read = 'fs.readFile((0, path_1.join)(__dirname, "..", "main.wasm.gz"))';
      const text = fs.readFileSync(file, 'utf8');
      if (!text.includes(read)) throw new Error(`${file} reads its WebAssembly in another way: adapt ${__filename}`);
      return { contents: text.replace(read, () => `Buffer.from(${JSON.stringify(wasm)}, "base64")`), loader: 'js' };
    });
  },
};

/** The call by which the command line in front starts the whole program. */
const start = 'terrace:whole';

/** What a command does is imported when it runs: in the part that stands in front, every such import leads to the whole program. */
const inFront = {
  name: 'in-front',
  setup(bundle) {
    bundle.onResolve({ filter: /./ }, ({ kind }) => (kind === 'dynamic-import' ? { path: start, external: true } : undefined));
  },
};

/** What stands between the parts; and for the end of a comment within the whole program. */
const mark = '/*terrace:whole\n';
const [ended, escaped] = ['*/', '*\u0001/'];

/**
 * Two bundles of one entry in one file. In front stands the command line without what its commands do: help, version and wrong usage are
 * answered by it alone. The first action that it would call compiles the whole program, which reads the same words; until then that is a
 * comment, which costs a tenth of what reading code does. It is not compressed: programs that compress differ from machine to machine.
 */
function joined(front, whole) {
  const code = front.replaceAll(`import("${start}")`, 'terraceWhole()');
  if (code === front) throw new Error('the command line imports nothing when it runs: it would do nothing');
  if (whole.includes(escaped) || code.includes(mark))
    throw new Error(`the program holds ${JSON.stringify([escaped, mark])}: choose others`);
  return `#!/usr/bin/env node
"use strict";
let terraceStarted = false;
const terraceStart = async () => {
  if (terraceStarted) return;
  terraceStarted = true;
  const text = require('node:fs').readFileSync(__filename, 'latin1');
  const mark = ${JSON.stringify(mark.slice(0, 2))} + ${JSON.stringify(mark.slice(2))};
  module._compile(text.slice(text.indexOf(mark) + mark.length, -3).replaceAll(${JSON.stringify(escaped)}, ${JSON.stringify(ended)}), __filename);
};
const terraceWhole = async () => new Proxy({}, { get: (_, name) => (name === 'then' ? undefined : terraceStart) });
${code}${mark}${whole.replaceAll(ended, escaped)}${ended}\n`;
}

async function main(out) {
  const names = [...packageSources()].toSorted((a, b) => (a < b ? -1 : 1));
  const { version } = JSON.parse(fs.readFileSync(path.join(packageRoot, 'package.json'), 'utf8'));
  const texts = Object.fromEntries(
    names.filter((name) => carried.test(name)).map((name) => [name, fs.readFileSync(path.join(packageRoot, name), 'utf8')]),
  );
  const options = {
    absWorkingDir: packageRoot,
    entryPoints: ['cli/pipeline.ts'],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    conditions: ['terrace-source'],
    // Not the one of whatever folder the sources lie in.
    tsconfigRaw: { compilerOptions: { strict: true, target: 'es2023' } },
    jsx: 'automatic',
    jsxImportSource: 'preact',
    // Names of files would tell where the sources lay, and so would names of modules.
    minify: true,
    keepNames: true,
    legalComments: 'none',
    // Of one byte a character, which is read faster.
    charset: 'ascii',
    define: {
      TERRACE_BUILD: JSON.stringify({ version, digest: sourceDigest(names) }),
      TERRACE_TEXTS: JSON.stringify(texts),
    },
    external: [...absent, 'performance'],
    logLevel: 'warning',
  };
  const [front, whole] = await Promise.all([build({ ...options, plugins: [inFront] }), build({ ...options, plugins: [carriedParser] })]);
  fs.mkdirSync(path.dirname(path.resolve(out)), { recursive: true });
  fs.writeFileSync(out, joined(front.outputFiles[0].text, whole.outputFiles[0].text), { mode: 0o755 });
}

const at = process.argv.indexOf('--out');
const out = at === -1 ? undefined : process.argv[at + 1];
if (out === undefined) {
  process.stderr.write('usage: node terrace/build/program.js --out FILE\n');
  process.exit(64);
}
main(path.resolve(out)).catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
