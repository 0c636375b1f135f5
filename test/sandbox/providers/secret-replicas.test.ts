import { expect, test } from '@jest/globals';

import { secretDataSource } from '../../../terrace/sandbox/providers/kinds/aws/secret-replicas';
import type { ObjectValue } from '../../../terrace/sandbox/providers/protocol/value';

const arn = (region: string): string => `arn:aws:secretsmanager:${region}:123456789012:secret:url-AbCdEf`;

/** What a connection of one account and region finds, when there is one secret in eu-central-1 with a replica in ap-southeast-1. */
function find(account: string, region: string, config: ObjectValue): unknown {
  const values = {
    name: 'url',
    arn: arn('eu-central-1'),
    kms_key_id: 'here',
    description: 'd',
    replica: [{ region: 'ap-southeast-1', kms_key_id: 'there' }],
  };
  const provider = { name: 'aws', cloud: { list: () => [{ key: 'k', record: { scope: '123456789012/eu-central-1', values } }] } };
  const call = { provider, settings: { scope: `${account}/${region}`, values: { account, region }, defaultTags: {} } };
  return secretDataSource(call as never, config);
}

test('a secret is found in its own region, and its replica in the other with the key of that region', () => {
  expect(find('123456789012', 'eu-central-1', { name: 'url' })).toMatchObject({ arn: arn('eu-central-1'), kms_key_id: 'here' });
  expect(find('123456789012', 'ap-southeast-1', { name: 'url' })).toMatchObject({
    id: arn('ap-southeast-1'),
    arn: arn('ap-southeast-1'),
    kms_key_id: 'there',
  });
  expect(find('123456789012', 'ap-southeast-1', { arn: arn('ap-southeast-1') })).toMatchObject({ name: 'url' });
});

test('no other account, region or name finds it', () => {
  expect(() => find('999999999999', 'eu-central-1', { name: 'url' })).toThrow('no matching aws_secretsmanager_secret found');
  expect(() => find('123456789012', 'us-east-1', { name: 'url' })).toThrow('no matching aws_secretsmanager_secret found');
  expect(() => find('123456789012', 'eu-central-1', { name: 'other' })).toThrow('no matching aws_secretsmanager_secret found');
});
