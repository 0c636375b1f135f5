import { DeleteBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect } from '@jest/globals';

import { s3Client } from '../../../terrace/aws/clients';
import { itemPlace } from '../../../terrace/state/lock/lock-places';
import { newLockInfo } from '../../../terrace/state/lock/lock-info';
import { openState } from '../../../terrace/state/state-access';
import { inOrder } from '../../_helpers/in-order';
import { faultWorld, type FaultWorld } from '../../_helpers/fault-world';
import { awsBlocks, dataBlocks, read } from '../../_helpers/lab-project';
import type { Lab, LabUnits } from '../../_helpers/lab-types';
import { succeeded, words, type Outcome } from '../../_helpers/scratch-project';
import { makeShopBackend, shopAccount } from '../../_helpers/shop-tree';

const test = inOrder();

const bareAccount = '210987654321';

/** Below `up`, which `down` reads, one unit that cannot be planned, one that needs a variable, and one that makes a resource. */
const unitsOf = (input: string): LabUnits => ({
  'x/up': { json: dataBlocks({ x: input }), outputs: { v: '${terraform_data.x.output}' } },
  'x/down': { reads: { 'x/up': ['v'] }, json: dataBlocks({ x: read('x/up', 'v') }), outputs: {} },
  'x/free': { json: dataBlocks({ x: `free ${input}` }), outputs: {} },
  'x/broken': {
    json: {
      'resource.terraform_data': {
        x: {
          input: 'x',
          lifecycle: { precondition: [{ condition: '${terraform.workspace == "none"}', error_message: 'it is another workspace' }] },
        },
      },
    },
    outputs: {},
  },
  'x/needs': { variables: { token: true }, json: dataBlocks({ x: '${nonsensitive(sha256(var.token))}' }), outputs: {} },
  'x/made': { json: awsBlocks({ aws_sqs_queue: { q: { name: 'made', tags: { input } } } }), outputs: { v: '${aws_sqs_queue.q.id}' } },
  'x/reads': { reads: { 'x/made': ['v'] }, json: dataBlocks({ x: read('x/made', 'v') }), outputs: {} },
});
const labOf = (units: LabUnits): Lab => ({
  environments: {
    dev: { account: shopAccount, regions: { 'eu-central-1': units } },
    // Nobody has bootstrapped it.
    bare: {
      account: bareAccount,
      regions: {
        'eu-central-1': { 'y/a': { json: dataBlocks({ x: 'a' }), outputs: {} }, 'y/b': { json: dataBlocks({ x: 'b' }), outputs: {} } },
      },
    },
  },
});

let world: FaultWorld;
let live: string;
const at = (...ids: readonly string[]): readonly string[] => ids.map((id) => world.project.path(`x/${id}`));
const bundle = (name: string): string => `${world.project.root}/.terrace/${name}`;
const inTree = (...args: readonly string[]): Promise<Outcome> => world.cli(...args, '--tree', live);
const planned = (name: string, ...ids: readonly string[]): Promise<Outcome> => inTree('plan', ...at(...ids), '--out', bundle(name));

/** How often it says by which command a backend is made. */
const timesNamed = (outcome: Outcome): number => words(outcome).split('terrace backend bootstrap').length - 1;

/** Plans and approves, so that there is something to apply. */
async function approved(name: string, ...ids: readonly string[]): Promise<Outcome> {
  const outcome = await planned(name, ...ids);
  succeeded(await world.cli('approve', bundle(name)));
  return outcome;
}

beforeAll(async () => {
  world = await faultWorld(labOf(unitsOf('one')));
  live = `${world.project.root}/live`;
  succeeded(await world.project.run('synth'));
}, 600_000);
afterAll(() => world.dispose());

test('a unit that fails while it is applied is 1, and so is what was left out because of it', async () => {
  succeeded(await inTree('deploy', ...at('made', 'reads'), '--auto-approve'));
  world.project.commit(labOf(unitsOf('two')), 'two');
  succeeded(await world.project.run('synth'));
  await approved('fails', 'made', 'reads', 'free');
  world.resourceFaults.add({ type: 'aws_sqs_queue', operation: 'update', kind: 'error', message: 'quota', milliseconds: 0, times: 1 });
  const outcome = await world.cli('apply', bundle('fails'), '--json');
  const statuses = JSON.parse(outcome.stdout).units.map((one: { readonly unit: string; readonly status: string }) => [
    one.unit.split('/').at(-1),
    one.status,
  ]);
  expect([outcome.code, statuses]).toEqual([
    1,
    [
      ['free', 'applied'],
      ['made', 'failed'],
      ['reads', 'skipped'],
    ],
  ]);
}, 600_000);

test('a refusal is 3: not approved, changed, stale, of a state that is gone', async () => {
  const plan = await planned('refused', 'up');
  expect(plan.code).toBe(0);
  for (const command of ['apply', 'verify']) expect([command, (await world.cli(command, bundle('refused'))).code]).toEqual([command, 3]);
  succeeded(await world.cli('approve', bundle('refused')));
  succeeded(await inTree('deploy', ...at('up'), '--auto-approve'));
  const stale = await world.cli('apply', bundle('refused'));
  expect([stale.code, words(stale)]).toEqual([3, expect.stringMatching(/E60\d\d/)]);
}, 600_000);

test('a unit that cannot be planned is 1, what reads it is left out, and the others are sealed', async () => {
  const outcome = await inTree('plan', ...at('broken', 'up'), '--out', bundle('broken'), '--json');
  const { units } = JSON.parse(outcome.stdout);
  expect([outcome.code, units.map((one: { readonly unit: string }) => one.unit)]).toEqual([1, at('up')]);
  expect(words(outcome)).toContain('it is another workspace');
}, 600_000);

test('a backend that nobody has made is named once by every command, with the command that makes it', async () => {
  const bare = 'lab/bare';
  const text = `E4304 no state bucket ${bare} the environment has no state bucket yet create it: terrace backend bootstrap ${bare}`;
  for (const command of [
    ['plan', bare, '--out', bundle('bare')],
    ['deploy', bare, '--auto-approve'],
  ]) {
    const outcome = await inTree(...command);
    expect([command[0], outcome.code, words(outcome).split(text).length - 1, timesNamed(outcome)]).toEqual([command[0], 1, 1, 1]);
  }
  for (const command of [
    ['status', bare],
    ['drift', bare],
    ['affected', '--base', 'applied', bare],
  ]) {
    const outcome = await world.cli(...command);
    expect([command[0], outcome.code, timesNamed(outcome)]).toEqual([command[0], 1, 1]);
    expect(words(outcome)).toMatch(/E4304 .*the environment has no state bucket yet;? create it: terrace backend bootstrap lab\/bare/);
  }
  await makeShopBackend({ ...world.project.env, AWS_ACCESS_KEY_ID: `SANDBOX${bareAccount}` }, bareAccount);
  succeeded(await inTree('plan', bare, '--out', bundle('bare')));
  succeeded(await world.cli('approve', bundle('bare')));
  const s3 = await s3Client('eu-central-1', { ...world.project.env, AWS_ACCESS_KEY_ID: `SANDBOX${bareAccount}` });
  await s3.send(new DeleteBucketCommand({ Bucket: `terraform-state-${bareAccount}-eu-central-1` }));
  s3.destroy();
  const applied = await world.cli('apply', bundle('bare'));
  expect([applied.code, words(applied).split(text).length - 1, timesNamed(applied)]).toEqual([1, 1, 1]);
}, 600_000);

test('a lock that is held is 4 for what takes it, with its holder, and nothing to what only reads', async () => {
  const [unit = ''] = at('free');
  await approved('held', 'free');
  const target = { path: unit, backend: world.project.model().units.find((one) => one.path === unit)?.backend };
  if (target.backend === undefined) throw new Error('no unit');
  const access = await openState({ path: unit, backend: target.backend }, world.project.env);
  await itemPlace(access).take({ ...newLockInfo({ operation: 'terrace apply', path: unit }), id: 'held-by-ana', who: 'ana@elsewhere' });
  for (const command of [
    ['plan', unit, '--out', bundle('held-2')],
    ['deploy', unit, '--auto-approve'],
    ['state', 'digest', unit],
  ]) {
    const outcome = await inTree(...command);
    expect([command[0], outcome.code, words(outcome).includes('ana@elsewhere')]).toEqual([command[0], 4, true]);
  }
  const applied = await world.cli('apply', bundle('held'));
  expect([applied.code, words(applied).includes('ana@elsewhere')]).toEqual([4, true]);
  for (const command of [
    ['drift', unit],
    ['status', unit],
    ['plan', unit, '--no-lock', '--out', bundle('held-3')],
  ])
    expect([command[0], (await inTree(...command)).code]).toEqual([command[0], 0]);
  const standing = await itemPlace(access).read();
  if (standing !== undefined) await itemPlace(access).remove(standing);
  access.close();
}, 600_000);

test('an orphan that lacks a variable is named, and does not stop the others', async () => {
  // The sandbox's shell has the variable.
  succeeded(await inTree('deploy', ...at('needs', 'free'), '--auto-approve'));
  const { 'x/needs': _needs, 'x/free': _free, 'x/broken': _broken, ...rest } = unitsOf('two');
  world.project.commit(labOf({ ...rest, 'x/up': unitsOf('three')['x/up'] ?? {} }), 'lose two units');
  succeeded(await world.project.run('synth'));
  const args = ['plan', '--affected', 'applied', 'lab/dev', '--out', bundle('orphans'), '--json'];
  const outcome = await world.project.terrace(args, { ...world.project.env, TF_VAR_token: undefined });
  const { units } = JSON.parse(outcome.stdout);
  const operations = units.map((one: { readonly unit: string; readonly operation: string }) => `${one.operation} ${one.unit}`);
  expect([outcome.code, words(outcome).includes('TF_VAR_token is not set')]).toEqual([1, true]);
  expect(operations).toEqual(expect.arrayContaining([`destroy ${at('free')[0]}`, `apply ${at('up')[0]}`]));
  expect(operations).not.toContain(`destroy ${at('needs')[0]}`);
  succeeded(await world.cli('approve', bundle('orphans')));
  succeeded(await world.cli('apply', bundle('orphans')));
  const later = succeeded(await world.project.run(...args));
  expect(JSON.parse(later.stdout).units.map((one: { readonly unit: string }) => one.unit)).toContain(at('needs')[0]);
}, 600_000);
