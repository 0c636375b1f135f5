import { expect, test } from '@jest/globals';

import { sandboxEnvironment } from '../../../terrace/sandbox/environment/environment';

const entry = { Protocol: 'grpc', ProtocolVersion: 6, Pid: 7, Test: true, Addr: { Network: 'tcp', String: '127.0.0.1:20001' } } as const;
const facts = {
  id: 'abcdef012345',
  dir: '/projects/shop/project/.sandbox',
  secret: 'own-secret',
  port: 20000,
  reattach: { 'registry.terraform.io/hashicorp/aws': entry },
  lifetime: 4242,
  account: '123456789012',
  variables: { certificate_arn: 'arn:aws:acm:eu-central-1:123456789012:certificate/1' },
};

test('every service of AWS that terraform reaches by name is the sandbox', () => {
  expect(sandboxEnvironment(facts, {})).toMatchObject({
    AWS_ENDPOINT_URL_S3: 'http://s3.sandbox',
    AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:20000',
    AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:20000',
    AWS_ACCESS_KEY_ID: 'SANDBOX123456789012',
    AWS_SECRET_ACCESS_KEY: 'own-secret',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
  });
});

test('every proxy variable, in both spellings, points to the sandbox, and only loopback goes past it', () => {
  const variables = sandboxEnvironment(facts, { NO_PROXY: '.corp.example', http_proxy: 'http://proxy.corp.example:3128' });
  for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'])
    expect(variables[name]).toBe('http://127.0.0.1:20000');
  for (const name of ['NO_PROXY', 'no_proxy']) expect(variables[name]).toBe('localhost,127.0.0.1,::1');
});

test('terraform installs and checks nothing from outside, and keeps its data beside the real one', () => {
  expect(sandboxEnvironment(facts, {})).toMatchObject({
    CHECKPOINT_DISABLE: '1',
    TF_DATA_DIR: '.terraform-sandbox',
    TF_CLI_CONFIG_FILE: '/projects/shop/project/.sandbox/terraform.rc',
    TF_PLUGIN_CACHE_DIR: '',
    TERRACE_SANDBOX: 'abcdef012345',
    TERRACE_SANDBOX_DIR: '/projects/shop/project/.sandbox',
  });
});

test('providers are listed under both registry hosts, with the process that outlives the variables', () => {
  const reattach: unknown = JSON.parse(sandboxEnvironment(facts, {})['TF_REATTACH_PROVIDERS'] ?? '');
  const expected = { ...entry, Pid: 4242 };
  expect(reattach).toEqual({ 'registry.terraform.io/hashicorp/aws': expected, 'registry.opentofu.org/hashicorp/aws': expected });
});

test('a provider that is already listed under the other host is not listed twice', () => {
  const both = { 'registry.terraform.io/hashicorp/aws': entry, 'registry.opentofu.org/hashicorp/aws': entry };
  const reattach: unknown = JSON.parse(sandboxEnvironment({ ...facts, reattach: both }, {})['TF_REATTACH_PROVIDERS'] ?? '');
  expect(Object.keys(reattach as object).toSorted()).toEqual([
    'registry.opentofu.org/hashicorp/aws',
    'registry.terraform.io/hashicorp/aws',
  ]);
});

test.each([
  'AWS_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_ENDPOINT_URL',
  'HCLOUD_TOKEN',
  'GITHUB_TOKEN',
  'KUBECONFIG',
  'TF_WORKSPACE',
  'TF_ENCRYPTION',
  'SSH_AUTH_SOCK',
  'AWS_EC2_METADATA_SERVICE_ENDPOINT',
  'GCE_METADATA_HOST',
])('%s is blanked whether the shell has it or not', (name) => {
  expect(sandboxEnvironment(facts, {})[name]).toBe('');
  expect(sandboxEnvironment(facts, { [name]: 'real' })[name]).toBe('');
});

test.each([
  'ARM_CLIENT_SECRET',
  'AZURE_CONFIG_DIR',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'CLOUDFLARE_API_TOKEN',
  'SUPABASE_ACCESS_TOKEN',
  'UPSTASH_API_KEY',
  'SENTRY_AUTH_TOKEN',
  'PAGERDUTY_TOKEN',
  'TF_TOKEN_app_terraform_io',
  'AWS_ENDPOINT_URL_KMS',
  'AWS_USE_FIPS_ENDPOINT',
  'AWS_USE_DUALSTACK_ENDPOINT',
  'BETTERUPTIME_API_TOKEN',
  'DD_API_KEY',
  'TF_CLI_ARGS',
  'TF_CLI_ARGS_plan',
  'TG_QUEUE_INCLUDE_DIR',
  'TERRAGRUNT_CONFIG',
])('%s is blanked where the shell has it', (name) => {
  expect(sandboxEnvironment(facts, { [name]: 'real' })[name]).toBe('');
});

test('what is no credential, address or plug-in stays as it is', () => {
  const shell = {
    PATH: '/bin',
    HOME: '/home/me',
    AWS_REGION: 'eu-central-1',
    TF_LOG: 'trace',
    GITHUB_ACTIONS: 'true',
    ARMOUR: 'x',
    TF_VAR_other: 'y',
  };
  const variables = sandboxEnvironment(facts, shell);
  for (const name of Object.keys(shell)) expect(variables).not.toHaveProperty(name);
});

test('generated values arrive as TF_VAR', () => {
  expect(sandboxEnvironment(facts, {})['TF_VAR_certificate_arn']).toBe('arn:aws:acm:eu-central-1:123456789012:certificate/1');
});

test('an endpoint of the sandbox is never blanked by its own family', () => {
  const shell = {
    AWS_ENDPOINT_URL_S3: 'https://s3.real.example',
    AWS_ENDPOINT_URL_STS: 'https://sts.real.example',
    TF_REATTACH_PROVIDERS: '{}',
  };
  const variables = sandboxEnvironment(facts, shell);
  expect(variables['AWS_ENDPOINT_URL_S3']).toBe('http://s3.sandbox');
  expect(variables['AWS_ENDPOINT_URL_STS']).toBe('http://127.0.0.1:20000');
  expect(variables['TF_REATTACH_PROVIDERS']).toContain('hashicorp/aws');
});
