import { DeleteTableCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { DeleteBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect } from '@jest/globals';

import { dynamodbClient, s3Client } from '../../../terrace/aws/clients';
import type { ServiceFault } from '../../../terrace/sandbox/gateway/service-faults';
import { inOrder } from '../../_helpers/in-order';
import { faultWorld, type FaultWorld } from '../../_helpers/fault-world';
import { dataBlocks, labOf } from '../../_helpers/lab-project';
import type { LabUnits } from '../../_helpers/lab-types';
import { succeeded, words, type Outcome } from '../../_helpers/scratch-project';
import { shopAccount } from '../../_helpers/shop-tree';

const test = inOrder();

const units: LabUnits = {
  'said/a': { json: dataBlocks({ x: 'one' }), outputs: { v: '${terraform_data.x.output}' } },
  'said/broken': {
    json: {
      'resource.terraform_data': {
        x: {
          input: 'x',
          lifecycle: { precondition: [{ condition: '${terraform.workspace == "none"}', error_message: 'another workspace' }] },
        },
      },
    },
    outputs: {},
  },
};
const Bucket = `terraform-state-${shopAccount}-eu-central-1`;
const TableName = `terraform-locks-${shopAccount}`;

let world: FaultWorld;
let unit: string;
beforeAll(async () => {
  world = await faultWorld(labOf(units, { lock: 'both' }));
  unit = world.project.path('said/a');
  succeeded(await world.project.run('synth'));
  succeeded(await world.cli('deploy', unit, '--auto-approve', '--tree', `${world.project.root}/live`));
}, 600_000);
afterAll(() => world.dispose());

const digest = (): Promise<Outcome> => world.cli('state', 'digest', unit, '--tree', `${world.project.root}/live`);
const plan = (): Promise<Outcome> =>
  world.cli('plan', unit, '--tree', `${world.project.root}/live`, '--out', `${world.project.root}/.terrace/said`);
/** Answers every such request in this way, however often it is asked again. */
const strike = (fault: Partial<ServiceFault> & Pick<ServiceFault, 'service' | 'operation' | 'kind'>): void => {
  world.faults.remove();
  world.faults.add({ status: 500, milliseconds: 0, skip: 0, ...fault });
};
/** A lock of Terrace is taken by `state digest`, one of terraform by `plan`. */
const takers = [
  ['Terrace', digest],
  ['terraform', plan],
] as const;

test.each(takers)(
  'a lock that %s could not take is no held lock: each answer says what it is, with 1',
  async (_, take) => {
    for (const [kind, code] of [
      ['throttle', 'E4308 throttled by AWS'],
      ['clock', 'E4307 clock skew'],
      ['expired', 'E4301 credentials expired'],
    ] as const) {
      strike({ service: 'dynamodb', operation: 'PutItem', kind });
      const outcome = await take();
      world.faults.remove();
      expect([kind, outcome.code, words(outcome)]).toEqual([kind, 1, expect.stringContaining(code)]);
      expect(words(outcome)).not.toContain('E4401');
    }
  },
  600_000,
);

test.each(takers)(
  'a lock that %s may not write is access denied, and no held lock',
  async (_, take) => {
    const s3 = await s3Client('eu-central-1', world.project.env);
    const Statement = [{ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: `arn:aws:s3:::${Bucket}/*.tflock` }];
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }));
    const outcome = await take();
    await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
    s3.destroy();
    expect([outcome.code, words(outcome)]).toEqual([1, expect.stringContaining('E4303 access denied')]);
    expect(words(outcome)).not.toContain('E4401');
  },
  600_000,
);

test('where a unit locks in two places, each lock that could not be given back is named', async () => {
  strike({ service: 'dynamodb', operation: 'DeleteItem', kind: 'throttle' });
  world.faults.add({ service: 's3', operation: 'DELETE', kind: 'throttle', status: 503, milliseconds: 0, skip: 0 });
  const outcome = await digest();
  world.faults.remove();
  expect([outcome.code, words(outcome).split('E4402').length - 1]).toEqual([1, 2]);
  for (const place of ['dynamodb', 's3']) expect(words(outcome)).toMatch(new RegExp(`E4402 [^]*${place}`));
  const [, id = ''] = /terrace lock release \S+ --id ([\w-]+)/.exec(words(outcome)) ?? [];
  const held = await digest();
  expect([held.code, words(held)]).toEqual([4, expect.stringContaining(`E4401 lock held ${unit}`)]);
  succeeded(await world.cli('lock', 'release', unit, '--id', id, '--yes', '--force', '--tree', `${world.project.root}/live`));
  succeeded(await digest());
}, 600_000);

test('an answer that breaks off is asked for again, and the plan is made', async () => {
  strike({ service: 's3', operation: 'GET', match: 'applied.json', kind: 'truncated', times: 1 });
  succeeded(await plan());
  expect(world.faults.list()).toEqual([]);
}, 600_000);

test('a plan that failed, and whose locks nobody gave back, says both, with the command that releases them', async () => {
  const broken = world.project.path('said/broken');
  const live = `${world.project.root}/live`;
  strike({ service: 'dynamodb', operation: 'DeleteItem', kind: 'expired' });
  world.faults.add({ service: 's3', operation: 'DELETE', kind: 'expired', status: 400, milliseconds: 0, skip: 0 });
  const planned = await world.cli('plan', broken, '--tree', live, '--out', `${world.project.root}/.terrace/broken`);
  world.faults.remove();
  expect([planned.code, words(planned)]).toEqual([1, expect.stringContaining('another workspace')]);
  const [, id = ''] = /E4402 lock not released .*?terrace lock release \S+ --id ([\w-]+)/.exec(words(planned)) ?? [];
  succeeded(await world.cli('lock', 'release', broken, '--id', id, '--yes', '--force', '--tree', live));
  expect(JSON.parse(succeeded(await world.cli('lock', 'list', broken, '--json', '--tree', live)).stdout).locks).toEqual([]);
}, 600_000);

test('a 404 without a code is no state that is gone: nothing is planned as new', async () => {
  const live = `${world.project.root}/live`;
  strike({ service: 's3', operation: 'GET', match: 'said/a/terraform.tfstate', kind: 'status', status: 404 });
  const status = await world.cli('status', unit, '--tree', live);
  expect([status.code, words(status)]).toEqual([1, expect.stringMatching(/E43\d\d/)]);
  const planned = await plan();
  world.faults.remove();
  expect([planned.code, words(planned)]).toEqual([1, expect.stringContaining('E6018 plan failed')]);
  for (const outcome of [status, planned]) expect(words(outcome)).not.toMatch(/E6051|never applied|to add/);
  // terraform could not read its own lock, and so did not give it back.
  const { locks } = JSON.parse(succeeded(await world.cli('lock', 'list', unit, '--json', '--tree', live)).stdout);
  for (const { id } of locks) succeeded(await world.cli('lock', 'release', unit, '--id', id, '--yes', '--force', '--tree', live));
  succeeded(await plan());
}, 600_000);

test('a table that is gone is said to be missing, and no lock to be held', async () => {
  const dynamodb = await dynamodbClient('eu-central-1', world.project.env);
  await dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
  await dynamodb.send(new DeleteTableCommand({ TableName }));
  dynamodb.destroy();
  for (const take of [digest, plan]) {
    const outcome = await take();
    expect([outcome.code, words(outcome)]).toEqual([1, expect.stringContaining('E4305 no lock table')]);
  }
}, 600_000);
