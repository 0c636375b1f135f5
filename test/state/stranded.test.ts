import { expect, test } from '@jest/globals';

import { parseState } from '../../terrace/state/state-file';
import { strandedResources } from '../../terrace/state/stranded';

const resource = (type: string, name: string, provider: string, more: object = {}) => ({
  mode: 'managed',
  type,
  name,
  provider: `provider["${provider}"]`,
  instances: [{ attributes: {} }],
  ...more,
});
const { json } = parseState(
  JSON.stringify({
    version: 4,
    serial: 1,
    lineage: 'l',
    resources: [
      resource('aws_vpc', 'v', 'registry.terraform.io/hashicorp/aws'),
      resource('aws_subnet', 's', 'registry.terraform.io/hashicorp/aws', { module: 'module.net' }),
      resource('random_id', 'r', 'registry.terraform.io/hashicorp/random'),
      resource('terraform_data', 'd', 'terraform.io/builtin/terraform'),
      resource('aws_sqs_queue', 'gone', 'registry.terraform.io/hashicorp/aws', { instances: [] }),
    ],
  }),
  'here',
);
const here = { account: '123456789012', region: 'eu-central-1' };

test('within an account and a region nothing is stranded', () => {
  expect(strandedResources(json, here, { ...here }, [])).toEqual([]);
});

test.each([
  ['another region', { ...here, region: 'eu-west-1' }],
  ['another account', { ...here, account: '210987654321' }],
])('what exists somewhere is stranded by a move to %s, what stands in the state alone is not', (_, there) => {
  expect(strandedResources(json, here, there, [])).toEqual(['aws_vpc.v', 'module.net.aws_subnet.s']);
});

test('of single resources only those that move count', () => {
  const there = { ...here, region: 'eu-west-1' };
  expect(strandedResources(json, here, there, ['module.net'])).toEqual(['module.net.aws_subnet.s']);
  expect(strandedResources(json, here, there, ['aws_vpc.v["a"]'])).toEqual(['aws_vpc.v']);
  expect(strandedResources(json, here, there, ['random_id.r'])).toEqual([]);
});
