import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect } from '@jest/globals';

import { dynamodbClient, s3Client } from '../../../terrace/aws/clients';
import type { LockKind } from '../../../terrace/model/model';
import { sandboxStatus, startSandbox } from '../../../terrace/sandbox/control';
import { inOrder } from '../../_helpers/in-order';
import { testSandbox, type TestSandbox } from '../../_helpers/sandbox';
import { makeStateBackend, stateTarget, testAccount, testRegion } from '../../_helpers/state-backend';
import { terraformFolder, type TerraformFolder } from '../../_helpers/terraform-folder';
import { projectRoot } from '../../_helpers/project-root';

const test = inOrder();

let sandbox: TestSandbox;
const folders: TerraformFolder[] = [];
beforeAll(async () => {
  sandbox = await testSandbox();
  await makeStateBackend(env());
}, 600_000);
afterAll(async () => {
  await sandbox.dispose();
  for (const { dir } of folders) rmSync(path.dirname(dir), { recursive: true, force: true });
});

const env = (): NodeJS.ProcessEnv => sandbox.env({ account: testAccount });

function folder(configuration: object): TerraformFolder {
  const made = terraformFolder(configuration);
  folders.push(made);
  return made;
}

/** The backend block that the synthesized tree has, for that unit and kind of lock. */
function backend(unit: string, lock: LockKind): object {
  const { backend: at } = stateTarget(`dev/${testRegion}/${unit}`, lock);
  return {
    s3: {
      bucket: at.bucket,
      key: at.key,
      region: at.region,
      encrypt: true,
      kms_key_id: at.kmsKeyId,
      ...(at.dynamodbTable === undefined ? {} : { dynamodb_table: at.dynamodbTable }),
      ...(at.useLockfile ? { use_lockfile: true } : {}),
    },
  };
}

async function stateOf(
  unit: string,
): Promise<{ readonly serial: number; readonly outputs: Readonly<Record<string, { readonly value: unknown }>> }> {
  const { backend: at } = stateTarget(`dev/${testRegion}/${unit}`);
  const s3 = await s3Client(testRegion, env());
  const got = await s3.send(new GetObjectCommand({ Bucket: at.bucket, Key: at.key }));
  s3.destroy();
  return JSON.parse((await got.Body?.transformToString()) ?? '') as never;
}

/** Locks that are held now, in the table and as objects. */
async function heldLocks(): Promise<readonly string[]> {
  const at = stateTarget(`dev/${testRegion}/a/a`).backend;
  const [s3, dynamodb] = [await s3Client(testRegion, env()), await dynamodbClient(testRegion, env())];
  const objects = (await s3.send(new ListObjectsV2Command({ Bucket: at.bucket }))).Contents ?? [];
  const items = (await dynamodb.send(new ScanCommand({ TableName: at.dynamodbTable }))).Items ?? [];
  s3.destroy();
  dynamodb.destroy();
  return [
    ...objects.map(({ Key }) => Key ?? '').filter((key) => key.endsWith('.tflock')),
    ...items.map((item) => item['LockID']?.S ?? '').filter((id) => !id.endsWith('-md5')),
  ];
}

test('init, apply, a plan without change, a remote state and destroy', async () => {
  const unit = folder({
    terraform: { backend: backend('network/vpc', 'dynamodb') },
    resource: { terraform_data: { vpc: { input: '10.0.0.0/16' } } },
    output: { cidr: { value: '${terraform_data.vpc.output}' } },
  });
  expect(await unit.run(env(), 'init', '-no-color')).toMatchObject({ exitCode: 0 });
  expect(await unit.run(env(), 'apply', '-auto-approve', '-no-color')).toMatchObject({ exitCode: 0 });
  expect(await unit.run(env(), 'plan', '-detailed-exitcode', '-no-color')).toMatchObject({ exitCode: 0 });
  expect((await stateOf('network/vpc')).outputs['cidr']?.value).toBe('10.0.0.0/16');

  const { backend: at } = stateTarget(`dev/${testRegion}/network/vpc`);
  const reader = folder({
    data: { terraform_remote_state: { vpc: { backend: 's3', config: { bucket: at.bucket, key: at.key, region: at.region } } } },
    output: { cidr: { value: '${data.terraform_remote_state.vpc.outputs.cidr}' } },
  });
  await reader.run(env(), 'init', '-no-color');
  expect((await reader.run(env(), 'apply', '-auto-approve', '-no-color')).stdout).toContain('cidr = "10.0.0.0/16"');

  expect(await unit.run(env(), 'destroy', '-auto-approve', '-no-color')).toMatchObject({ exitCode: 0 });
  expect((await stateOf('network/vpc')).outputs).toEqual({});
}, 600_000);

test('a backend with another region than its bucket has is refused at init, with the region that it has', async () => {
  const { backend: at } = stateTarget(`dev/${testRegion}/network/vpc`);
  const elsewhere = { bucket: at.bucket, key: at.key, region: 'eu-west-1' };
  const init = await folder({ terraform: { backend: { s3: elsewhere } } }).run(env(), 'init', '-no-color');
  expect(init.exitCode).toBe(1);
  expect(init.stderr.replaceAll(/\s+/g, ' ')).toContain(`requested bucket from "${elsewhere.region}", actual location "${testRegion}"`);
}, 600_000);

test('terraform sends its states encrypted with the key of the backend', async () => {
  const { backend: at } = stateTarget(`dev/${testRegion}/network/vpc`);
  const puts = sandbox
    .requests()
    .filter(({ method, target }) => method === 'PUT' && target.includes(at.key) && !target.includes('.tflock'));
  expect(puts.length).toBeGreaterThan(0);
  for (const { headers } of puts)
    expect(headers).toMatchObject({
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': at.kmsKeyId,
    });
});

test.each(['dynamodb', 'both', 's3'] as const)(
  "of two applies under lock %s the second is told who holds it, and the state is the first one's",
  async (lock) => {
    const name = `lock/${lock}`;
    const go = path.join(sandbox.dir, `go-${lock}`);
    const first = folder({
      terraform: { backend: backend(name, lock) },
      resource: {
        terraform_data: {
          slow: { input: 'first', provisioner: [{ 'local-exec': { command: `while [ ! -e '${go}' ]; do sleep 0.05; done` } }] },
        },
      },
      output: { who: { value: 'first' } },
    });
    const second = folder({
      terraform: { backend: backend(name, lock) },
      resource: { terraform_data: { slow: { input: 'second' } } },
      output: { who: { value: 'second' } },
    });
    for (const one of [first, second]) expect(await one.run(env(), 'init', '-no-color')).toMatchObject({ exitCode: 0 });

    const applying = first.run(env(), 'apply', '-auto-approve', '-no-color');
    while ((await heldLocks()).length === 0) await sleep(50);
    const refused = await second.run(env(), 'apply', '-auto-approve', '-no-color');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('Error acquiring the state lock');
    expect(refused.stderr).toMatch(lock === 'dynamodb' ? /ConditionalCheckFailedException/ : /PreconditionFailed/);
    expect(refused.stderr).toContain('OperationTypeApply');
    writeFileSync(go, '');
    expect(await applying).toMatchObject({ exitCode: 0 });

    expect(await stateOf(name)).toMatchObject({ serial: 1, outputs: { who: { value: 'first' } } });
    expect(await heldLocks()).toEqual([]);
    expect(await second.run(env(), 'apply', '-auto-approve', '-no-color')).toMatchObject({ exitCode: 0 });
    expect(await stateOf(name)).toMatchObject({ outputs: { who: { value: 'second' } } });
  },
  600_000,
);

test('a lock outlives its holder and the daemon, until it is released by its id', async () => {
  const name = 'lock/killed';
  const unit = folder({
    terraform: { backend: backend(name, 'both') },
    resource: { terraform_data: { slow: { input: 'x', provisioner: [{ 'local-exec': { command: `echo $PPID > ../pid; sleep 60` } }] } } },
  });
  await unit.run(env(), 'init', '-no-color');
  const applying = unit.run(env(), 'apply', '-auto-approve', '-no-color');
  while ((await heldLocks()).length < 2) await sleep(50);
  const status = await sandboxStatus(sandbox.dir);
  if (status.state !== 'running') throw new Error('the sandbox does not run');
  process.kill(status.daemon.pid, 'SIGKILL');
  while (!existsSync(path.join(unit.dir, '..', 'pid'))) await sleep(50);
  process.kill(Number(readFileSync(path.join(unit.dir, '..', 'pid'), 'utf8')), 'SIGKILL');
  await applying;

  await startSandbox({ dir: sandbox.dir, project: projectRoot });
  expect(await heldLocks()).toHaveLength(2);
  const refused = await unit.run(env(), 'plan', '-no-color');
  expect(refused.exitCode).toBe(1);
  const id = /ID:\s+([\da-f-]{36})/.exec(refused.stderr)?.[1] ?? '';
  expect(await unit.run(env(), 'force-unlock', '-force', id)).toMatchObject({ exitCode: 0 });
  expect(await heldLocks()).toEqual([]);
}, 600_000);

test("terraform goes on with a shell's variables after the daemon was killed and started again", async () => {
  const before = env();
  const unit = folder({
    terraform: {
      backend: backend('messaging/queue', 'dynamodb'),
      required_providers: { aws: { source: 'hashicorp/aws', version: '6.25.0' } },
    },
    provider: { aws: { region: testRegion } },
    resource: {
      terraform_data: { slow: { provisioner: [{ 'local-exec': { command: 'sleep 2' } }] } },
      aws_sqs_queue: { jobs: { name: 'jobs', depends_on: ['terraform_data.slow'] } },
    },
  });
  expect(await unit.run(before, 'init', '-no-color')).toMatchObject({ exitCode: 0 });
  const status = await sandboxStatus(sandbox.dir);
  if (status.state === 'running') process.kill(status.daemon.pid, 'SIGKILL');
  await startSandbox({ dir: sandbox.dir, project: projectRoot });
  // Slower than the second after which terraform gives up a provider whose process is gone.
  expect(await unit.run(before, 'apply', '-auto-approve', '-no-color')).toMatchObject({ exitCode: 0 });
  expect(await unit.run(before, 'plan', '-detailed-exitcode', '-no-color')).toMatchObject({ exitCode: 0 });
}, 600_000);

test('a bucket that nobody made is not there, and after a reset none is', async () => {
  const elsewhere = { bucket: `terraform-state-${testAccount}-eu-west-1`, key: 'k', region: 'eu-west-1' };
  const unit = folder({ terraform: { backend: { s3: elsewhere } } });
  const missing = await unit.run(env(), 'init', '-no-color');
  expect([missing.exitCode, missing.stderr]).toEqual([1, expect.stringContaining('NoSuchBucket')]);

  const known = folder({ terraform: { backend: backend('network/reset', 's3') } });
  expect(await known.run(env(), 'init', '-no-color')).toMatchObject({ exitCode: 0 });
  await sandbox.reset();
  const gone = await known.run(env(), 'plan', '-no-color');
  expect([gone.exitCode, gone.stderr]).toEqual([1, expect.stringContaining('NoSuchBucket')]);
}, 600_000);
