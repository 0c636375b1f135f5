import { expect, test } from '@jest/globals';

import { failed } from '../../../terrace/delivery/problems';
import { failedSources, withMockedSources, withSourcesMocked } from '../../../terrace/delivery/plan/mocked-sources';

const errors = [
  'Error: reading Secrets Manager Secret (ai-tools/db): couldn’t find resource',
  '  with data.aws_secretsmanager_secret.replica-db,',
  '  on main.tf.json line 12, in data.aws_secretsmanager_secret.replica-db:',
].join('\n');

const json = {
  data: { aws_secretsmanager_secret: { 'replica-db': { name: 'ai-tools/db' } }, aws_caller_identity: { me: {} } },
  resource: {
    aws_iam_policy: { read: { policy: 'on ${data.aws_secretsmanager_secret.replica-db.arn} by ${data.aws_caller_identity.me.id}' } },
  },
};

test('data sources that fail are found in terraform’s errors, and none where something else failed as well', () => {
  expect(failedSources(errors)).toEqual(['aws_secretsmanager_secret.replica-db']);
  expect(failedSources(`${errors}\nError: Invalid CIDR\n  with aws_vpc.main,`)).toEqual([]);
  expect(failedSources('terraform plan ended with 1')).toEqual([]);
});

test('what is read of a failed data source is a mock, which is named, and the others are still read', () => {
  expect(withMockedSources('shop/live/eu/security/secrets', { json, mocks: [] }, failedSources(errors))).toEqual({
    json: {
      resource: {
        aws_iam_policy: {
          read: { policy: 'on ${local.terrace_mock_data_aws_secretsmanager_secret_replica-db_arn} by ${data.aws_caller_identity.me.id}' },
        },
      },
      data: { aws_caller_identity: { me: {} } },
      locals: {
        'terrace_mock_data_aws_secretsmanager_secret_replica-db_arn':
          'arn:aws:mock:us-east-1:000000000000:mock-secretsmanager-secret-replica-db',
      },
    },
    mocks: [
      {
        unit: 'shop/live/eu/security/secrets',
        output: 'data aws_secretsmanager_secret_replica-db_arn',
        local: 'local.terrace_mock_data_aws_secretsmanager_secret_replica-db_arn',
      },
    ],
  });
});

test('a plan is tried again with mocks for what it could not look up, and any other failure is raised', async () => {
  const tried: number[] = [];
  const planned = await withSourcesMocked('u', { json, mocks: [] }, async ({ mocks }) => {
    tried.push(mocks.length);
    if (mocks.length === 0) throw failed('E6018', { place: 'u', found: errors, todo: 'x' });
    return 'planned';
  });
  expect([planned, tried]).toEqual(['planned', [0, 1]]);
  await expect(
    withSourcesMocked('u', { json, mocks: [] }, async () => {
      throw failed('E6018', { place: 'u', found: 'Error: Invalid CIDR\n  with aws_vpc.main,', todo: 'x' });
    }),
  ).rejects.toThrow('Invalid CIDR');
});
