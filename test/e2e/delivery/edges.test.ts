import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../../_helpers/in-order';
import { faultWorld, type FaultWorld } from '../../_helpers/fault-world';
import { awsBlocks, dataBlocks, read } from '../../_helpers/lab-project';
import type { LabUnits } from '../../_helpers/lab-types';
import { succeeded, words, type Outcome } from '../../_helpers/scratch-project';

const test = inOrder();

const vpcs = (...names: readonly string[]) => ({
  json: awsBlocks({ aws_vpc: Object.fromEntries(names.map((name) => [name, { cidr_block: '10.1.0.0/16' }])) }),
  outputs: Object.fromEntries(names.map((name) => [name, `\${aws_vpc.${name}.id}`])),
});
const reader = (input: string, outputs: readonly string[]): LabUnits[string] => ({
  reads: { 'net/up': outputs },
  json: dataBlocks({ x: input }),
  outputs: {},
});
const units: LabUnits = {
  'net/up': vpcs('one', 'two'),
  'app/one': reader(read('net/up', 'one'), ['one']),
  // Reads an output without needing its value.
  'app/two': reader(`\${substr(${read('net/up', 'two').slice(2, -1)}, 0, 3)}`, ['two']),
};

let world: FaultWorld;
const at = (id: string): string => world.project.path(id);
const bundle = (name: string): string => `${world.project.root}/.terrace/${name}`;
const inTree = (...args: readonly string[]): Promise<Outcome> => world.cli(...args, '--tree', `${world.project.root}/live`);

async function commit(now: LabUnits, message: string): Promise<void> {
  world.project.commit(now, message);
  succeeded(await world.project.run('synth'));
}

beforeAll(async () => {
  world = await faultWorld(units);
  succeeded(await world.project.run('synth'));
  succeeded(await inTree('deploy', 'lab', '--auto-approve'));
}, 600_000);
afterAll(() => world.dispose());

test('what a reader needs of the plan that destroys what it reads now is refused, with the two changes that work', async () => {
  await commit({ ...units, 'net/up': vpcs('two', 'three'), 'app/one': reader(read('net/up', 'three'), ['three']) }, 'both ways');
  const refused = await inTree('plan', at('net/up'), at('app/one'), '--out', bundle('both'), '--json');
  expect([refused.code, JSON.parse(refused.stdout).units.map((one: { readonly unit: string }) => one.unit)]).toEqual([3, []]);
  expect(words(refused)).toContain(`E6050 still being read ${at('net/up')} ${at('app/one')} cannot stop reading what this destroys`);
  // The first of the two, then the second.
  await commit({ ...units, 'net/up': vpcs('one', 'two', 'three'), 'app/one': reader(read('net/up', 'three'), ['three']) }, 'beside');
  succeeded(await inTree('deploy', at('net/up'), at('app/one'), '--auto-approve'));
  await commit({ ...units, 'net/up': vpcs('two', 'three'), 'app/one': reader(read('net/up', 'three'), ['three']) }, 'away');
  succeeded(await inTree('deploy', at('net/up'), '--auto-approve'));
}, 600_000);

test('an output that only goes, while what it named stays, holds nothing back', async () => {
  const { outputs, ...up } = vpcs('two', 'three');
  const { two: _two, ...rest } = outputs;
  await commit(
    { ...units, 'net/up': { ...up, outputs: rest }, 'app/one': reader(read('net/up', 'three'), ['three']), 'app/two': reader('vpc', []) },
    'an output goes',
  );
  const planned = succeeded(await inTree('plan', at('net/up'), '--out', bundle('goes'), '--json'));
  expect(JSON.parse(planned.stdout).units).toMatchObject([{ unit: at('net/up'), actions: { destroy: 0 } }]);
}, 600_000);

test('the record’s edge counts until its reader was applied without it, even where that changes nothing', async () => {
  const refused = await inTree('deploy', at('net/up'), at('app/one'), '--destroy', '--auto-approve');
  expect([refused.code, words(refused)]).toEqual([3, expect.stringContaining(`${at('app/two')} reads two of it`)]);
  const applied = succeeded(await inTree('deploy', at('app/two'), '--auto-approve', '--json'));
  expect(JSON.parse(applied.stdout).units).toMatchObject([{ unit: at('app/two'), status: 'unchanged' }]);
  // What reads the other output is gone since the refusal.
  const destroyed = succeeded(await inTree('deploy', at('net/up'), at('app/one'), '--destroy', '--auto-approve', '--json'));
  expect(
    JSON.parse(destroyed.stdout).units.map((one: { readonly unit: string; readonly status: string }) => [one.unit, one.status]),
  ).toEqual([
    [at('app/one'), 'unchanged'],
    [at('net/up'), 'destroyed'],
  ]);
}, 600_000);
