import { existsSync } from 'node:fs';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { newLockInfo } from '../../../terrace/state/lock/lock-info';
import { itemPlace } from '../../../terrace/state/lock/lock-places';
import { openState } from '../../../terrace/state/state-access';
import { inOrder } from '../../_helpers/in-order';
import { faultWorld, type FaultWorld } from '../../_helpers/fault-world';
import { awsBlocks, dataBlocks, read } from '../../_helpers/lab-project';
import type { LabUnits } from '../../_helpers/lab-types';
import { run, succeeded, words, type Outcome } from '../../_helpers/scratch-project';

const test = inOrder();

const unit = (input: string): LabUnits[string] => ({ json: dataBlocks({ x: input }), outputs: { v: '${terraform_data.x.output}' } });
const reader = (id: string): LabUnits[string] => ({ reads: { [id]: ['v'] }, json: dataBlocks({ x: read(id, 'v') }), outputs: {} });
const units: LabUnits = {
  'net/up': unit('one'),
  'app/down': reader('net/up'),
  'move/a': unit('A'),
  'move/b': unit('B'),
  'lock/a': unit('locked'),
  'note/a': unit('noted'),
  'gone/up': {
    json: awsBlocks({ aws_ssm_parameter: { p: { name: '/gone', type: 'String', value: 'x' } } }),
    outputs: { v: '${aws_ssm_parameter.p.arn}' },
  },
  'gone/down': reader('gone/up'),
};

let world: FaultWorld;
let live: string;
const at = (id: string): string => world.project.path(id);
const bundle = (name: string): string => `${world.project.root}/.terrace/${name}`;
const inTree = (...args: readonly string[]): Promise<Outcome> => world.cli(...args, '--tree', live);
const statusOf = async (id: string) => {
  const outcome = await inTree('status', at(id), '--json');
  return { code: outcome.code, ...JSON.parse(outcome.stdout).units[0] };
};

async function commit(now: LabUnits, message: string): Promise<void> {
  world.project.commit(now, message);
  succeeded(await world.project.run('synth'));
}

beforeAll(async () => {
  world = await faultWorld(units);
  live = `${world.project.root}/live`;
  succeeded(await world.project.run('synth'));
  succeeded(await inTree('deploy', 'lab', '--auto-approve'));
}, 600_000);
afterAll(() => world.dispose());

test('readers outside the selection are named by affected, plan and review', async () => {
  world.project.git('checkout', '--quiet', '-b', 'readers');
  await commit({ ...units, 'net/up': unit('two') }, 'change what is read');
  const affected = succeeded(await world.cli('affected', '--base', 'main', at('net/up')));
  expect(words(affected)).toContain(at('app/down'));
  const planned = succeeded(await inTree('plan', at('net/up'), '--out', bundle('readers')));
  expect(words(planned)).toContain(`${at('app/down')} reads v, which changes, and is not in this plan`);
  const review = succeeded(await world.cli('review', bundle('readers'), '--json', '-'));
  expect(JSON.parse(review.stdout).findings).toContainEqual(
    expect.objectContaining({ rule: 'readers-outside', reason: expect.stringContaining(at('app/down')) }),
  );
}, 600_000);

test('what another branch applied stands in status as such, with 3, and a rebase to the same files ends it', async () => {
  succeeded(await inTree('deploy', at('net/up'), at('app/down'), '--auto-approve'));
  world.project.git('checkout', '--quiet', 'main');
  await commit({ ...units, 'lock/a': unit('locked') }, 'go on elsewhere');
  const behind = await statusOf('net/up');
  expect([behind.code, behind.status]).toEqual([3, 'other branch']);
  expect(behind.reasons[0]).toContain('E6052');
  await commit({ ...units, 'net/up': unit('two') }, 'the same, rebased');
  const same = await statusOf('net/up');
  expect([same.code, same.status]).toEqual([0, 'current']);
}, 600_000);

test('a place that is taken again is refused until what stood there has moved, and then changes nothing', async () => {
  const now: LabUnits = { ...units, 'net/up': unit('two') };
  const { 'move/a': a, ...rest } = now;
  await commit({ ...rest, 'move/a-legacy': { ...a, movedFrom: 'move/a' }, 'move/a': unit('the new one under the old name') }, 'legacy');
  const plan = ['plan', at('move/a'), at('move/a-legacy'), '--out', bundle('legacy'), '--json'];
  const refused = await inTree(...plan);
  const move = `state move ${at('move/a')} ${at('move/a-legacy')}`;
  expect([refused.code, words(refused).includes(`terrace ${move}`), existsSync(bundle('legacy'))]).toEqual([3, true, false]);
  succeeded(await inTree(...move.split(' ')));
  const planned: { readonly units: readonly { readonly unit: string; readonly actions: object }[] } = JSON.parse(
    succeeded(await inTree(...plan)).stdout,
  );
  expect(planned.units.map((one) => [one.unit, one.actions])).toEqual([
    [at('move/a'), expect.objectContaining({ create: 1, update: 0, destroy: 0 })],
    [at('move/a-legacy'), expect.objectContaining({ create: 0, update: 0, destroy: 0 })],
  ]);
}, 600_000);

test('a unit whose upstream is gone is destroyed all the same', async () => {
  // As another tool destroys it: no reader holds that back.
  const upstream = { cwd: `${live}/${at('gone/up')}`, env: world.project.env };
  succeeded(await run('terraform', ['init', '-input=false'], upstream));
  succeeded(await run('terraform', ['destroy', '-auto-approve', '-input=false'], upstream));
  const destroyed = await inTree('deploy', at('gone/down'), '--destroy', '--auto-approve', '--json');
  succeeded(destroyed);
  expect(JSON.parse(destroyed.stdout).units).toMatchObject([{ status: 'destroyed' }]);
}, 600_000);

test('a state that terraform itself wrote since is a note, and nothing is refused', async () => {
  const place = { cwd: `${live}/${at('note/a')}`, env: world.project.env };
  succeeded(await run('terraform', ['init', '-input=false'], place));
  succeeded(await run('terraform', ['apply', '-auto-approve', '-input=false', '-replace=terraform_data.x'], place));
  const planned = JSON.parse(succeeded(await inTree('plan', at('note/a'), '--out', bundle('note'), '--json')).stdout);
  expect([planned.units, planned.remarks]).toMatchObject([
    [{ unit: at('note/a'), unchanged: true }],
    [{ kind: 'written-by-another-tool', unit: at('note/a') }],
  ]);
  const status = await statusOf('note/a');
  expect([status.code, status.notes.join()]).toEqual([
    0,
    expect.stringContaining('terraform, cdktf or terragrunt has written the state since'),
  ]);
}, 600_000);

test('a lock that stands beside an applied record is named by apply and by status', async () => {
  succeeded(await inTree('plan', at('lock/a'), '--out', bundle('lock')));
  succeeded(await world.cli('approve', bundle('lock')));
  succeeded(await world.cli('apply', bundle('lock')));
  const target = world.project.model().units.find(({ path }) => path === at('lock/a'));
  if (target === undefined) throw new Error('no unit');
  const access = await openState(target, world.project.env);
  await itemPlace(access).take({
    ...newLockInfo({ operation: 'terrace apply', path: target.path }),
    id: 'left-by-ana',
    who: 'ana@elsewhere',
  });
  access.close();
  const applied = await world.cli('apply', bundle('lock'));
  expect([applied.code, words(applied)]).toEqual([0, expect.stringContaining(`terrace lock release ${at('lock/a')} --id left-by-ana`)]);
  const status = succeeded(await inTree('status', at('lock/a')));
  expect(words(status)).toContain('locked by ana@elsewhere (left-by-ana)');
}, 600_000);
