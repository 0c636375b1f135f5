'use strict';
/**
 * `npm run sweep -- <folder>`: runs every folder below that holds a provider block or required providers through init, plan, apply, a second
 * plan and destroy in a sandbox of its own, and prints a table (Markdown) of how far each came and why not further.
 */
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const root = path.resolve(process.argv[2] ?? '.');
const program = path.join(__dirname, '..', 'terrace', 'bin', 'terrace.js');
const project = path.join(__dirname, '..');
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'terrace-sweep-'));
const steps = [
  ['init', ['init', '-input=false', '-no-color']],
  ['plan', ['plan', '-input=false', '-no-color']],
  ['apply', ['apply', '-auto-approve', '-input=false', '-no-color']],
  ['replan', ['plan', '-input=false', '-no-color', '-detailed-exitcode']],
  ['destroy', ['destroy', '-auto-approve', '-input=false', '-no-color']],
];

/** Folders that terraform can run in, the outer ones first; hidden ones are left out. */
function examples(folder) {
  const entries = fs.readdirSync(folder, { withFileTypes: true }).sort((left, right) => left.name.localeCompare(right.name));
  const texts = entries
    .filter((one) => one.isFile() && /\.tf(\.json)?$/.test(one.name))
    .map((one) => fs.readFileSync(path.join(folder, one.name), 'utf8'));
  const own = texts.some((text) => /^\s*provider\s+"|"provider"\s*:|required_providers|^\s*module\s+"/m.test(text)) ? [folder] : [];
  const inner = entries
    .filter((one) => one.isDirectory() && !one.name.startsWith('.'))
    .flatMap((one) => examples(path.join(folder, one.name)));
  return [...own, ...inner];
}

/** The first error that terraform printed, on one line. */
function causeOf(output) {
  const error = /Error: ([\s\S]*?)\n\s*\n/.exec(output)?.[1] ?? output.trim().split('\n').at(-1) ?? '';
  return error.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').slice(0, 160);
}

function sandbox(...args) {
  return spawnSync(process.execPath, [program, '--project', project, 'sandbox', ...args, '--dir', path.join(work, 'box')], {
    encoding: 'utf8',
  });
}

function run(folder, args) {
  const command = [program, '--project', project, 'sandbox', 'exec', '--dir', path.join(work, 'box'), '--', 'terraform', ...args];
  const done = spawnSync(process.execPath, command, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, INIT_CWD: undefined },
  });
  return { code: done.status ?? 1, output: `${done.stdout}\n${done.stderr}` };
}

function sweep(folder) {
  for (const [name, args] of steps) {
    const { code, output } = run(folder, args);
    if (code !== 0)
      return { result: `${String(name)} failed`, cause: name === 'replan' && code === 2 ? 'changes at the second plan' : causeOf(output) };
  }
  return { result: 'all steps', cause: '' };
}

try {
  const copy = path.join(work, 'tree');
  fs.cpSync(root, copy, { recursive: true, filter: (source) => !/\/(\.terraform[^/]*|\.git|node_modules)$/.test(source) });
  const rows = examples(copy).map((folder) => {
    sandbox('reset');
    const { result, cause } = sweep(folder);
    process.stderr.write(`${path.relative(copy, folder) || '.'}: ${result}\n`);
    return { name: path.relative(copy, folder) || '.', result, cause };
  });
  process.stdout.write(
    `| example | result | cause |\n|---|---|---|\n${rows.map((row) => `| ${row.name} | ${row.result} | ${row.cause} |\n`).join('')}`,
  );
  process.stdout.write(`\n${rows.filter((row) => row.cause === '').length} of ${rows.length} go through every step\n`);
  if (rows.length === 0) process.exitCode = 1;
} finally {
  sandbox('stop');
  fs.rmSync(work, { recursive: true, force: true });
}
