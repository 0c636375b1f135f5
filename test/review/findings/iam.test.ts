import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { isAnyNetwork } from '../../../terrace/review/findings/any-network';
import { conditionsCover, covers } from '../../../terrace/review/findings/iam/covers';
import { statementsOf } from '../../../terrace/review/findings/iam/statement';
import { widening } from '../../../terrace/review/findings/iam/widening';
import type { Json } from '../../../terrace/base/json';
import { reviewOf } from '../_fixtures/bundle-of';

function kinds(before: readonly Json[], after: readonly Json[]): readonly string[] {
  const [old, now] = [before, after].map((list) => statementsOf(JSON.stringify({ Statement: list })) ?? []);
  return widening(old ?? [], now ?? []).map(({ kind, action, resource, principal }) => `${kind} ${action} ${resource} ${principal}`);
}

const get = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::one/*' };

describe('what a policy newly gives', () => {
  test('nothing, where a wildcard, another case or another writing already gave it', () => {
    expect(kinds([{ ...get, Action: 's3:*' }], [get])).toEqual([]);
    expect(kinds([get], [{ ...get, Action: ['S3:getobject'], Resource: ['arn:aws:s3:::one/*'] }])).toEqual([]);
    expect(kinds([get], [get, { ...get, Resource: 'arn:aws:s3:::one/logs/*' }])).toEqual([]);
  });

  test('an action, a resource, a principal, a condition less: each by its name', () => {
    expect(kinds([get], [get, { ...get, Action: 's3:PutObject' }])).toEqual(['action s3:PutObject arn:aws:s3:::one/* *']);
    expect(kinds([get], [{ ...get, Resource: 'arn:aws:s3:::*' }])).toEqual(['resource s3:GetObject arn:aws:s3:::* *']);
    const bucket = { ...get, Principal: { AWS: 'arn:aws:iam::111111111111:root' } };
    expect(
      kinds([bucket], [{ ...bucket, Principal: { AWS: ['arn:aws:iam::111111111111:root', 'arn:aws:iam::222222222222:root'] } }]),
    ).toEqual(['principal s3:GetObject arn:aws:s3:::one/* AWS:arn:aws:iam::222222222222:root']);
    const conditional = { ...get, Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } };
    expect(kinds([conditional], [get])).toEqual(['condition s3:GetObject arn:aws:s3:::one/* *']);
    expect(kinds([get], [conditional])).toEqual([]);
  });

  test('a denial that goes away, or that is weakened', () => {
    const deny = { Effect: 'Deny', Action: 's3:*', Resource: '*' };
    expect(kinds([get, deny], [get])).toEqual(['deny s3:* * *']);
    expect(kinds([get, deny], [get, { ...deny, Action: 's3:Delete*' }])).toEqual(['deny s3:* * *']);
    expect(kinds([get], [get, deny])).toEqual([]);
  });

  test('an Allow of everything but something, whenever it is new or another', () => {
    expect(kinds([get], [get, { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }])).toEqual(['exclusion all but iam:* * *']);
    expect(
      kinds([{ Effect: 'Allow', NotAction: ['iam:*', 'sts:*'], Resource: '*' }], [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }]),
    ).toEqual(['exclusion all but iam:* * *']);
  });

  test('is not compared where the text is no policy', () => {
    expect(statementsOf('not JSON')).toBeUndefined();
    expect(statementsOf(undefined)).toEqual([]);
  });
});

test('a pattern covers another exactly where it does for every text that the other matches', () => {
  expect(covers('s3:*', 's3:Get*')).toBe(true);
  expect(covers('s3:Get*', 's3:*')).toBe(false);
  expect(covers('s3:Get?', 's3:GetX')).toBe(true);
  expect(covers('s3:Get?', 's3:Get*')).toBe(false);
  expect(covers('a*c', 'abbc')).toBe(true);
  const part = fc.stringMatching(/^[ab*?]{0,6}$/);
  const plain = fc.stringMatching(/^[ab]{0,6}$/);
  const matches = (pattern: string, text: string): boolean =>
    new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text);
  fc.assert(
    fc.property(part, part, plain, (outer, inner, text) => !covers(outer, inner) || !matches(inner, text) || matches(outer, text)),
    { numRuns: 3000 },
  );
});

test('fewer alternatives and more exclusions are stricter', () => {
  const condition = (operator: string, values: readonly string[]) => [{ operator, key: 'aws:SourceIp', values }];
  expect(conditionsCover(condition('StringEquals', ['a', 'b']), condition('StringEquals', ['a']))).toBe(true);
  expect(conditionsCover(condition('StringEquals', ['a']), condition('StringEquals', ['a', 'b']))).toBe(false);
  expect(conditionsCover(condition('StringNotEquals', ['a']), condition('StringNotEquals', ['a', 'b']))).toBe(true);
  expect(conditionsCover(condition('StringLike', ['repo:x:*']), condition('StringLike', ['repo:x:main']))).toBe(true);
  expect(conditionsCover(condition('StringLike', ['a']), condition('StringEquals', ['a']))).toBe(false);
});

test('half of the internet counts as the internet, a private network does not', () => {
  expect(['0.0.0.0/0', '::/0', '128.0.0.0/1', '*', 'Internet', '2000::/3'].map(isAnyNetwork)).toEqual([true, true, true, true, true, true]);
  expect(['10.0.0.0/8', '203.0.113.0/24', 'fc00::/7', '2001:db8::/32', 'VirtualNetwork', ''].map(isAnyNetwork)).toEqual([
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
});

test('a policy that is known only after apply is read from its data source, where that shows it', () => {
  const review = reviewOf([
    {
      address: 'data.aws_iam_policy_document.task',
      after: { statement: [{ effect: 'Allow', actions: ['iam:PassRole'], resources: ['*'] }] },
      unknown: ['json'],
    },
    {
      address: 'aws_iam_role_policy.task',
      before: { policy: '{"Statement":[]}' },
      after: {},
      unknown: ['policy'],
      refers: { policy: ['data.aws_iam_policy_document.task.json'] },
    },
  ]);
  expect(review.findings.map(({ rule, reason }) => `${rule}: ${reason}`)).toEqual([
    'iam-action-added: newly allows iam:PassRole on everything',
  ]);
});
