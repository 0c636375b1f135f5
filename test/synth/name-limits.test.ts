import { expect, test } from '@jest/globals';

import { nameLimits, nameProblems } from '../../terrace/synth/name-limits';

const check = (type: string, attributes: Record<string, unknown>) =>
  nameProblems('demo/dev/eu/network/alb', { resource: { [type]: { x: attributes } } });

test('a load balancer name of 33 characters is refused with its length', () => {
  expect(check('aws_lb', { name: 'a'.repeat(33) })).toEqual([
    expect.objectContaining({
      code: 'E2201',
      place: 'demo/dev/eu/network/alb',
      found: `aws_lb.x: name is '${'a'.repeat(33)}' (33 characters)`,
      expected: expect.stringContaining('1 to 32 characters'),
    }),
  ]);
  expect(check('aws_lb', { name: 'a'.repeat(32) })).toEqual([]);
});

test.each([
  ['aws_s3_bucket', 'bucket', 'Upper-case', 'ai-tools-artifacts-dev-eu-central-1'],
  ['aws_rds_cluster', 'cluster_identifier', 'ends-with-', 'ai-tools-dev'],
  ['aws_kms_alias', 'name', 'ai-tools', 'alias/ai-tools-dev'],
  ['azurerm_storage_account', 'name', 'with-hyphen', 'promatadev'],
  ['hcloud_server', 'name', '-web', 'tux-production-web1'],
])('%s: %s %s is refused and %s is not', (type, attribute, wrong, right) => {
  expect(check(type, { [attribute]: wrong })).toHaveLength(1);
  expect(check(type, { [attribute]: right })).toEqual([]);
});

test('a nested name is found', () => expect(check('kubernetes_namespace', { metadata: { name: 'Bad_Name' } })).toHaveLength(1));
test('a name with an expression in it is not judged', () =>
  expect(check('aws_lb', { name: '${var.name}-with-a-very-long-suffix-behind-it' })).toEqual([]));
test('no type and attribute has two limits', () =>
  expect(new Set(nameLimits.map(({ type, attribute }) => `${type}.${attribute}`)).size).toBe(nameLimits.length));
