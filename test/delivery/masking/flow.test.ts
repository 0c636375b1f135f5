import { expect, test } from '@jest/globals';

import { lostSecrets, type SecretSources } from '../../../terrace/delivery/masking/flow';
import type { PlanJson } from '../../../terrace/terraform/plan-json';
import { scopesOf } from '../../../terrace/terraform/scope';
import type { Json } from '../../../terrace/base/json';

const sources: SecretSources = {
  variables: new Set(['secret']),
  outputs: new Set(['data.terraform_remote_state.vpc.outputs.token']),
};

/** The plan that a configuration gives, with these values after it. */
function lost(
  configuration: object,
  after: { readonly [address: string]: { readonly [attribute: string]: Json } },
  more: {
    readonly sensitive?: { readonly [address: string]: object };
    readonly outputs?: { readonly [name: string]: Json };
    /** Configurations of modules, by folder. */
    readonly modules?: { readonly [folder: string]: object };
  } = {},
): readonly Json[] {
  const plan: PlanJson = {
    format_version: '1.2',
    resource_changes: Object.entries(after).map(([address, values]) => {
      const [, module_address, type = '', name = ''] = /^((?:module\.[^.]+\.?)*?)\.?([a-z]\w*)\.([^.]+)$/.exec(address) ?? [];
      const after_sensitive = { ...more.sensitive?.[address] } as { readonly [attribute: string]: boolean };
      return {
        address,
        ...(module_address === '' ? {} : { module_address }),
        mode: 'managed',
        type,
        name,
        change: { actions: ['create'], before: null, after: values, after_sensitive },
      };
    }),
    output_changes: Object.fromEntries(
      Object.entries(more.outputs ?? {}).map(([name, value]) => [name, { actions: ['create'], before: null, after: value }]),
    ),
  };
  const scope = scopesOf([configuration], (_from, source) => {
    const folder = String(source);
    const document = more.modules?.[folder];
    return document === undefined ? undefined : { folder, documents: [document] };
  });
  return lostSecrets(plan, scope, sources);
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

test('what a provider gives back of a secret has no mark: what a function makes of it is secret, if its value would not be recognised', () => {
  const found = lost(
    {
      locals: { backwards: '${strrev(terraform_data.held.output)}' },
      resource: {
        terraform_data: {
          held: { input: '${var.secret}' },
          copy: { input: '${jsonencode({ p = terraform_data.held.output })}' },
          turned: { input: '${local.backwards}' },
          hashed: { input: { deep: '${sha256(terraform_data.copy.output)}', name: 'a-name' } },
        },
      },
    },
    {
      'terraform_data.held': { input: 'hunter2-hunter3' },
      'terraform_data.copy': { input: '{"p":"hunter2-hunter3"}' },
      'terraform_data.turned': { input: '3retnuh-2retnuh' },
      'terraform_data.hashed': { input: { deep: 'ab12cd34', name: 'a-name' } },
    },
    { sensitive: { 'terraform_data.held': { input: true } } },
  );
  expect(found).toEqual(['3retnuh-2retnuh', 'ab12cd34']);
});

test('a secret variable that is declared without its mark is secret wherever it goes', () => {
  const found = lost(
    {
      variable: { secret: { type: 'string' } },
      resource: { terraform_data: { one: { input: '${strrev(var.secret)}', triggers_replace: '${var.other}' } } },
      output: { shown: { value: '${substr(var.secret, 0, 4)}' } },
    },
    { 'terraform_data.one': { input: '2retnuh', triggers_replace: 'other' } },
    { outputs: { shown: 'hunt' } },
  );
  expect(found).toEqual(['2retnuh', 'hunt']);
});

test('of what a provider gives back, functions that keep it whole leave it to be found by its value; one that decodes, cuts or changes it does not', () => {
  const held = 'terraform_data.held.output';
  const made: { readonly [text: string]: boolean } = {
    [`\${base64encode(format("app:%s", ${held}))}`]: false,
    [`\${yamlencode({ p = indent(2, ${held}) })}`]: false,
    [`\${format("%.4s", ${held})}`]: true,
    [`\${format(local.way, ${held})}`]: true,
    [`\${base64decode(${held})}`]: true,
    [`\${jsondecode(${held}).password}`]: true,
    [`\${upper(${held})}`]: true,
    [`\${core::substr(${held}, 0, 4)}`]: true,
  };
  for (const [text, isLost] of Object.entries(made)) {
    const found = lost(
      { resource: { terraform_data: { held: { input: '${var.secret}' }, made: { input: text } } } },
      { 'terraform_data.held': { input: 'hunter2-hunter3' }, 'terraform_data.made': { input: 'made-of-it' } },
      { sensitive: { 'terraform_data.held': { input: true } } },
    );
    expect([text, found]).toEqual([text, isLost ? ['made-of-it'] : []]);
  }
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

test('a secret that lost its mark is followed into a module, through its locals, and out of it again, to any depth', () => {
  const token = 'data.terraform_remote_state.vpc.outputs.token';
  const found = lost(
    {
      module: {
        m: [{ source: './m', key: `\${strrev(${token})}`, plain: 'eu-central-1' }],
        opened: { source: './m', key: '${nonsensitive(var.secret)}', plain: '${var.region}' },
      },
      resource: { terraform_data: { after: { input: '${upper(module.m.made)}', triggers_replace: '${module.m.region}' } } },
      output: { out: { value: '${module.opened.made}' } },
    },
    {
      'module.m.terraform_data.one': { input: 'nekot-x' },
      'module.m.module.deep.terraform_data.two[0]': { input: 'deep-nekot', triggers_replace: 'eu-central-1' },
      'module.opened.terraform_data.one': { input: 'opened-x' },
      'terraform_data.after': { input: 'DEEP-NEKOT', triggers_replace: 'eu-central-1' },
    },
    {
      outputs: { out: 'deep-opened' },
      modules: {
        './m': {
          variable: { key: {}, plain: {} },
          locals: { key: '${var.key}-x' },
          resource: { terraform_data: { one: { input: '${local.key}' } } },
          module: { deep: { source: './deep', key: '${local.key}', plain: '${var.plain}' } },
          output: { made: { value: '${module.deep.made}' }, region: { value: '${var.plain}' } },
        },
        './deep': {
          variable: { key: {}, plain: {} },
          resource: { terraform_data: { two: { count: 1, input: 'deep-${var.key}', triggers_replace: '${var.plain}' } } },
          output: { made: { value: '${terraform_data.two[0].input}' } },
        },
      },
    },
  );
  expect(found).toEqual(['nekot-x', 'deep-nekot', 'opened-x', 'DEEP-NEKOT', 'deep-opened']);
});

test('what a module itself makes secret is found in it; what its variable or output is declared sensitive for is terraform’s to mark', () => {
  const found = lost(
    {
      module: { m: { source: './m', marked: `\${data.terraform_remote_state.vpc.outputs.token}` } },
      resource: { terraform_data: { after: { input: '${module.m.marked}' } } },
    },
    {
      'module.m.random_password.made': { result: 'the-password' },
      'module.m.terraform_data.one': { input: 'drowssap', triggers_replace: 'marked by terraform' },
      'terraform_data.after': { input: 'marked by terraform' },
    },
    {
      sensitive: { 'module.m.random_password.made': { result: true } },
      modules: {
        './m': {
          variable: { marked: { sensitive: true } },
          resource: {
            random_password: { made: { length: 12 } },
            terraform_data: {
              one: { input: '${strrev(nonsensitive(random_password.made.result))}', triggers_replace: '${upper(var.marked)}' },
            },
          },
          output: { marked: { value: '${upper(var.marked)}', sensitive: true } },
        },
      },
    },
  );
  expect(found).toEqual(['drowssap']);
});

test('what goes through for_each, a dynamic block, an index by name or a loop is found; a module that calls itself ends', () => {
  const found = lost(
    {
      locals: { opened: '${toset([nonsensitive(var.secret)])}' },
      resource: {
        random_password: { made: { for_each: ['a'], length: 12 } },
        terraform_data: {
          each: { for_each: '${local.opened}', input: 'x-${each.value}' },
          named: { input: '${upper(nonsensitive(random_password.made["a"]["result"]))}' },
          loop: { input: '${[for one in random_password.made : lower(nonsensitive(one.result))]}' },
        },
        aws_instance: {
          web: {
            ami: 'ami-123',
            dynamic: { block: [{ for_each: '${local.opened}', content: [{ name: 'data', token: 'y-${block.value}' }] }] },
          },
        },
      },
      module: { again: { source: './again' } },
    },
    {
      'random_password.made["a"]': { result: 'the-password' },
      'terraform_data.each["x"]': { input: 'x-opened' },
      'terraform_data.named': { input: 'THE-PASSWORD' },
      'terraform_data.loop': { input: ['the-lowered'] },
      'aws_instance.web': { ami: 'ami-123', block: [{ name: 'data', token: 'y-opened' }] },
    },
    {
      sensitive: { 'random_password.made["a"]': { result: true } },
      modules: { './again': { module: { again: { source: './again' } } } },
    },
  );
  expect(found).toEqual(['x-opened', 'THE-PASSWORD', ['the-lowered'], 'y-opened']);
});
