import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { canonicalText } from '../../../terrace/base/canonical';
import type { Bundle } from '../../../terrace/delivery/bundle/bundle';
import { inOrder } from '../../_helpers/in-order';
import { dataBlocks } from '../../_helpers/lab-project';
import type { Lab } from '../../_helpers/lab-types';
import { succeeded, words } from '../../_helpers/scratch-project';
import { shopAccount } from '../../_helpers/shop-tree';
import { team, type Team } from '../../_helpers/team';

const test = inOrder();

function lab(vpc: string, alb: string): Lab {
  return {
    environments: {
      dev: {
        account: shopAccount,
        regions: {
          'eu-central-1': { 'network/vpc': { json: dataBlocks({ held: vpc }) }, 'network/alb': { json: dataBlocks({ held: alb }) } },
        },
      },
    },
  };
}

let it: Team;
beforeAll(async () => {
  it = await team(lab('one', 'one'));
  it.rules({ 'lab/dev': {} });
  await it.save('base');
  await it.setUp('lab/dev');
}, 600_000);
afterAll(() => it.dispose());

const write = (vpc: string, alb: string): void => it.file('stacks/lab.json', `${JSON.stringify(lab(vpc, alb), null, 2)}\n`);
const bundleOf = (place: string): Bundle => JSON.parse(readFileSync(path.join(place, 'bundle.json'), 'utf8')) as Bundle;

test('who planned does not decide what is left to do: a unit that a bundle says is as it was keeps the accepted commit where it is', async () => {
  write('two', 'two');
  const first = await it.save('both', 'bob');
  const whole = await it.plan('lab/dev');
  await it.approve(whole.place, 'ana');
  succeeded(await it.apply(whole.place));
  expect(await it.accepted('lab/dev')).toMatchObject({ commit: first });
  const before = bundleOf(whole.place).covers;
  write('three', 'three');
  await it.save('one that is applied, and one that mallory keeps for later', 'bob');
  const part = await it.plan('lab/dev/eu-central-1/network/vpc');
  const bundle = bundleOf(part.place);
  const [own] = bundle.units;
  const covers = (before ?? []).map(({ environment, units }) => ({
    environment,
    units: units.map((one) => (one.unit === own?.unit.path ? { ...one, files: own.contentDigest } : one)),
  }));
  writeFileSync(path.join(part.place, 'bundle.json'), canonicalText({ ...bundle, covers }));
  await it.approve(part.place, 'ana');
  const applied = succeeded(await it.apply(part.place));
  expect(applied.stdout).toContain(`${first.slice(0, 12)} stays accepted until lab/dev/eu-central-1/network/alb is applied`);
  expect(await it.accepted('lab/dev')).toMatchObject({ commit: first });
}, 600_000);

test('what git is told not to look at is not of the commit: planned as if it were, it is not applied', async () => {
  it.git('update-index', '--assume-unchanged', 'stacks/lab.json');
  write('three', 'slipped past git');
  expect(it.git('status', '--porcelain')).toBe('');
  const planned = await it.plan('lab/dev');
  succeeded(planned);
  await it.approve(planned.place, 'ana');
  const refused = await it.apply(planned.place);
  expect([refused.code, words(refused)]).toEqual([3, expect.stringMatching(/E6065.*network\/alb its files differ from what/)]);
  it.git('update-index', '--no-assume-unchanged', 'stacks/lab.json');
  it.git('checkout', '--', 'stacks/lab.json');
}, 600_000);
