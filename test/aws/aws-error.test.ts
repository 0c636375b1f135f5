import { spawnSync } from 'node:child_process';

import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';

import { awsProblem } from '../../terrace/aws/aws-error';
import { accountEnvironment } from '../../terrace/aws/credentials';
import { openState } from '../../terrace/state/state-access';
import { recoverState } from '../../terrace/state/recover';
import { readDigest, readStateObject, stateVersions, writeState } from '../../terrace/state/state-store';
import { digestOf } from '../../terrace/state/state-file';
import { pullState } from '../../terrace/state/pull';
import { TerraceError, type Problem } from '../../terrace/base/errors';
import { projectRoot } from '../_helpers/project-root';
import { dynamodbFault, faultyProxy, s3Fault, stsFault, type Fault, type FaultyProxy, type ProxyRequest } from '../_helpers/faulty-proxy';
import { testSandbox, type TestSandbox } from '../_helpers/sandbox';
import { makeStateBackend, stateTarget, stateText, testAccount } from '../_helpers/state-backend';

let sandbox: TestSandbox;
let proxy: FaultyProxy;
let env: NodeJS.ProcessEnv;
const target = stateTarget('e/r/l/u');
const before = stateText({ serial: 1 });
const after = stateText({ serial: 2, resources: ['a', 'b'] });

beforeAll(async () => {
  sandbox = await testSandbox();
  env = { ...sandbox.env({ account: testAccount, units: [] }), AWS_MAX_ATTEMPTS: '2' };
  await makeStateBackend(env);
  proxy = await faultyProxy(env['HTTP_PROXY'] ?? '');
  env = { ...env, ...proxy.variables };
  const access = await openState(target, env);
  await writeState(access, before);
  access.close();
}, 600_000);

afterAll(async () => {
  await proxy.close();
  await sandbox.dispose();
});

beforeEach(() => proxy.heal());

async function problemsOf(run: Promise<unknown>): Promise<readonly Problem[]> {
  try {
    await run;
  } catch (error) {
    if (error instanceof TerraceError) return error.problems;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** What is stored, its digest, and whether a lock was left. */
async function stored(): Promise<readonly unknown[]> {
  const access = await openState(target, env);
  try {
    return [await readStateObject(access), await readDigest(access), (await stateVersions(access)).length];
  } finally {
    access.close();
  }
}

const onS3 = (method: string, fault: Fault) => (request: ProxyRequest) =>
  request.service === 's3' && request.method === method && request.path.includes('terraform.tfstate') ? fault : undefined;
const onItem = (operation: string, fault: Fault) => (request: ProxyRequest) => (request.operation === operation ? fault : undefined);
const region: Fault = {
  kind: 'answer',
  status: 301,
  body: '<Error><Code>PermanentRedirect</Code><Message>The bucket you are attempting to access must be addressed using the specified endpoint.</Message><Endpoint>s3.eu-west-1.amazonaws.com</Endpoint></Error>',
  headers: { 'x-amz-bucket-region': 'eu-west-1', 'content-type': 'application/xml' },
};

test.each<[string, (request: ProxyRequest) => Fault | undefined, string, string]>([
  ['expired credentials', onS3('GET', s3Fault(400, 'ExpiredToken')), 'E4301', 'credentials expired'],
  ['expired credentials at the table', onItem('PutItem', dynamodbFault(400, 'ExpiredTokenException')), 'E4301', 'credentials expired'],
  ['an unknown key', onS3('GET', s3Fault(403, 'InvalidAccessKeyId')), 'E4302', 'credentials not accepted'],
  [
    'an unknown key at the table',
    onItem('PutItem', dynamodbFault(400, 'UnrecognizedClientException')),
    'E4302',
    'credentials not accepted',
  ],
  ['a denied upload', onS3('PUT', s3Fault(403, 'AccessDenied')), 'E4303', 'access denied'],
  ['a denied lock', onItem('PutItem', dynamodbFault(400, 'AccessDeniedException')), 'E4303', 'access denied'],
  ['a missing bucket', onS3('GET', s3Fault(404, 'NoSuchBucket')), 'E4304', 'no state bucket'],
  ['a missing table', onItem('PutItem', dynamodbFault(400, 'ResourceNotFoundException')), 'E4305', 'no lock table'],
  ['a bucket in another region', onS3('GET', region), 'E4306', 'wrong region'],
  [
    'a signature for another region',
    onS3('PUT', s3Fault(400, 'AuthorizationHeaderMalformed', "the region 'eu-central-1' is wrong; expecting 'eu-west-1'")),
    'E4306',
    'wrong region',
  ],
  ['clock skew', onS3('PUT', s3Fault(403, 'RequestTimeTooSkewed')), 'E4307', 'clock skew'],
  [
    'clock skew at the table',
    onItem(
      'PutItem',
      dynamodbFault(400, 'InvalidSignatureException', 'Signature expired: 20260101T000000Z is now earlier than 20260101T001500Z'),
    ),
    'E4307',
    'clock skew',
  ],
  ['a throttled upload', onS3('PUT', s3Fault(503, 'SlowDown')), 'E4308', 'throttled by AWS'],
  ['503 without a document', onS3('PUT', { kind: 'answer', status: 503, body: '' }), 'E4308', 'throttled by AWS'],
  ['a throttled table', onItem('PutItem', dynamodbFault(400, 'ProvisionedThroughputExceededException')), 'E4308', 'throttled by AWS'],
  ['a connection reset in mid-upload', onS3('PUT', { kind: 'reset' }), 'E4309', 'connection failed'],
  ['a connection reset while locking', onItem('PutItem', { kind: 'reset' }), 'E4309', 'connection failed'],
  ['a disabled key', onS3('PUT', s3Fault(400, 'KMS.DisabledException')), 'E4310', 'encryption key not usable'],
  ['anything else', onS3('PUT', s3Fault(418, 'Teapot')), 'E4311', 'AWS refused'],
])('%s is a coded error that says what to do, and neither the state nor the lock is touched', async (_, fault, code, title) => {
  const untouched = await stored();
  proxy.fail(fault);
  const problems = await problemsOf(recoverState(target, after, 'errored.tfstate', { env }));
  proxy.heal();
  expect(problems.map((one) => [one.code, one.title, one.place])).toEqual([[code, title, 'demo/e/r/l/u']]);
  expect(problems[0]?.todo).not.toBe('');
  expect(await stored()).toEqual(untouched);
  expect(await recoverState(target, before, 'errored.tfstate', { env })).toMatchObject({ outcome: 'unchanged' });
});

test('a throttled request that succeeds when it is repeated is no error', async () => {
  const other = stateTarget('e/r/l/retried');
  proxy.fail((request) =>
    request.count === 0 && request.service === 's3' && request.method === 'PUT' ? s3Fault(503, 'SlowDown') : undefined,
  );
  expect(await recoverState(other, after, 'errored.tfstate', { env })).toMatchObject({ outcome: 'written' });
});

test('an upload that arrived although its answer was lost is completed with its digest', async () => {
  const other = stateTarget('e/r/l/lost');
  proxy.fail(onS3('PUT', { kind: 'lost answer' }));
  expect(await recoverState(other, after, 'errored.tfstate', { env })).toMatchObject({ outcome: 'written', serial: 2 });
  proxy.heal();
  const access = await openState(other, env);
  expect([await readStateObject(access), await readDigest(access)]).toEqual([after, digestOf(after)]);
  access.close();
});

test('a digest that could not be written is said as such, pulling then refuses, and the same command completes it', async () => {
  const other = stateTarget('e/r/l/digest');
  proxy.fail((request) =>
    request.operation === 'PutItem' && request.body.includes('-md5')
      ? dynamodbFault(400, 'ProvisionedThroughputExceededException')
      : undefined,
  );
  const access = await openState(other, env);
  await problemsOf(recoverState(other, after, 'errored.tfstate', { env })).then(([one]) =>
    expect(one).toMatchObject({ code: 'E4503', title: 'digest not written' }),
  );
  proxy.heal();
  expect(await readStateObject(access)).toBe(after);
  expect(await readDigest(access)).toBeUndefined();
  await recoverState(other, after, 'errored.tfstate', { env });
  expect(await pullState(access)).toBe(after);
  access.close();
});

const account = { environment: 'demo/dev', account: testAccount, credentials: { kind: 'ambient' }, region: 'eu-central-1' } as const;

test('credentials that are refused, denied the role, or of another account are told apart before anything is read', async () => {
  const asked = proxy.requests.filter(({ service }) => service !== 'sts').length;
  proxy.fail((request) => (request.service === 'sts' ? stsFault(403, 'InvalidClientTokenId') : undefined));
  await problemsOf(accountEnvironment(account, { ...env, AWS_ACCESS_KEY_ID: 'AKIAWRONG' })).then(([one]) =>
    expect(one?.code).toBe('E4302'),
  );
  proxy.fail((request) => (request.body.includes('AssumeRole') ? stsFault(403, 'AccessDenied') : undefined));
  await problemsOf(
    accountEnvironment({ ...account, credentials: { kind: 'role', roleArn: `arn:aws:iam::${testAccount}:role/x` } }, env),
  ).then(([one]) => expect(one?.code).toBe('E4303'));
  proxy.heal();
  await problemsOf(accountEnvironment({ ...account, account: '999999999999' }, env)).then(([one]) =>
    expect(one).toMatchObject({ code: 'E4105', expected: 'account 999999999999' }),
  );
  expect(proxy.requests.filter(({ service }) => service !== 'sts')).toHaveLength(asked);
});

test('missing credentials are told as such', () => {
  // In a process of its own: the SDK looks for credentials with imports that jest does not offer.
  const script = `require('./terrace/bin/compile.js').load('aws/credentials').accountEnvironment(${JSON.stringify(account)}, process.env).catch((error) => process.stdout.write(error.message))`;
  const { AWS_ACCESS_KEY_ID: _key, AWS_SECRET_ACCESS_KEY: _secret, ...without } = env;
  const run = spawnSync(process.execPath, ['-e', script], {
    cwd: projectRoot,
    encoding: 'utf8',
    env: { ...without, AWS_CONFIG_FILE: '/nonexistent', AWS_SHARED_CREDENTIALS_FILE: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true' },
  });
  expect(run.stdout).toMatch(/^E4101 no credentials   demo\/dev\n/);
});

test('an error that is already explained is passed on, and one that is no error at all is still told', () => {
  const attempt = { place: 'here', doing: 'look', target: 's3://b/k (r)' };
  expect(awsProblem('gone', attempt)).toMatchObject({ code: 'E4311', found: 'could not look at s3://b/k (r): gone' });
  expect(
    awsProblem(Object.assign(new Error('getaddrinfo ENOTFOUND s3.test'), { code: 'ENOTFOUND', hostname: 's3.test' }), {
      ...attempt,
      outcome: 'nothing was written',
    }),
  ).toMatchObject({
    code: 'E4309',
    found: 'could not look at s3://b/k (r): s3.test: this host name is not known\nnothing was written',
  });
});
