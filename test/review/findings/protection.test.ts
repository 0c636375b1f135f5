import { expect, test } from '@jest/globals';

import { reviewOf } from '../_fixtures/bundle-of';
import type { MadeChange } from '../_fixtures/plan-of';

const found = (change: MadeChange): readonly string[] =>
  reviewOf([change]).findings.map(({ severity, rule, reason }) => `${severity} ${rule}: ${reason}`);
const rules = (before: readonly object[], after: readonly object[]): MadeChange => ({
  address: 'cloudflare_ruleset.waf',
  before: { phase: 'http_request_firewall_managed', rules: before as never },
  after: { phase: 'http_request_firewall_managed', rules: after as never },
});
const managed = { description: 'managed', action: 'execute', expression: 'true', enabled: true };

test('a rule at the edge that skips others is found, also where it has the words of another', () => {
  expect(found(rules([managed], [{ ...managed, action: 'skip' }, managed]))).toEqual([
    'high edge-protection-off: skips other rules: managed',
  ]);
});

test('a rule at the edge that holds for fewer requests, or whose overrides only log, is found', () => {
  expect(found(rules([managed], [{ ...managed, expression: 'false' }]))).toEqual([
    'high edge-protection-off: managed holds for other requests: true → false',
  ]);
  const overridden = (action: string) => ({ ...managed, action_parameters: { id: '1', overrides: { action } } });
  expect(found(rules([overridden('block')], [overridden('log')]))).toEqual(['high edge-protection-off: managed is overridden: only log']);
  expect(found(rules([overridden('log')], [overridden('block')]))).toEqual([]);
  expect(found(rules([managed], [managed, { ...managed, description: 'more' }]))).toEqual([]);
});

test('origin pulls that are switched off, and a server that a firewall leaves, are found', () => {
  const pulls = (enabled: boolean) => ({ config: [{ enabled, hostname: 'a.example.org' }] });
  const origin = { address: 'cloudflare_authenticated_origin_pulls.all' };
  expect(found({ ...origin, before: pulls(true), after: pulls(false) })).toHaveLength(1);
  expect(found({ ...origin, before: pulls(false), after: pulls(true) })).toEqual([]);
  const attachment = { address: 'hcloud_firewall_attachment.web' };
  expect(found({ ...attachment, before: { server_ids: [1, 2] }, after: { server_ids: [1] } })).toEqual([
    'high edge-protection-off: the firewall no longer protects 1 of 2',
  ]);
  expect(found({ ...attachment, before: { server_ids: [1] } })).toHaveLength(1);
  expect(found({ ...attachment, before: { server_ids: [1] }, after: { server_ids: [1, 2] } })).toEqual([]);
});

test('an alarm that goes off later is found, one that goes off sooner is not', () => {
  const alarm = (comparison_operator: string, from: number, to: number): MadeChange => ({
    address: 'aws_cloudwatch_metric_alarm.cpu',
    before: { comparison_operator, threshold: from },
    after: { comparison_operator, threshold: to },
  });
  expect(found(alarm('GreaterThanThreshold', 75, 99))).toEqual(['medium monitoring-off: the alarm goes off later: threshold 75 → 99']);
  expect(found(alarm('LessThanThreshold', 10, 1))).toHaveLength(1);
  expect(found(alarm('GreaterThanThreshold', 99, 75))).toEqual([]);
  expect(found(alarm('LessThanThreshold', 1, 10))).toEqual([]);
});

test('what a bucket keeps for a shorter time is found, in any of its rules and where it kept it for ever', () => {
  const ages = (...rule: readonly object[]) => ({ rule: rule as never });
  const bucket = (before: object, after: object): MadeChange => ({
    address: 'aws_s3_bucket_lifecycle_configuration.data',
    before: before as never,
    after: after as never,
  });
  expect(
    found(bucket(ages({ expiration: [{ days: 2555 }] }), ages({ expiration: [{ days: 2555 }] }, { expiration: [{ days: 1 }] }))),
  ).toEqual(['high backup-reduced: rule.expiration.days: 2555 → 1']);
  expect(found(bucket(ages({ id: 'a' }), ages({ id: 'a', expiration: [{ days: 30 }] })))).toEqual([
    'high backup-reduced: rule.expiration.days: for ever → 30',
  ]);
  expect(found(bucket(ages({ expiration: [{ days: 30 }] }), ages({ expiration: [{ days: 365 }] })))).toEqual([]);
  const lock = (days: number) => ({ rule: [{ default_retention: [{ mode: 'GOVERNANCE', days }] }] });
  expect(found({ address: 'aws_s3_bucket_object_lock_configuration.data', before: lock(30), after: lock(1) })).toEqual([
    'high backup-reduced: rule.default_retention.days: 30 → 1',
  ]);
});

test('a function that everybody may call is found', () => {
  const permission = { address: 'aws_lambda_permission.call' };
  expect(found({ ...permission, after: { action: 'lambda:InvokeFunction', principal: '*' } })).toEqual([
    'critical resource-policy-public: everybody may call the function',
  ]);
  expect(found({ ...permission, after: { principal: '*', source_account: '123456789012' } })).toEqual([]);
  expect(found({ ...permission, after: { principal: 'secretsmanager.amazonaws.com' } })).toEqual([]);
  const address = { address: 'aws_lambda_function_url.open', before: { authorization_type: 'AWS_IAM' } };
  expect(found({ ...address, after: { authorization_type: 'NONE' } })).toHaveLength(1);
});

test('a policy that is attached is found, whoever made it and wherever it is named', () => {
  const own = 'arn:aws:iam::123456789012:policy/deploy';
  expect(found({ address: 'aws_iam_role_policy_attachment.a', after: { role: 'x', policy_arn: own } })).toEqual([
    `low iam-managed-policy-attached: ${own} for x`,
  ]);
  const admin = 'arn:aws:iam::aws:policy/AdministratorAccess';
  expect(
    found({
      address: 'aws_iam_role.a',
      before: { name: 'x', managed_policy_arns: [own] },
      after: { name: 'x', managed_policy_arns: [own, admin] },
    }),
  ).toEqual([`critical iam-managed-policy-attached: ${admin} for x`]);
  // What is made in the same plan is shown by itself.
  expect(found({ address: 'aws_iam_role_policy_attachment.a', after: { role: 'x' }, unknown: ['policy_arn'] })).toEqual([]);
});
