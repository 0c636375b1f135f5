import { defaultNames } from '../../terrace/state/backend-names';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { policiesOf, statementsOf, type PolicyStatement } from '../../terrace/iam/statements';

const scope = { account: '123456789012', project: 'x', environment: 'dev', backend: defaultNames };

test('grants on the same resources under the same conditions become one statement', () => {
  const on = () => ['arn:b', 'arn:a'];
  const condition = () => ({ Bool: { x: 'true' } });
  expect(
    statementsOf(
      [
        { kind: 'read', actions: ['s:B', 's:A'], on },
        { kind: 'write', actions: ['s:A', 's:C'], on },
        { kind: 'write', actions: ['s:D'], on, conditions: condition },
      ],
      scope,
    ),
  ).toEqual([
    { Sid: 'Types1', Effect: 'Allow', Action: ['s:A', 's:B', 's:C'], Resource: ['arn:a', 'arn:b'] },
    { Sid: 'Types2', Effect: 'Allow', Action: ['s:D'], Resource: ['arn:a', 'arn:b'], Condition: { Bool: { x: 'true' } } },
  ]);
});

test('policies hold every statement whole or in pieces, within the limit of AWS', () => {
  const statement = fc.record({
    Sid: fc.stringMatching(/^[A-Z][a-z]{0,5}$/),
    Effect: fc.constantFrom('Allow' as const, 'Deny' as const),
    Action: fc.uniqueArray(fc.stringMatching(/^s3:[A-Z][a-z]{3,30}$/), { minLength: 1, maxLength: 60 }),
    Resource: fc.uniqueArray(fc.stringMatching(/^arn:[a-z/]{20,120}$/), { minLength: 1, maxLength: 60 }),
  });
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 12 }), (statements) => {
      const policies = policiesOf(statements);
      const pairs = (list: readonly PolicyStatement[]) =>
        new Set(
          list.flatMap(({ Effect, Action, Resource }) =>
            Action.flatMap((action) => Resource.map((resource) => `${Effect} ${action} ${resource}`)),
          ),
        );
      const parsed: readonly PolicyStatement[] = policies.flatMap((policy) => JSON.parse(policy).Statement);
      expect(pairs(parsed)).toEqual(pairs(statements));
      for (const policy of policies) expect(policy.length).toBeLessThanOrEqual(6144);
    }),
    { numRuns: 50 },
  );
});

test('denials stand in the first policy', () => {
  const [first] = policiesOf([
    { Sid: 'A', Effect: 'Allow', Action: ['s:A'], Resource: ['*'] },
    { Sid: 'D', Effect: 'Deny', Action: ['s:D'], Resource: ['*'] },
  ]);
  expect(JSON.parse(first ?? '').Statement.map(({ Sid }: PolicyStatement) => Sid)).toEqual(['D', 'A']);
});
