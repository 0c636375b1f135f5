'use strict';
/**
 * `npm run shapes [-- <system>…]`: applies production of every system, or of those that are named, in the project's sandbox, and takes its
 * shape into `shapes/<system>.shape.json`. Needs terraform and nothing else.
 */
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const project = path.join(__dirname, '..');
const program = path.join(project, 'terrace', 'bin', 'terrace.js');
/** astra's production is not built yet: what leads there stands beside it. */
const selectors = {
  astra: 'astra',
  astraler: 'astraler/production',
  olechka: 'olechka/production',
  'pro-mata': 'pro-mata/prod',
  tux: 'tux/production',
};
/** In a sandbox nothing is secret: one key for everybody, so that the same world gives the same shape. */
const key = 'the sandbox keeps no secret of anybody';

function terrace(...args) {
  const { status } = spawnSync(process.execPath, [program, ...args], {
    cwd: project,
    env: { ...process.env, TERRACE_SHAPE_KEY: key },
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

const named = process.argv.slice(2);
const unknown = named.filter((system) => selectors[system] === undefined);
if (unknown.length > 0) {
  process.stderr.write(`no such system: ${unknown.join(', ')}\n`);
  process.exit(2);
}
for (const system of named.length > 0 ? named : Object.keys(selectors)) {
  const selector = selectors[system];
  terrace('start', selector, '--include-planned');
  const { systems } = JSON.parse(fs.readFileSync(path.join(project, 'live', 'synth.json'), 'utf8'));
  const account = systems.find(({ name }) => name === system).environments[0].stateAccount;
  const file = path.join('shapes', `${system}.shape.json`);
  const shape = ['state', 'shape', selector, '--include-planned', '--out', file];
  terrace('sandbox', 'exec', '--account', account, '--', process.execPath, program, ...shape);
  fs.chmodSync(path.join(project, file), 0o644);
}
