import { expect, test } from '@jest/globals';

import { policyDocument } from '../../../terrace/sandbox/providers/kinds/aws/policy-document';

const none = { source_policy_documents: null, override_policy_documents: null, version: null, policy_id: null };
const statement = (more: object): object => ({
  sid: null,
  effect: null,
  actions: null,
  not_actions: null,
  resources: null,
  not_resources: null,
  principals: [],
  not_principals: [],
  condition: [],
  ...more,
});
const document = (config: object): { readonly Statement: readonly unknown[] } =>
  JSON.parse(String(policyDocument({ ...none, ...config })['json']));

test('one action is a text, several are a list in the provider’s descending order', () => {
  expect(document({ statement: [statement({ actions: ['a:B'] }), statement({ actions: ['a:A', 'a:C', 'a:B'] })] }).Statement).toEqual([
    { Effect: 'Allow', Action: 'a:B' },
    { Effect: 'Allow', Action: ['a:C', 'a:B', 'a:A'] },
  ]);
});

test('principals are grouped by type; everybody is a star', () => {
  const grouped = statement({
    principals: [
      { type: 'Service', identifiers: ['b', 'a'] },
      { type: 'AWS', identifiers: ['x'] },
    ],
  });
  const everybody = statement({ principals: [{ type: '*', identifiers: ['*'] }] });
  expect(document({ statement: [grouped, everybody] }).Statement).toEqual([
    { Effect: 'Allow', Principal: { AWS: 'x', Service: ['b', 'a'] } },
    { Effect: 'Allow', Principal: '*' },
  ]);
});

test('conditions are grouped by test and variable', () => {
  const condition = [
    { test: 'StringEquals', variable: 'b', values: ['1'] },
    { test: 'StringEquals', variable: 'a', values: ['1', '2'] },
    { test: 'Bool', variable: 'c', values: ['true'] },
  ];
  expect(document({ statement: [statement({ condition })] }).Statement).toEqual([
    { Effect: 'Allow', Condition: { Bool: { c: 'true' }, StringEquals: { a: ['1', '2'], b: '1' } } },
  ]);
});

test('statements of other documents are merged; the same sid overrides, and may not repeat among sources', () => {
  const source = JSON.stringify({ Statement: [{ Sid: 'A', Effect: 'Allow' }, { Effect: 'Deny' }] });
  expect(document({ source_policy_documents: [source], statement: [statement({ sid: 'A', effect: 'Deny' })] }).Statement).toEqual([
    { Sid: 'A', Effect: 'Deny' },
    { Effect: 'Deny' },
  ]);
  expect(() => document({ source_policy_documents: [source, source], statement: [] })).toThrow('duplicate Sid');
  expect(document({ override_policy_documents: [source], statement: [statement({ sid: 'A', actions: ['x'] })] }).Statement).toEqual([
    { Sid: 'A', Effect: 'Allow' },
    { Effect: 'Deny' },
  ]);
});

test('terraform’s own interpolation stays out of AWS policy variables', () => {
  expect(document({ statement: [statement({ resources: ['home/&{aws:username}'] })] }).Statement).toEqual([
    { Effect: 'Allow', Resource: 'home/${aws:username}' },
  ]);
});

test('a document without statements, with an id and another version', () => {
  expect(document({ statement: [], policy_id: 'p', version: '2008-10-17' })).toEqual({ Version: '2008-10-17', Id: 'p' });
});
