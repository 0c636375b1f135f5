import { expect, test } from '@jest/globals';

import { lostSecrets, type SecretSources } from '../../../terrace/delivery/masking/flow';
import type { PlanJson } from '../../../terrace/terraform/plan-json';
import type { Json } from '../../../terrace/base/json';

const sources: SecretSources = {
  variables: new Set(['secret']),
  outputs: new Set(['data.terraform_remote_state.vpc.outputs.token']),
};

/** The plan that a configuration gives, with these values after it. */
function lost(
  configuration: object,
  after: { readonly [address: string]: { readonly [attribute: string]: Json } },
  more: { readonly sensitive?: { readonly [address: string]: object }; readonly outputs?: { readonly [name: string]: Json } } = {},
): readonly Json[] {
  const plan: PlanJson = {
    format_version: '1.2',
    resource_changes: Object.entries(after).map(([address, values]) => {
      const [type = '', name = ''] = address.split('.');
      const after_sensitive = { ...more.sensitive?.[address] } as { readonly [attribute: string]: boolean };
      return { address, mode: 'managed', type, name, change: { actions: ['create'], before: null, after: values, after_sensitive } };
    }),
    output_changes: Object.fromEntries(
      Object.entries(more.outputs ?? {}).map(([name, value]) => [name, { actions: ['create'], before: null, after: value }]),
    ),
  };
  return lostSecrets(plan, configuration, sources);
}

test('what nonsensitive() makes of a sensitive variable is secret wherever it goes: locals of locals, functions, other resources, outputs', () => {
  const found = lost(
    {
      locals: { tail: '${substr(nonsensitive(var.secret), 2, 9)}', url: '${format("https://%s@host", local.tail)}', plain: 'a-name' },
      resource: {
        terraform_data: {
          one: { input: '${strrev(local.url)}', triggers_replace: '${local.plain}' },
          two: { input: { deep: ['ordinary', '${upper(terraform_data.one.output)}'], name: '${local.plain}' } },
        },
      },
      output: { shown: { value: 'x-${terraform_data.two.output.deep[1]}' }, other: { value: '${local.plain}' } },
    },
    {
      'terraform_data.one': { input: 'tsoh@reversed', triggers_replace: 'a-name' },
      'terraform_data.two': { input: { deep: ['ordinary', 'TSOH@REVERSED'], name: 'a-name' } },
    },
    { outputs: { shown: 'x-TSOH@REVERSED', other: 'a-name' } },
  );
  expect(found).toEqual(['tsoh@reversed', 'TSOH@REVERSED', 'x-TSOH@REVERSED']);
});

test('an output that another state calls sensitive is secret, also where a function changed it; what is wrapped is terraform’s to mark', () => {
  const token = 'data.terraform_remote_state.vpc.outputs.token';
  const found = lost(
    {
      resource: {
        terraform_data: {
          changed: { input: `\${upper(${token})}` },
          wrapped: { input: `\${sensitive(${token})}` },
          other: { input: '${data.terraform_remote_state.vpc.outputs.vpc_id}' },
        },
      },
    },
    {
      'terraform_data.changed': { input: 'UPPER-TOKEN' },
      'terraform_data.wrapped': { input: 'marked-by-terraform' },
      'terraform_data.other': { input: 'vpc-123' },
    },
  );
  expect(found).toEqual(['UPPER-TOKEN']);
});

test('what terraform marks of a resource and nonsensitive() opens is secret; each instance and each element by its place', () => {
  const found = lost(
    {
      resource: {
        random_password: { made: { length: 20 }, many: { count: 2, length: 20 } },
        aws_instance: {
          web: {
            count: 2,
            user_data: '${replace(nonsensitive(random_password.made.result), "a", "b")}',
            tags: [
              { key: 'Name', value: 'web' },
              { key: 'Token', value: '${lower(nonsensitive(random_password.many[1].result))}' },
            ],
            ami: 'ami-123',
          },
        },
      },
    },
    {
      'random_password.made': { result: 'the-password' },
      'random_password.many[1]': { result: 'another-password' },
      'aws_instance.web[0]': {
        user_data: 'bbb',
        ami: 'ami-123',
        tags: [
          { key: 'Name', value: 'web' },
          { key: 'Token', value: 'lowered' },
        ],
      },
    },
    { sensitive: { 'random_password.made': { result: true }, 'random_password.many[1]': { result: true } } },
  );
  expect(found).toEqual(['bbb', 'lowered']);
});

test('nothing is taken for a secret that comes of none: nonsensitive() of an ordinary value, a local beside a secret one, a comment', () => {
  const found = lost(
    {
      '//': { note: '${nonsensitive(var.secret)}' },
      locals: { id: '${nonsensitive(var.region)}', secret: '${var.secret}' },
      resource: { terraform_data: { one: { input: '${local.id}' }, two: { input: '${local.secret}' } } },
    },
    { 'terraform_data.one': { input: 'eu-central-1' }, 'terraform_data.two': { input: 'marked by terraform' } },
  );
  expect(found).toEqual([]);
});
