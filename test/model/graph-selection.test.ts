import { expect, test } from '@jest/globals';

import { isPlain, selectUnits, type Selection } from '../../terrace/model/graph-selection';
import type { Model, UnitModel } from '../../terrace/model/model';
import { build, demoProject, problemsOf } from '../_helpers/demo-project';

/** compute/service reads network/vpc and security/secret; backend/state stands alone. */
async function modelOfDemo(): Promise<Pick<Model, 'units' | 'tags'>> {
  const { model } = await build(demoProject());
  const [first] = model.units;
  const state: UnitModel[] =
    first === undefined ? [] : [{ ...first, path: 'demo/dev/eu-central-1/backend/state', dependencies: [], bootstrap: true }];
  return { units: [...state, ...model.units], tags: { ...model.tags, 'demo/dev/eu-central-1/network/vpc': { Team: 'core' } } };
}
const region = 'demo/dev/eu-central-1';
const none: Selection = { selectors: [], except: [], tags: [] };
const select = async (selection: Partial<Selection>) =>
  selectUnits(await modelOfDemo(), { ...none, ...selection }).map((path) => path.slice(region.length + 1));

test('dots after a selector add what needs it, dots before it what it needs, both both', async () => {
  expect(await select({ selectors: [`${region}/network/vpc...`] })).toEqual(['compute/service', 'network/vpc']);
  expect(await select({ selectors: [`...${region}/compute/service`] })).toEqual(['compute/service', 'network/vpc', 'security/secret']);
  expect(await select({ selectors: [`...${region}/network/vpc...`] })).toEqual(['compute/service', 'network/vpc']);
  expect(await select({ selectors: [`${region}/security/*...`] })).toEqual(['compute/service', 'security/secret']);
});

test('--except leaves out, with what it reaches in the graph where it says so', async () => {
  expect(await select({ except: [`${region}/network`] })).toEqual(['compute/service', 'security/secret']);
  expect(await select({ selectors: [region], except: [`${region}/network/vpc...`] })).toEqual(['security/secret']);
});

test('--tag takes units whose default tags fit, by name or by value', async () => {
  expect(await select({ tags: ['Team'] })).toEqual(['network/vpc']);
  expect(await select({ tags: ['Team=core'] })).toEqual(['network/vpc']);
  expect(await select({ tags: ['Environment=dev', 'Project'] })).toEqual(['compute/service', 'security/secret']);
});

test('a bootstrap unit is meant only where a selector names it', async () => {
  expect(await select({ selectors: [`${region}/backend/state`], except: [`${region}/network`] })).toEqual(['backend/state']);
});

test('a selection of nothing, and a selector of nothing, are refused', async () => {
  expect(await problemsOf(select({ tags: ['Team=other'] }))).toEqual([
    expect.objectContaining({
      code: 'E1209',
      found: 'nothing is left of --tag Team=other',
      todo: expect.stringContaining('Environment, ManagedBy'),
    }),
  ]);
  expect((await problemsOf(select({ selectors: [`${region}/network/vcp...`] })))[0]).toMatchObject({ code: 'E1205' });
  expect((await problemsOf(select({ except: ['demo/prod'] })))[0]).toMatchObject({ code: 'E1202' });
});

test('paths alone need no graph', () => {
  expect(isPlain({ ...none, selectors: ['demo/dev', 'demo/*/eu'] })).toBe(true);
  expect([isPlain({ ...none, selectors: ['demo...'] }), isPlain({ ...none, except: ['demo'] }), isPlain({ ...none, tags: ['A'] })]).toEqual(
    [false, false, false],
  );
});
