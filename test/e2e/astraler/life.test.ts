import { afterAll, beforeAll, expect } from '@jest/globals';

import { astraler, usualValues, type AstralerValues } from '../../../stacks/astraler/system';
import { inOrder } from '../../_helpers/in-order';
import { full } from '../../_helpers/where-available';
import { all, startSystem, type SystemRun } from '../system-run';

const test = inOrder();

const apply = ['apply', '-auto-approve', '-input=false'];
const plan = ['plan', '-detailed-exitcode', '-input=false'];
const destroy = ['destroy', '-auto-approve', '-input=false'];
const zone = 'astraler/production/global/edge/zone';

let run: SystemRun<AstralerValues>;
beforeAll(async () => {
  run = await startSystem({ name: 'astraler', account: '678901234567', build: astraler, values: usualValues });
  await run.each([zone], ...apply);
}, 600_000);
afterAll(async () => {
  await run?.dispose();
});

test('preview is applied, shows no change, and is destroyed whole', async () => {
  const units = run.units('astraler/preview');
  expect(units).toHaveLength(5);
  expect(await run.each(units, ...apply)).toEqual(all(units, 0));
  expect(await run.each(units, ...plan)).toEqual(all(units, 0));
  expect(await run.each(units.toReversed(), ...destroy)).toEqual(all(units, 0));
}, 600_000);

test('what holds production’s data refuses to be destroyed until the protection is lifted', async () => {
  const data = run.units('astraler/production/global/data');
  expect(await run.each(data, ...apply)).toEqual(all(data, 0));
  for (const unit of [...data, zone]) {
    const refused = await run.terraform(unit, ...destroy);
    expect([unit, refused.exitCode]).toEqual([unit, 1]);
    expect(refused.stderr).toContain('Instance cannot be destroyed');
  }
  const { production } = usualValues;
  await run.synthesize({ ...usualValues, production: { ...production, env: { ...production.env, protect: false } } });
  expect(await run.each(data, ...destroy)).toEqual(all(data, 0));
  await run.synthesize(usualValues);
}, 600_000);

test('terraform refuses an administration for everybody, and for nobody', async () => {
  const waf = 'astraler/production/global/edge/waf';
  await run.each([waf], 'validate');
  for (const networks of ['[]', '["0.0.0.0/0"]', '["203.0.113.7"]']) {
    const refused = await run.terraform(waf, 'plan', '-input=false', '-refresh=false', `-var=admin_cidrs=${networks}`);
    expect([networks, refused.exitCode]).toEqual([networks, 1]);
    expect(refused.stderr).toContain('Invalid value for variable');
  }
}, 600_000);

if (full)
  test('staging and production are applied and show no change', async () => {
    for (const environment of ['staging', 'production']) {
      const units = run.units(`astraler/${environment}`);
      expect(await run.each(units, ...apply)).toEqual(all(units, 0));
      expect(await run.each(units, ...plan)).toEqual(all(units, 0));
    }
  }, 900_000);
