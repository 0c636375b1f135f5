import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, expect, test } from '@jest/globals';

import { initArguments } from '../../../terrace/delivery/terraform/provider-mirror';
import type { TerraformRun } from '../../../terrace/terraform/run';
import { fakeDelivery, MemoryStates } from '../../_helpers/delivery-fakes';
import { sandboxShell } from '../../_helpers/sandbox';

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A terraform that installs by writing one file into the cache it is told of. */
function installer(exitCode = 0) {
  const runs: TerraformRun[] = [];
  const context = {
    ...fakeDelivery({ states: new MemoryStates() }),
    run: async (run: TerraformRun) => {
      runs.push(run);
      const cache = run.env['TF_PLUGIN_CACHE_DIR'] ?? '';
      mkdirSync(cache, { recursive: true });
      writeFileSync(path.join(cache, 'provider'), 'binary');
      return {
        exitCode,
        stdout: '',
        stderr: exitCode === 0 ? '' : 'Error: Failed to query available provider packages',
        seconds: 0,
        interrupted: false,
        killedBy: null,
      };
    },
  };
  return { context, runs };
}

function files(version: string, lock?: string): ReadonlyMap<string, Uint8Array> {
  const json = { terraform: { required_providers: { demo: { source: 'example/demo', version } } } };
  return new Map([
    ['main.tf.json', Buffer.from(JSON.stringify(json))],
    ...(lock === undefined ? [] : [['.terraform.lock.hcl', Buffer.from(lock)] as const]),
  ]);
}

const unique = `${process.pid}.${Date.now()}`;

test('providers are installed once for all units that need the same, and init takes them from there', async () => {
  const { context, runs } = installer();
  const all = await Promise.all(Array.from({ length: 5 }, () => initArguments(context, files(`1.0.${unique}`, '# locked'), {})));
  const mirror = /^-plugin-dir=(.*)$/.exec(all[0]?.at(-1) ?? '')?.[1] ?? '';
  made.push(mirror);
  expect(runs).toHaveLength(1);
  expect(runs[0]?.args).toEqual(['init', '-input=false', '-no-color', '-backend=false', '-lockfile=readonly']);
  expect(new Set(all.map((args) => args.join(' ')))).toEqual(
    new Set([`init -input=false -no-color -lockfile=readonly -plugin-dir=${mirror}`]),
  );
  expect([existsSync(path.join(mirror, 'provider')), path.dirname(mirror)]).toEqual([true, path.join(context.work, 'providers')]);
});

test('another lock file, or another version, has a mirror of its own', async () => {
  const { context, runs } = installer();
  for (const [version, lock] of [
    ['2.0', '# a'],
    ['2.0', '# b'],
    ['2.1', '# a'],
  ])
    made.push((await initArguments(context, files(`${version ?? ''}.${unique}`, lock), {})).at(-1)?.replace('-plugin-dir=', '') ?? '');
  expect([runs.length, new Set(made).size]).toEqual([3, made.length]);
});

test('an install that fails leaves no mirror, is E6035, and is tried again', async () => {
  const failing = installer(1);
  await expect(initArguments(failing.context, files(`3.0.${unique}`), {})).rejects.toThrow(
    /E6035[^]*Failed to query available provider packages/,
  );
  const { context, runs } = installer();
  made.push((await initArguments(context, files(`3.0.${unique}`), {})).at(-1)?.replace('-plugin-dir=', '') ?? '');
  expect(runs).toHaveLength(1);
});

test('in the sandbox init goes by the sandbox’s own configuration', async () => {
  const { context, runs } = installer();
  expect(await initArguments(context, files('4.0', '# locked'), sandboxShell)).toEqual([
    'init',
    '-input=false',
    '-no-color',
    '-lockfile=readonly',
  ]);
  expect(runs).toEqual([]);
});
