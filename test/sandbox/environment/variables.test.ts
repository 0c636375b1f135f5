import { createPrivateKey, createPublicKey, verify } from 'node:crypto';

import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { VariableModel } from '../../../terrace/model/model';
import { generatedVariables, type VariableOwner } from '../../../terrace/sandbox/environment/variables';

const variable = (name: string, type = 'string', more: Partial<VariableModel> = {}): VariableModel => ({
  name,
  type,
  sensitive: false,
  required: true,
  description: '',
  ...more,
});
const owner = (account: string, region: string, variables: readonly VariableModel[]): VariableOwner => ({
  path: `system/env/${region}/layer/unit`,
  variables,
  backend: { bucket: `terraform-state-${account}-${region}`, key: 'k', region, kmsKeyId: 'k', useLockfile: false },
  awsRegion: region,
});
const facts = { seed: 'abc:0', account: '111111111111' };
const one = (name: string, type = 'string', description = ''): string =>
  generatedVariables([owner('123456789012', 'eu-central-1', [variable(name, type, { description })])], facts)[name] ?? '';

test("a certificate is one of the environment's account and region", () => {
  expect(one('certificate_arn')).toMatch(
    /^arn:aws:acm:eu-central-1:123456789012:certificate\/[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/,
  );
  expect(one('certificate_arn', 'string', 'for CloudFront, in us-east-1')).toMatch(/^arn:aws:acm:us-east-1:123456789012:/);
});

test.each([
  ['alarm_email', /^alarm@sandbox\.example$/],
  ['admin_cidr', /^203\.0\.113\.\d+\/32$/],
  ['office_ip', /^203\.0\.113\.\d+$/],
  ['kms_key_arn', /^arn:aws:kms:eu-central-1:123456789012:key\//],
  ['deploy_role_arn', /^arn:aws:iam::123456789012:role\//],
  ['subscription_id', /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/],
  ['account_id', /^123456789012$/],
  ['hosted_zone_id', /^Z[A-Z\d]{19}$/],
  ['domain_name', /^[a-z]{8}\.sandbox\.example$/],
  ['api_url', /^https:\/\/api-url\.sandbox\.example\//],
  ['database_url', /^postgresql:\/\/app:\w+@db\.sandbox\.example:5432\/app$/],
  ['ssh_public_key', /^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[\w+/]+={0,2} sandbox$/],
  ['database_password', /^Sb1-[A-Za-z\d]{24}$/],
  ['hcloud_token', /^[A-Za-z\d]{64}$/],
  ['cloudflare_api_token', /^[A-Za-z\d]{40}$/],
  ['home_region', /^eu-central-1$/],
  ['whatever', /^sandbox-[\da-f]{8}$/],
])('%s has its form', (name, form) => {
  expect(one(name)).toMatch(form);
});

test('the description decides where the name says too little', () => {
  expect(one('workspace_id', 'string', 'Slack workspace that AWS Chatbot posts to')).toMatch(/^T[A-Z\d]{10}$/);
  expect(one('zone_id', 'string', 'Cloudflare zone')).toMatch(/^[\da-f]{32}$/);
  expect(one('service_id', 'string', 'PagerDuty service')).toMatch(/^P[A-Z\d]{6}$/);
});

test('a private key can be read as one', () => {
  expect(createPrivateKey(one('ssh_private_key')).asymmetricKeyType).toBe('ed25519');
});

test('lists, maps, objects, numbers and booleans are JSON of their type', () => {
  const cidrs: unknown = JSON.parse(one('admin_cidrs', 'list(string)'));
  expect(cidrs).toEqual([expect.stringMatching(/\/32$/), expect.stringMatching(/\/32$/)]);
  expect(JSON.parse(one('tokens', 'map(string)'))).toEqual({ sandbox: expect.stringMatching(/^[A-Za-z\d]{40}$/) });
  expect(JSON.parse(one('smtp', 'object({ host = string, port = number, tls = bool, note = optional(string) })'))).toEqual({
    host: expect.stringMatching(/\.sandbox\.example$/),
    port: 443,
    tls: false,
  });
  expect(JSON.parse(one('retention_days', 'number'))).toBe(30);
  expect(JSON.parse(one('pairs', 'list(tuple([string, number]))'))).toHaveLength(2);
});

test('the same seed gives the same values, another seed others, and a variable more changes none', () => {
  const units = [owner('123456789012', 'eu-central-1', [variable('a_token'), variable('b_token')])];
  const more = [owner('123456789012', 'eu-central-1', [variable('a_token'), variable('aa_token'), variable('b_token')])];
  const first = generatedVariables(units, facts);
  expect(generatedVariables(units, facts)).toEqual(first);
  expect(generatedVariables(more, facts)).toMatchObject(first);
  expect(generatedVariables(units, { ...facts, seed: 'abc:1' })['a_token']).not.toBe(first['a_token']);
  expect(first['a_token']).not.toBe(first['b_token']);
});

test('optional variables get no value', () => {
  const units = [owner('123456789012', 'eu-central-1', [variable('certificate_arn'), variable('slack', 'string', { required: false })])];
  expect(Object.keys(generatedVariables(units, facts))).toEqual(['certificate_arn']);
});

test('a name that several units share is decided by the ambient account, then by the region with the most units', () => {
  const units = [
    owner('210987654321', 'us-east-1', [variable('certificate_arn')]),
    owner('123456789012', 'ap-southeast-1', [variable('certificate_arn')]),
    owner('123456789012', 'eu-central-1', []),
    owner('123456789012', 'eu-central-1', [variable('certificate_arn')]),
  ];
  expect(generatedVariables(units, { ...facts, account: '123456789012' })['certificate_arn']).toContain(':eu-central-1:123456789012:');
  expect(generatedVariables(units, { ...facts, account: '210987654321' })['certificate_arn']).toContain(':us-east-1:210987654321:');
});

test('a certificate request is one for a name of the sandbox, and keys are found by their description too', () => {
  const pem = one('origin_certificate_request');
  expect(pem).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----\n[\w+/=\n]+-----END CERTIFICATE REQUEST-----\n$/);
  const request = Buffer.from(pem.replace(/-----.*-----/g, ''), 'base64');
  expect(request.toString('latin1')).toMatch(/[a-z]{8}\.sandbox\.example/);
  // RFC 2986: the signed part is the first element, the signature ends the whole; an Ed25519 key's SPKI is 44 bytes.
  const head = request[1] === 0x81 ? 3 : 2;
  const body = request.subarray(head, head + (request[head + 1] === 0x81 ? 3 + (request[head + 2] ?? 0) : 2 + (request[head + 1] ?? 0)));
  const spki = request.subarray(request.indexOf('302a300506032b6570032100', 'hex')).subarray(0, 44);
  expect(verify(null, body, createPublicKey({ key: spki, format: 'der', type: 'spki' }), request.subarray(-64))).toBe(true);
  expect(one('ssh_operator_staging', 'string', "The operators' OpenSSH public key, one line")).toMatch(/^ssh-ed25519 /);
  expect(one('origin_pull_certificate_id', 'string', 'Id at Cloudflare')).toMatch(/^[\da-f]{8}-/);
});

test('any type expression gives a value of that type', () => {
  const type: fc.Arbitrary<string> = fc.letrec<{ type: string }>((tie) => ({
    type: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('string', 'number', 'bool'),
      fc.tuple(fc.constantFrom('list', 'set', 'map'), tie('type')).map(([outer, inner]) => `${outer}(${inner})`),
      fc
        .array(tie('type'), { minLength: 1, maxLength: 3 })
        .map((inner) => `object({${inner.map((of, index) => `a${index} = ${of}`).join(', ')}})`),
    ),
  })).type;
  const isOf = (value: unknown, expression: string): boolean => {
    if (expression === 'string' || expression === 'number') return typeof value === expression;
    if (expression === 'bool') return typeof value === 'boolean';
    return expression.startsWith('list') || expression.startsWith('set')
      ? Array.isArray(value)
      : typeof value === 'object' && value !== null && !Array.isArray(value);
  };
  fc.assert(
    fc.property(type, (expression) => {
      const value = one('x', expression);
      expect([expression, isOf(expression === 'string' ? value : JSON.parse(value), expression)]).toEqual([expression, true]);
    }),
  );
});
