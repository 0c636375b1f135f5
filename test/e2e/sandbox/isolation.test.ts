import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../../_helpers/in-order';
import { projectRoot } from '../../_helpers/project-root';
import { dynamodbService } from '../../../terrace/sandbox/dynamodb/dynamodb-service';
import { TableStore } from '../../../terrace/sandbox/dynamodb/table-store';
import { createGateway, type Exchange } from '../../../terrace/sandbox/gateway/gateway';
import { writeMirror } from '../../../terrace/sandbox/providers/mirror/mirror';
import { BucketStore } from '../../../terrace/sandbox/s3/bucket-store';
import { S3Service } from '../../../terrace/sandbox/s3/s3-service';
import { stsService } from '../../../terrace/sandbox/sts/sts-service';
import { temporaryFolder, testSandbox, type TestSandbox } from '../../_helpers/sandbox';
import { makeStateBackend, stateTarget, testAccount, testRegion } from '../../_helpers/state-backend';
import { terraformFolder, type TerraformFolder } from '../../_helpers/terraform-folder';

const test = inOrder();

/** A second S3, DynamoDB and STS, which play AWS: what is written there is written for real. */
const aws = { folder: temporaryFolder('terrace-aws-'), log: [] as Exchange[], server: undefined as Server | undefined, url: '' };
let buckets: BucketStore;
let tables: TableStore;
let sandbox: TestSandbox;
const folders: TerraformFolder[] = [];

beforeAll(async () => {
  buckets = new BucketStore(path.join(aws.folder, 's3'));
  tables = new TableStore(path.join(aws.folder, 'dynamodb'));
  const server = createGateway(
    {
      s3: new S3Service(buckets),
      sts: stsService('real'),
      secret: 'real',
      strike: () => undefined,
      dynamodb: dynamodbService(tables),
      control: () => ({ status: 404, headers: {} }),
      generation: () => 0,
    },
    (exchange) => void aws.log.push(exchange),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  aws.server = server;
  aws.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { bucket, dynamodbTable } = target.backend;
  buckets.create({ name: bucket, region: testRegion, account: testAccount });
  tables.create({ name: dynamodbTable ?? '', region: testRegion, account: testAccount, hashKey: 'LockID', deletionProtection: true });
  sandbox = await testSandbox();
  await makeStateBackend(env());
}, 600_000);
afterAll(async () => {
  await sandbox.dispose();
  aws.server?.close();
  aws.server?.closeAllConnections();
  for (const folder of [aws.folder, ...folders.map(({ dir }) => path.dirname(dir))]) rmSync(folder, { recursive: true, force: true });
});

const target = stateTarget(`dev/${testRegion}/network/vpc`);
const env = (): NodeJS.ProcessEnv => sandbox.env({ account: testAccount });
/** A shell that knows nothing of the sandbox: its S3, DynamoDB and STS are the ones that play AWS, buckets by way of a company's proxy. */
const freshShell = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: aws.folder,
  HTTP_PROXY: aws.url,
  HTTPS_PROXY: aws.url,
  AWS_ENDPOINT_URL_S3: 'http://s3.sandbox',
  AWS_ENDPOINT_URL_DYNAMODB: aws.url,
  AWS_ENDPOINT_URL_STS: aws.url,
  AWS_ACCESS_KEY_ID: `SANDBOX${testAccount}`,
  AWS_SECRET_ACCESS_KEY: 'real',
});

function folder(configuration: object): TerraformFolder {
  const made = terraformFolder(configuration);
  folders.push(made);
  return made;
}

const { bucket, key, region, dynamodbTable } = target.backend;
const backend = { s3: { bucket, key, region, encrypt: true, dynamodb_table: dynamodbTable } };
const awsUnit = {
  terraform: { backend, required_providers: { aws: { source: 'hashicorp/aws', version: '6.25.0' } } },
  provider: { aws: { region, access_key: 'x', secret_key: 'x' } },
  resource: { aws_sqs_queue: { jobs: { name: 'jobs' } } },
};
/** Changes that AWS has seen: writes of objects and items that were not refused. */
const writesToAws = (): readonly string[] => [
  ...buckets.bucket(bucket).sortedKeys,
  ...tables
    .table(dynamodbTable ?? '', region)
    .all()
    .map((item) => JSON.stringify(item)),
];

test('inside, nothing reaches the services of the outside', async () => {
  const unit = folder({ terraform: { backend }, resource: { terraform_data: { a: { input: 'x' } } } });
  const inside = { ...freshShell(), ...env() };
  const before = aws.log.length;
  expect(await unit.run(inside, 'init', '-no-color')).toMatchObject({ exitCode: 0 });
  expect(await unit.run(inside, 'apply', '-auto-approve', '-no-color')).toMatchObject({ exitCode: 0 });
  expect(aws.log.slice(before)).toEqual([]);
}, 600_000);

test('an unknown provider fails to install, without a question to any registry', async () => {
  const unit = folder({ terraform: { required_providers: { nothing: { source: 'example/nothing', version: '1.0.0' } } } });
  const before = sandbox.requests().length;
  const result = await unit.run(env(), 'init', '-no-color');
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain('example/nothing');
  expect(result.stderr).toContain(path.join(sandbox.dir, 'mirror'));
  expect(
    sandbox
      .requests()
      .slice(before)
      .filter(({ service }) => service === 'refused'),
  ).toEqual([]);
}, 600_000);

test('a terraform that was told to install directly is refused by the proxy, with the way out', async () => {
  const unit = folder({ terraform: { required_providers: { nothing: { source: 'example/nothing', version: '1.0.0' } } } });
  const direct = path.join(unit.dir, 'direct.rc');
  writeFileSync(direct, 'provider_installation {\n  direct {}\n}\n');
  const result = await unit.run({ ...env(), TF_CLI_CONFIG_FILE: direct }, 'init', '-no-color');
  expect(result.exitCode).toBe(1);
  expect(result.stderr.replace(/\s+/g, ' ')).toContain('Terrace sandbox forwards nothing');
  expect(sandbox.requests().some(({ method, target: host }) => method === 'CONNECT' && host === 'registry.terraform.io:443')).toBe(true);
}, 600_000);

test("real credentials in a sandbox's shell are of no use, and another account's neither", async () => {
  const unit = folder({ terraform: { backend }, resource: { terraform_data: { a: { input: 'x' } } } });
  const real = await unit.run({ ...env(), AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE' }, 'init', '-no-color');
  expect([real.exitCode, real.stderr]).toEqual([1, expect.stringMatching(/InvalidClientTokenId|InvalidAccessKeyId/)]);
  const other = await unit.run(sandbox.env({ account: '210987654321' }), 'init', '-no-color');
  expect([other.exitCode, other.stderr]).toEqual([1, expect.stringMatching(/AccessDenied|Forbidden/)]);
}, 600_000);

test('the sandbox keeps its folder of providers beside the real one', async () => {
  const unit = folder({ terraform: { backend }, resource: { terraform_data: { a: { input: 'x' } } } });
  mkdirSync(path.join(unit.dir, '.terraform'));
  writeFileSync(path.join(unit.dir, '.terraform', 'terraform.tfstate'), 'real');
  expect(await unit.run(env(), 'init', '-no-color')).toMatchObject({ exitCode: 0 });
  expect(readdirSync(path.join(unit.dir, '.terraform'))).toEqual(['terraform.tfstate']);
  expect(readFileSync(path.join(unit.dir, '.terraform', 'terraform.tfstate'), 'utf8')).toBe('real');
  expect(existsSync(path.join(unit.dir, '.terraform-sandbox', 'terraform.tfstate'))).toBe(true);
}, 600_000);

test('a simulated provider left in .terraform does nothing in a fresh shell: nothing is written to AWS', async () => {
  const unit = folder(awsUnit);
  const fakes = path.join(unit.dir, '..', 'fakes');
  writeMirror(projectRoot, sandbox.dir, fakes);

  // The mistake: the fake is installed as if it were the real provider, lock file and all.
  expect(await unit.run(freshShell(), 'init', '-no-color', `-plugin-dir=${fakes}`)).toMatchObject({ exitCode: 0 });
  expect(readdirSync(path.join(unit.dir, '.terraform', 'providers', 'registry.terraform.io', 'hashicorp', 'aws'))).toEqual(['6.25.0']);
  expect(existsSync(path.join(unit.dir, '.terraform.lock.hcl'))).toBe(true);

  const elsewhere = { ...freshShell(), TERRACE_SANDBOX: '000000000000', TERRACE_SANDBOX_DIR: sandbox.dir };
  for (const outside of [freshShell(), elsewhere]) {
    for (const args of [['plan'], ['apply', '-auto-approve'], ['refresh'], ['destroy', '-auto-approve']]) {
      const result = await unit.run(outside, ...args, '-no-color');
      expect([result.exitCode, result.stderr]).toEqual([1, expect.stringContaining('E5310 simulated provider outside its sandbox')]);
    }
  }
  expect(writesToAws()).toEqual([]);

  // The same fake in the same folder serves where its sandbox is named: it was the fake that refused, nothing else.
  const named = { ...freshShell(), TERRACE_SANDBOX: sandbox.id, TERRACE_SANDBOX_DIR: sandbox.dir };
  expect(await unit.run(named, 'plan', '-no-color')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('1 to add') });
}, 600_000);

test('a TF_REATTACH_PROVIDERS left over in a shell that is no sandbox makes nothing, and writes nothing to AWS', async () => {
  const unit = folder(awsUnit);
  const { TF_REATTACH_PROVIDERS } = sandbox.env();
  const leftOver = { ...freshShell(), TF_REATTACH_PROVIDERS, CHECKPOINT_DISABLE: '1' };
  expect(await unit.run(leftOver, 'init', '-no-color')).toMatchObject({ exitCode: 0 });
  for (const args of [['plan'], ['apply', '-auto-approve']]) {
    const result = await unit.run(leftOver, ...args, '-no-color');
    expect([result.exitCode, result.stderr]).toEqual([1, expect.stringContaining('E5310 simulated provider outside its sandbox')]);
  }
  expect(writesToAws()).toEqual([]);
}, 600_000);

test('a state that the sandbox did not make is neither read nor changed in it', async () => {
  const { terraform: _, ...rest } = awsUnit;
  const unit = folder({ ...rest, terraform: { required_providers: awsUnit.terraform.required_providers } });
  expect(await unit.run(env(), 'init', '-no-color')).toMatchObject({ exitCode: 0 });
  expect(await unit.run(env(), 'apply', '-auto-approve', '-no-color')).toMatchObject({ exitCode: 0 });
  const file = path.join(unit.dir, 'terraform.tfstate');
  const own = readFileSync(file, 'utf8');
  for (const real of [
    own.replace(/"private": "[^"]+"/, '"private": "eyJzY2hlbWFfdmVyc2lvbiI6IjAifQ=="'),
    own.replace(/,?\s*"private": "[^"]+"/, ''),
  ]) {
    writeFileSync(file, real);
    for (const args of [['plan'], ['apply', '-auto-approve', '-refresh=false'], ['destroy', '-auto-approve', '-refresh=false']]) {
      const result = await unit.run(env(), ...args, '-no-color');
      expect([args, result.exitCode, result.stderr]).toEqual([args, 1, expect.stringContaining('E5314 state from outside the sandbox')]);
      expect(readFileSync(file, 'utf8')).toBe(real);
    }
  }
  writeFileSync(file, own);
  expect(await unit.run(env(), 'plan', '-detailed-exitcode', '-no-color')).toMatchObject({ exitCode: 0 });
}, 600_000);

test("a fresh shell does not see the sandbox's state", async () => {
  const unit = folder({ terraform: { backend }, resource: { terraform_data: { a: { input: 'x' } } } });
  expect(await unit.run(env(), 'init', '-no-color')).toMatchObject({ exitCode: 0 });
  expect(await unit.run(env(), 'apply', '-auto-approve', '-no-color')).toMatchObject({ exitCode: 0 });
  expect(await unit.run(freshShell(), 'init', '-no-color')).toMatchObject({ exitCode: 0 });
  const plan = await unit.run(freshShell(), 'plan', '-detailed-exitcode', '-no-color');
  expect([plan.exitCode, plan.stdout]).toEqual([2, expect.stringContaining('1 to add')]);
  expect(writesToAws()).toEqual([]);
}, 600_000);
