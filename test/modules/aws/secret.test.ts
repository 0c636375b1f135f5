import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { RotationFunction } from '../../../modules/aws/rotation-function';
import { Secret, SecretValue } from '../../../modules/aws/secret';
import { zip } from '../../../modules/aws/zip';
import { statements, synthesized } from './synthesized';

const base = { name: 'x-url', description: 'url', kmsKeyArn: 'arn:key', recoveryWindowDays: 30, account: '123456789012' };

test('a secret has its key, its window, and refuses other accounts', () => {
  const { one, ref } = synthesized((stack) => void new Secret(stack, 's', base));
  expect(one('aws_secretsmanager_secret')).toMatchObject({ name: 'x-url', kms_key_id: 'arn:key', recovery_window_in_days: 30 });
  expect(one('aws_secretsmanager_secret')).not.toHaveProperty('replica');
  expect(one('aws_secretsmanager_secret_policy')['block_public_policy']).toBe(true);
  expect(statements(one('aws_secretsmanager_secret_policy')['policy'])['RefuseOtherAccounts']).toMatchObject({
    Effect: 'Deny',
    Principal: '*',
    Resource: ref('aws_secretsmanager_secret', 'arn'),
    Condition: { StringNotEquals: { 'aws:PrincipalAccount': '123456789012' } },
  });
});

const rotationProps = {
  name: 'x-rotation',
  roleName: 'x-role',
  account: '123456789012',
  region: 'eu-central-1',
  secretArns: ['arn:secret-??????'],
  clusterId: 'x',
  kmsKeyArn: 'arn:key',
  logRetentionDays: 90,
};

test('replicas and rotation stand only where they are asked for, and an apply rotates nothing', () => {
  const { one, all, ref } = synthesized((stack) => {
    const rotating = new RotationFunction(stack, 'r', rotationProps);
    new Secret(stack, 's', {
      ...base,
      replicas: [{ region: 'ap-southeast-1', kmsKeyArn: 'arn:there' }],
      rotation: { days: 90, function: rotating },
    });
  });
  expect(one('aws_secretsmanager_secret')['replica']).toEqual([{ region: 'ap-southeast-1', kms_key_id: 'arn:there' }]);
  expect(one('aws_secretsmanager_secret_rotation')).toMatchObject({
    secret_id: ref('aws_secretsmanager_secret', 'id'),
    rotation_lambda_arn: ref('aws_lambda_function', 'arn'),
    rotate_immediately: false,
    rotation_rules: { automatically_after_days: 90 },
    depends_on: [`aws_lambda_permission.${Object.keys(all('aws_lambda_permission'))[0]}`],
  });
});

test('a value is put in once and left alone afterwards', () => {
  const { one } = synthesized(
    (stack) => void new SecretValue(stack, 'v', { secretArn: 'arn:secret', value: '${random_password.p.result}' }),
  );
  expect(one('aws_secretsmanager_secret_version')).toMatchObject({
    secret_id: 'arn:secret',
    secret_string: '${random_password.p.result}',
    lifecycle: { ignore_changes: ['secret_string', 'version_stages'] },
  });
});

test('the rotation function may touch its secrets and one cluster, and only Secrets Manager may call it', () => {
  const { one, ref } = synthesized((stack) => {
    new RotationFunction(stack, 'r', rotationProps);
  });
  expect(one('aws_lambda_function')).toMatchObject({
    function_name: 'x-rotation',
    role: ref('aws_iam_role', 'arn'),
    handler: 'index.handler',
    environment: { variables: { CLUSTER_ID: 'x' } },
    kms_key_arn: 'arn:key',
    logging_config: { log_group: ref('aws_cloudwatch_log_group', 'name') },
  });
  expect(one('aws_lambda_permission')).toMatchObject({
    function_name: ref('aws_lambda_function', 'function_name'),
    principal: 'secretsmanager.amazonaws.com',
    source_account: '123456789012',
  });
  const policy = statements(one('aws_iam_role_policy')['policy']);
  expect(policy['RotateSecrets']?.['Resource']).toBe('arn:secret-??????');
  expect(policy['SetPassword']?.['Resource']).toBe('arn:aws:rds:eu-central-1:123456789012:cluster:x');
});

test('an archive is the same bytes for the same files, and Python unpacks it', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'terrace-zip-'));
  try {
    const files = [
      { name: 'index.mjs', content: 'export const handler = () => {};\n' },
      { name: 'lib/größe.txt', content: 'ä€\n' },
    ];
    writeFileSync(path.join(folder, 'a.zip'), zip(files));
    expect(zip(files).equals(zip(files))).toBe(true);
    const script =
      'import json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nprint(json.dumps({i.filename:[z.read(i).decode(),list(i.date_time)[:3]] for i in z.infolist()}))';
    const unpacked = JSON.parse(execFileSync('python3', ['-c', script, path.join(folder, 'a.zip')], { encoding: 'utf8' }));
    expect(unpacked).toEqual({
      'index.mjs': ['export const handler = () => {};\n', [1980, 1, 1]],
      'lib/größe.txt': ['ä€\n', [1980, 1, 1]],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('archives of different content differ', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(zip([{ name: 'x', content: a }]).equals(zip([{ name: 'x', content: b }]))).toBe(Buffer.from(a).equals(Buffer.from(b)));
    }),
  );
});
