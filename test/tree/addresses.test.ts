import { NullProvider } from '@cdktf/provider-null/lib/provider';
import { expect, test } from '@jest/globals';
import { DataResource, TerraformLocal, TerraformOutput, TerraformVariable } from 'cdktf';

import { declareOutputs, text } from '../../terrace/tree/outputs';
import type { Region, UnitTable } from '../../terrace/tree/region';
import { Unit } from '../../terrace/tree/unit';
import { build, demoProject, problemsOf } from '../_helpers/demo-project';
import { jsonOfUnits, problemsOfUnits, unitOf } from '../_helpers/lone-unit';

test.each<readonly [string, (unit: Unit) => void, string, string]>([
  [
    'resources',
    (unit) => ['a', 'b'].forEach((id) => new DataResource(unit, id, { input: { from: id } }).overrideLogicalId('same')),
    'terraform_data.same',
    'a and b both write it',
  ],
  [
    'a resource in a construct and one beside it',
    (unit) => {
      new DataResource(unit, 'one', {}).overrideLogicalId('x');
      new DataResource(new DataResource(unit, 'outer', {}), 'inner', {}).overrideLogicalId('x');
    },
    'terraform_data.x',
    'one and outer/inner both write it',
  ],
  [
    'locals',
    (unit) => ['a', 'b'].forEach((id) => new TerraformLocal(unit, id, 1).overrideLogicalId('size')),
    'local.size',
    'a and b both write it',
  ],
  [
    'outputs',
    (unit) => ['a', 'b'].forEach((id) => new TerraformOutput(unit, id, { value: 1 }).overrideLogicalId('zone_id')),
    'output.zone_id',
    'a and b both write it',
  ],
  [
    'variables',
    (unit) => ['a', 'b'].forEach((id) => new TerraformVariable(unit, id, { type: 'string' }).overrideLogicalId('key')),
    'variable.key',
    'a and b both write it',
  ],
  ['default providers', (unit) => ['n', 'm'].forEach((id) => void new NullProvider(unit, id)), 'provider.null', 'n and m both write it'],
  [
    'providers of one alias',
    (unit) => ['n', 'm'].forEach((id) => void new NullProvider(unit, id, { alias: 'west' })),
    'provider.null.west',
    'n and m both write it',
  ],
])('two %s of one address are refused', async (_, make, address, found) => {
  expect(await problemsOfUnits({ 'a/own': unitOf(make) })).toEqual([
    expect.objectContaining({ code: 'E1316', place: `demo/dev/eu/a/own   ${address}`, found }),
  ]);
});

test('a default provider beside one with an alias, and a resource beside a data source of its name, are two addresses', async () => {
  const json = await jsonOfUnits({
    'a/own': unitOf((unit) => {
      new NullProvider(unit, 'n');
      new NullProvider(unit, 'm', { alias: 'west' });
    }),
  });
  expect(json['a/own'].provider.null).toHaveLength(2);
});

const tableOf = (units: UnitTable) => demoProject({ regions: [{ region: 'eu', awsRegion: 'eu-central-1', units }] });

test('a path that no folder can be called after is refused before anything is built', async () => {
  const long = `a/${'b'.repeat(250)}`;
  expect(await problemsOf(build(tableOf({ [long]: unitOf(() => undefined) })))).toEqual([
    expect.objectContaining({ code: 'E1318', place: `demo/dev/eu/${long}` }),
  ]);
});

test('a unit that says it lies elsewhere is refused', async () => {
  class Elsewhere extends Unit {
    constructor(region: Region) {
      super(region, 'a/other', {});
    }
  }
  expect(await problemsOf(build(tableOf({ 'a/own': Elsewhere })))).toEqual([
    expect.objectContaining({
      code: 'E1317',
      place: 'demo/dev/eu/a/own',
      found: 'Elsewhere was created for this path, but calls itself demo/dev/eu/a/other',
    }),
  ]);
});

test('what a unit of another system misses in this region is said with its line', async () => {
  class OfAnother extends Unit {
    constructor(region: Region, id: string) {
      super(region, id, {});
      const plan: { readonly network: string } = Reflect.get(region, 'plan');
      new DataResource(this, 'one', { input: { network: plan.network } });
    }
  }
  expect(await problemsOf(build(tableOf({ 'a/own': OfAnother })))).toEqual([
    expect.objectContaining({
      code: 'E1304',
      place: 'demo/dev/eu/a/own',
      found: expect.stringMatching(/^test\/tree\/addresses\.test\.ts:\d+: Cannot read properties of undefined \(reading 'network'\)$/),
    }),
  ]);
});

test('outputs that never get a value are refused', async () => {
  class Silent extends Unit {
    constructor(region: Region, id: string) {
      super(region, id, declareOutputs({ zone: text('x') }));
    }
  }
  expect(await problemsOf(build(tableOf({ 'a/own': Silent })))).toEqual([
    expect.objectContaining({ code: 'E1308', place: 'demo/dev/eu/a/own' }),
  ]);
});
