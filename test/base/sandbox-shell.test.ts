import { expect, test } from '@jest/globals';

import { isSandbox, sandboxOf } from '../../terrace/base/sandbox-shell';
import { sandboxShell } from '../_helpers/sandbox';

const names = Object.keys(sandboxShell);

test('all variables together make the shell of a sandbox, and it is named', () => {
  expect(sandboxOf(sandboxShell)).toBe('abc');
});

test.each(names)('a shell in which %s does not say so is none', (name) => {
  expect(isSandbox({ ...sandboxShell, [name]: undefined })).toBe(false);
  expect(isSandbox({ ...sandboxShell, [name]: '' })).toBe(false);
});

test.each(names)('%s alone, left over from a sandbox, makes none of a real shell', (name) => {
  const real = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_PROFILE: 'admin', HTTPS_PROXY: 'http://proxy.example.com:3128' };
  expect(isSandbox({ ...real, [name]: Reflect.get(sandboxShell, name) })).toBe(false);
});

test.each([
  ['AWS_ENDPOINT_URL_S3', 'https://s3.sandbox.example.com'],
  ['AWS_ENDPOINT_URL_DYNAMODB', 'https://dynamodb.eu-central-1.amazonaws.com'],
  ['AWS_ENDPOINT_URL_STS', 'http://127.0.0.1.example.com:80'],
  ['HTTP_PROXY', 'http://proxy.example.com:3128'],
  ['AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE'],
])('a shell whose %s is %s is no sandbox', (name, value) => {
  expect(isSandbox({ ...sandboxShell, [name]: value })).toBe(false);
});
