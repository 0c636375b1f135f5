import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../../_helpers/in-order';
import { full } from '../../_helpers/where-available';
import { all, startAstra, type AstraRun } from './astra-run';

const test = inOrder();

const apply = ['apply', '-auto-approve', '-input=false'];
const plan = ['plan', '-detailed-exitcode', '-input=false'];
const destroy = ['destroy', '-auto-approve', '-input=false'];

let run: AstraRun;
beforeAll(async () => {
  run = await startAstra();
}, 600_000);
afterAll(async () => {
  await run?.dispose();
});

test('production, with every type that is in use, is applied and shows no change; its cluster alone refuses to be destroyed', async () => {
  const units = run.units('production');
  expect(units).toHaveLength(8);
  expect(await run.each(units, ...apply)).toEqual(all(units, 0));
  expect(await run.each(units, ...plan)).toEqual(all(units, 0));
  const cluster = 'astra/production/europe-west1/cluster/gke';
  const others = units.filter((unit) => unit !== cluster);
  expect(await run.each(others.toReversed(), ...destroy)).toEqual(all(others, 0));
  const refused = await run.terraform(cluster, ...destroy);
  expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('Instance cannot be destroyed')]);
}, 600_000);

test.each(full ? ['development', 'staging'] : ['staging'])(
  '%s is applied, shows no change, takes a floating tag only where the document allows it, and is destroyed whole',
  async (environment) => {
    const units = run.units(environment);
    expect(units).toHaveLength(6);
    expect(await run.each(units, ...apply)).toEqual(all(units, 0));
    expect(await run.each(units, ...plan)).toEqual(all(units, 0));
    const backend = `astra/${environment}/europe-west1/apps/backend`;
    const { exitCode, stderr } = await run.terraform(backend, 'plan', '-input=false', '-var=backend_image_tag=latest');
    const words = stderr.replaceAll(/\s+/g, ' ');
    expect([exitCode, words.includes('E2703 floating image tag: this environment takes releases')]).toEqual(
      environment === 'development' ? [0, false] : [1, true],
    );
    expect(await run.each(units.toReversed(), ...destroy)).toEqual(all(units, 0));
  },
  600_000,
);
