'use strict';
/**
 * Generates a project's `.gen/`, the bindings of the providers without an npm package, from the schemas in `schemas/`: offline, without terraform.
 * Runs in `prepare` and before every command that finds `.gen` absent or made from other schemas (`npm ci --ignore-scripts` works too).
 * Plain JavaScript because it runs before anything is compiled. Guarded by `.gen/terrace.json`, the digest of what it was made from.
 */
const { createHash } = require('node:crypto');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

/** Digest of everything the bindings depend on: providers and versions, schemas, the generator's version. */
function digest(root) {
  const hash = createHash('sha256');
  const { terraformProviders } = JSON.parse(fs.readFileSync(path.join(root, 'cdktf.json'), 'utf8'));
  hash.update(JSON.stringify(terraformProviders));
  for (const file of fs.readdirSync(path.join(root, 'schemas')).sort())
    hash.update(file).update(fs.readFileSync(path.join(root, 'schemas', file)));
  return hash.update(cliOf(root).version).digest('hex');
}

/** The installed cdktf-cli, which holds the generator. */
function cliOf(root) {
  const file = require.resolve('cdktf-cli/package.json', { paths: [root] });
  return { folder: path.dirname(file), version: JSON.parse(fs.readFileSync(file, 'utf8')).version };
}

const stampOf = (root) => path.join(root, '.gen', 'terrace.json');

function isCurrent(root, wanted) {
  try {
    return JSON.parse(fs.readFileSync(stampOf(root), 'utf8')).digest === wanted;
  } catch {
    return false;
  }
}

function fail(found, todo) {
  process.stderr.write(`E0003 bindings not generated   .gen\n  ${found}\n  ${todo}\n`);
  process.exit(1);
}

function* typescript(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* typescript(file);
    else if (entry.name.endsWith('.ts')) yield file;
  }
}

/** Runs the generator in a folder of its own and returns the folder with the result. */
function generate(root, scratch) {
  fs.copyFileSync(path.join(root, 'cdktf.json'), path.join(scratch, 'cdktf.json'));
  fs.cpSync(path.join(root, 'schemas'), path.join(scratch, 'schemas'), { recursive: true });
  const cli = path.join(cliOf(root).folder, 'bundle', 'bin', 'cdktf');
  const run = spawnSync(process.execPath, [cli, 'get', '--silent', '--log-level', 'ERROR'], {
    cwd: scratch,
    encoding: 'utf8',
    env: {
      ...process.env,
      CI: '1',
      CHECKPOINT_DISABLE: '1',
      CDKTF_DISABLE_PLUGIN_CACHE_ENV: '1',
      CDKTF_EXPERIMENTAL_PROVIDER_SCHEMA_CACHE_PATH: path.join(scratch, 'schemas'),
    },
  });
  const made = path.join(scratch, '.gen');
  if (run.status !== 0 || !fs.existsSync(made)) {
    fs.rmSync(scratch, { recursive: true, force: true });
    fail(
      `cdktf get ended with ${run.status ?? run.signal}: ${`${run.stdout}${run.stderr}`.trim().slice(0, 2000)}`,
      'see the message above; schemas/ must hold one file for each provider of cdktf.json',
    );
  }
  return made;
}

/**
 * Makes `.gen` when it is absent or outdated; returns whether it had to. A project without `schemas/` generates its bindings itself
 * (`cdktf get`), or has none.
 */
function ensureBindings(root) {
  if (!fs.existsSync(path.join(root, 'schemas'))) return false;
  const target = path.join(root, '.gen');
  const wanted = digest(root);
  if (isCurrent(root, wanted)) return false;
  const scratch = fs.mkdtempSync(path.join(root, '.gen-making-'));
  process.stderr.write('generating bindings in .gen …\n');
  const made = generate(root, scratch);
  for (const file of typescript(made)) fs.writeFileSync(file, `// @ts-nocheck\n${fs.readFileSync(file, 'utf8')}`);
  fs.writeFileSync(path.join(made, 'terrace.json'), `${JSON.stringify({ digest: wanted })}\n`);
  const old = `${scratch}-old`;
  try {
    if (fs.existsSync(target)) fs.renameSync(target, old);
    fs.renameSync(made, target);
  } catch (error) {
    // Another command was faster; its result is as good as this one.
    if (!isCurrent(root, wanted)) throw error;
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
    fs.rmSync(old, { recursive: true, force: true });
  }
  return true;
}

module.exports = { ensureBindings };
if (require.main === module) ensureBindings(process.cwd());
