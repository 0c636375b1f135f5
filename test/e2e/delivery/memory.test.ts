import { existsSync } from 'node:fs';

import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, DeleteObjectCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect } from '@jest/globals';

import { dynamodbClient, s3Client } from '../../../terrace/aws/clients';
import { inOrder } from '../../_helpers/in-order';
import { dataBlocks, labProject, read, type LabProject } from '../../_helpers/lab-project';
import type { Lab, LabUnits } from '../../_helpers/lab-types';
import { succeeded, words } from '../../_helpers/scratch-project';
import { shopAccount } from '../../_helpers/shop-tree';

const test = inOrder();

const unit = (input: string): LabUnits[string] => ({ json: dataBlocks({ x: input }), outputs: { v: '${terraform_data.x.id}' } });
const units: LabUnits = {
  'mem/a': unit('one'),
  'mem/b': { reads: { 'mem/a': ['v'] }, json: dataBlocks({ x: `b ${read('mem/a', 'v')}` }), outputs: {} },
  'chain/a': unit('A'),
  'chain/b': unit('B'),
};
const withOld = (dev: LabUnits): Lab => ({
  environments: {
    dev: { account: shopAccount, regions: { 'eu-central-1': dev } },
    old: { account: shopAccount, regions: { 'eu-central-1': { 'x/gone': unit('gone') } } },
  },
});

let project: LabProject;
beforeAll(async () => {
  project = await labProject(withOld(units));
  succeeded(await project.run('deploy', 'lab', '--auto-approve'));
}, 600_000);
afterAll(() => project.dispose());

const bundle = (name: string): string => `${project.root}/.terrace/${name}`;
const paths = (json: string): readonly string[] =>
  JSON.parse(json).units.map(
    (one: { readonly unit: string; readonly unchanged: boolean }) => `${one.unit}${one.unchanged ? ' unchanged' : ''}`,
  );

test('what another branch applied is refused by name, can be left out, and counts by its files once they are here', async () => {
  project.git('checkout', '--quiet', '-b', 'pr2');
  const changed = { ...units, 'mem/a': unit('two, by pr2') };
  project.commit(withOld(changed), 'pr2');
  project.git('checkout', '--quiet', 'main');
  project.commit(withOld({ ...units, 'mem/new': unit('made by pr1') }), 'pr1');
  succeeded(await project.run('deploy', project.path('mem/new'), '--auto-approve'));
  project.git('checkout', '--quiet', 'pr2');
  const plan = ['plan', '--affected', 'applied', '--base', 'main', 'lab/dev', '--json'];
  const refused = await project.run(...plan, '--out', bundle('behind'));
  expect([refused.code, existsSync(bundle('behind'))]).toEqual([3, false]);
  expect(words(refused)).toContain(
    `E6052 not in this branch ${project.path('mem/new')} it was applied from ${project.git('rev-parse', 'main').slice(0, 12)}`,
  );
  expect(words(refused)).toContain('merge main first');
  const left = succeeded(await project.run(...plan, '--out', bundle('left'), '--leave-out'));
  expect(paths(left.stdout)).toEqual([project.path('mem/a'), `${project.path('mem/b')} unchanged`]);
  expect(JSON.parse(left.stdout).remarks).toMatchObject([{ kind: 'unit-excluded', unit: project.path('mem/new') }]);
  project.commit(withOld({ ...changed, 'mem/new': unit('made by pr1') }), 'squashed from main');
  const squashed = succeeded(await project.run('plan', project.path('mem/new'), '--out', bundle('squashed'), '--json'));
  expect(paths(squashed.stdout)).toEqual([`${project.path('mem/new')} unchanged`]);
}, 600_000);

test('a state that is gone is never taken for a new one: plan and status name the command that brings it back', async () => {
  const path = project.path('mem/b');
  const key = 'dev/eu-central-1/mem/b/terraform.tfstate';
  const bucket = `terraform-state-${shopAccount}-eu-central-1`;
  const s3 = await s3Client('eu-central-1', project.env);
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  s3.destroy();
  const dynamodb = await dynamodbClient('eu-central-1', project.env);
  await dynamodb.send(
    new DeleteItemCommand({ TableName: `terraform-locks-${shopAccount}`, Key: { LockID: { S: `${bucket}/${key}-md5` } } }),
  );
  dynamodb.destroy();
  const refused = await project.run('plan', path, '--out', bundle('lost'));
  expect([refused.code, existsSync(bundle('lost'))]).toEqual([3, false]);
  expect(words(refused)).toContain(`E6051 state lost ${path}`);
  expect(words(refused)).toContain(`terrace state restore ${path} --version V`);
  const status = await project.run('status', path, '--json');
  expect([status.code, JSON.parse(status.stdout).units[0].status]).toEqual([3, 'state lost']);
  const empty = succeeded(await project.run('plan', path, '--start-empty', path, '--out', bundle('empty'), '--json'));
  expect(JSON.parse(empty.stdout).remarks).toMatchObject([{ kind: 'state-given-up', unit: path }]);
  const history = JSON.parse(succeeded(await project.run('state', 'history', path, '--json')).stdout);
  const last = history.versions.find((one: { readonly deleted: boolean }) => !one.deleted);
  succeeded(await project.run('state', 'restore', path, '--version', last.versionId));
  const restored = succeeded(await project.run('plan', path, '--out', bundle('restored'), '--json'));
  expect(JSON.parse(restored.stdout)).toMatchObject({ units: [{ unit: path }], remarks: [{ kind: 'written-by-another-tool' }] });
}, 600_000);

test('moves through a place that is taken again are refused with their commands in order; a circle is refused by the synthesis', async () => {
  const { 'chain/a': a, 'chain/b': b, ...rest } = units;
  project.commit(withOld({ ...rest, 'chain/b': { ...a, movedFrom: 'chain/a' }, 'chain/a': { ...b, movedFrom: 'chain/b' } }), 'swap');
  const swap = await project.run('synth');
  expect([swap.code, words(swap).includes('E1330 states move in a circle')]).toEqual([1, true]);
  project.commit(withOld({ ...rest, 'chain/b': { ...a, movedFrom: 'chain/a' }, 'chain/c': { ...b, movedFrom: 'chain/b' } }), 'chain');
  const chain = ['plan', project.path('chain/b'), project.path('chain/c'), '--out', bundle('chain'), '--json'];
  const refused = await project.run(...chain);
  const moves = [
    `state move ${project.path('chain/b')} ${project.path('chain/c')}`,
    `state move ${project.path('chain/a')} ${project.path('chain/b')}`,
  ];
  expect([refused.code, paths(refused.stdout)]).toEqual([3, []]);
  expect(words(refused)).toContain(moves.map((one) => `terrace ${one}`).join(' '));
  for (const move of moves) succeeded(await project.run(...move.split(' ')));
  expect(paths(succeeded(await project.run(...chain)).stdout)).toEqual([
    `${project.path('chain/b')} unchanged`,
    `${project.path('chain/c')} unchanged`,
  ]);
}, 600_000);

test('an environment that is gone is found by its own name, and a state behind a changed prefix by the commit that had it', async () => {
  project.commit(
    { keyPrefix: '', environments: { dev: withOld(units).environments['dev'] ?? { account: '', regions: {} } } },
    'without old',
  );
  const affected = succeeded(await project.run('affected', '--base', 'applied', 'lab/old', '--json'));
  expect(JSON.parse(affected.stdout).units).toMatchObject([
    { unit: 'lab/old/eu-central-1/x/gone', change: 'deleted', operation: 'destroy' },
  ]);
  const status = JSON.parse((await project.run('status', 'lab/old/eu-central-1', '--json')).stdout);
  expect(status.orphans.map((one: { readonly unit: string }) => one.unit)).toEqual(['lab/old/eu-central-1/x/gone']);
  project.commit({ ...withOld(units), keyPrefix: 'lab/' }, 'prefix');
  const path = project.path('mem/a');
  const refused = await project.run('plan', path, '--out', bundle('prefix'));
  expect(refused.code).toBe(3);
  const command = /terrace (state move \S+ \S+ --from-commit [0-9a-f]+)/.exec(words(refused))?.[1] ?? '';
  expect(words(refused)).toContain(
    `its state moved from s3://terraform-state-${shopAccount}-eu-central-1/dev/eu-central-1/mem/a/terraform.tfstate`,
  );
  succeeded(await project.run(...command.split(' ')));
  const planned = succeeded(await project.run('plan', path, '--out', bundle('moved'), '--json'));
  expect(JSON.parse(planned.stdout).units).toMatchObject([{ unit: path, actions: { create: 0, destroy: 0 } }]);
}, 600_000);

async function makeBucket(name: string): Promise<void> {
  const s3 = await s3Client('eu-central-1', project.env);
  await s3.send(new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration: { Status: 'Enabled' } }));
  s3.destroy();
}

test('a state in the bucket that an environment had before is found, and moved by the command that is named', async () => {
  await makeBucket('other-states');
  const path = project.path('mem/a');
  project.commit({ ...withOld(units), keyPrefix: 'lab/', bucket: 'other-states' }, 'another bucket');
  const refused = await project.run('plan', path, '--out', bundle('bucket'));
  const key = 'lab/dev/eu-central-1/mem/a/terraform.tfstate';
  expect([refused.code, words(refused)]).toEqual([
    3,
    expect.stringContaining(`its state moved from s3://terraform-state-${shopAccount}-eu-central-1/${key}`),
  ]);
  const command = /terrace (state move \S+ \S+ --from-commit [0-9a-f]+)/.exec(words(refused))?.[1] ?? '';
  succeeded(await project.run(...command.split(' ')));
  const planned = succeeded(await project.run('plan', path, '--out', bundle('bucket'), '--json'));
  expect(JSON.parse(planned.stdout).units).toMatchObject([{ unit: path, actions: { create: 0, destroy: 0 } }]);
}, 600_000);

test('a unit that left the source, and came back after the bucket had changed, is not made a second time', async () => {
  await makeBucket('third-states');
  const path = project.path('mem/a');
  const { 'chain/a': one, 'chain/b': another } = units;
  const without = withOld({ ...(one && { 'chain/a': one }), ...(another && { 'chain/b': another }) });
  project.commit({ ...without, keyPrefix: 'lab/', bucket: 'other-states' }, 'without mem');
  project.commit({ ...without, keyPrefix: 'lab/', bucket: 'third-states' }, 'a third bucket');
  project.commit({ ...withOld(units), keyPrefix: 'lab/', bucket: 'third-states' }, 'mem is back');
  const refused = await project.run('plan', path, '--out', bundle('back'));
  expect([refused.code, words(refused)]).toEqual([
    3,
    expect.stringContaining('its state moved from s3://other-states/lab/dev/eu-central-1/mem/a/terraform.tfstate'),
  ]);
  const command = /terrace (state move \S+ \S+ --from-commit [0-9a-f]+)/.exec(words(refused))?.[1] ?? '';
  succeeded(await project.run(...command.split(' ')));
  const planned = succeeded(await project.run('plan', path, '--out', bundle('back'), '--json'));
  expect(JSON.parse(planned.stdout).units).toMatchObject([{ unit: path, actions: { create: 0, destroy: 0 } }]);
}, 600_000);
