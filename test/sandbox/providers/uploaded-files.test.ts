import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, expect, test } from '@jest/globals';

import { localProvider } from '../../_helpers/simulated-provider';

const aws = localProvider('aws', { region: 'eu-west-1' });
const folder = mkdtempSync(path.join(tmpdir(), 'terrace-uploaded-'));
afterAll(() => {
  aws.remove();
  rmSync(folder, { recursive: true, force: true });
});

const code = path.join(folder, 'code.zip');
writeFileSync(code, 'the code');
const digest = createHash('sha256').update('the code').digest('base64');

test('the digest of uploaded code is that of its file, for functions and layers alike', async () => {
  const role = await aws.create('aws_iam_role', { name: 'worker', assume_role_policy: '{}' });
  const made = await aws.create('aws_lambda_function', {
    function_name: 'worker',
    role: role['arn'],
    filename: code,
    handler: 'a.b',
    runtime: 'python3.13',
  });
  expect(made).toMatchObject({ source_code_hash: digest, code_sha256: digest, source_code_size: 8 });
  expect(await aws.create('aws_lambda_layer_version', { layer_name: 'base', filename: code })).toMatchObject({
    source_code_hash: digest,
    source_code_size: 8,
  });
});

test('what the configuration says of the digest stands', async () => {
  const role = await aws.create('aws_iam_role', { name: 'other', assume_role_policy: '{}' });
  const made = await aws.create('aws_lambda_function', {
    function_name: 'other',
    role: role['arn'],
    filename: code,
    handler: 'a.b',
    runtime: 'python3.13',
    source_code_hash: 'said',
  });
  expect(made).toMatchObject({ source_code_hash: 'said', code_sha256: digest });
});

test('an object has the MD5 of its content, unless a key of KMS encrypts it', async () => {
  await aws.create('aws_s3_bucket', { bucket: 'files-of-a-test' });
  const md5 = createHash('md5').update('text').digest('hex');
  const object = async (more: object) => aws.create('aws_s3_object', { bucket: 'files-of-a-test', ...more });
  expect((await object({ key: 'a', content: 'text' }))['etag']).toBe(md5);
  expect((await object({ key: 'b', content_base64: Buffer.from('text').toString('base64') }))['etag']).toBe(md5);
  expect((await object({ key: 'c', source: code }))['etag']).toBe(createHash('md5').update('the code').digest('hex'));
  expect((await object({ key: 'd', content: 'text', server_side_encryption: 'aws:kms' }))['etag']).not.toBe(md5);
});
