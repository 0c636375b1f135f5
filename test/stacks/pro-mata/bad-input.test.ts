import { expect, test } from '@jest/globals';

import { secretProblems } from '../../../stacks/pro-mata/checks';
import { usualValues } from '../../../stacks/pro-mata/system';
import { isSecretLiteral } from '../../../stacks/pro-mata/topology/product';
import type { DevValues, ProdValues } from '../../../stacks/pro-mata/values';
import { TerraceError } from '../../../terrace/base/errors';
import { proMataTree } from './tree';

/** The problems of pro-mata with other values, as `code place: found`. */
async function problems(dev: Partial<DevValues>, prod: Partial<ProdValues> = {}): Promise<readonly string[]> {
  const values = {
    dev: { ...usualValues.dev, env: { ...usualValues.dev.env, ...dev } },
    prod: { ...usualValues.prod, env: { ...usualValues.prod.env, ...prod } },
  };
  try {
    await proMataTree(values);
  } catch (error) {
    if (error instanceof TerraceError) return error.problems.map(({ code, place, found }) => `${code} ${place}: ${found}`);
    throw error;
  }
  return [];
}

const file = (line: number): string => `stacks/pro-mata/dev/env.ts:${line}`;

test('a size that nobody knows, and one without Premium SSDs, are refused with file and line', async () => {
  expect(await problems({ vmSize: 'Standard_B2' })).toEqual([`E2502 ${file(11)}: 'Standard_B2'`]);
  expect(await problems({ vmSize: 'Standard_A2_v2' })).toEqual([`E2502 ${file(11)}: Standard_A2_v2 takes no Premium SSD`]);
});

test('networks of administrators that are too wide, no networks or none at all are refused', async () => {
  const place = 'stacks/pro-mata/dev/env.ts';
  expect(await problems({ adminCidrs: ['0.0.0.0/0', '203.0.113.7/32', '2001:db8::/48', 'office'] })).toEqual(
    ['0.0.0.0/0', '2001:db8::/48', 'office'].map((cidr) => `E2501 ${place}: SSH from ${cidr}`),
  );
  expect(await problems({ adminCidrs: [] })).toEqual([`E2501 ${place}: no network may log in`]);
  expect(await problems({ adminCidrs: ['10.0.0.0/7'] })).toEqual([`E2501 ${place}: SSH from 10.0.0.0/7`]);
});

test('a number of workers that the plan has no room for is refused', async () => {
  expect(await problems({ workerCount: 0 })).toEqual([`E2503 ${file(12)}: workerCount is 0`]);
  expect(await problems({ workerCount: 10 })).toEqual([`E2503 ${file(12)}: workerCount is 10`]);
});

test('a password in the settings of a service is refused, in both environments', async () => {
  const { settings } = usualValues.dev.env;
  expect(await problems({ settings: { ...settings, backend: { ...settings.backend, SMTP_PASSWORD: 'x' } } })).toEqual([
    `E2504 ${file(10)}: SMTP_PASSWORD of backend has a literal value`,
  ]);
  expect(await problems({}, { settings: { frontend: { CDN: 'https://user:word@cdn.example.org/' }, backend: {} } })).toEqual([
    expect.stringMatching(/^E2504 stacks\/pro-mata\/prod\/env\.ts:\d+: CDN of frontend has a literal value$/),
  ]);
});

test.each([
  ['JWT_SECRET', 'x', true],
  ['api_key', 'x', true],
  ['DATABASE_URL', 'postgresql://a:b@c/d', true],
  ['JWT_SECRET_FILE', '/run/secrets/jwt', false],
  ['TOKEN_TTL', '3600', false],
  ['DATABASE_URL', 'postgresql://a@c/d', false],
  ['LOG_LEVEL', 'debug', false],
])('whether %s=%s is a secret: %s', (name, value, secret) => expect(isSecretLiteral(name, value)).toBe(secret));

test('a secret that the vault does not hold is refused, with the service that mounts it', () => {
  expect(secretProblems(['jwt-secret'], { backend: { secrets: ['jwt-secret', 'redis-password'] } })).toEqual([
    expect.objectContaining({
      code: 'E2505',
      place: expect.stringMatching(/^stacks\/pro-mata\/topology\/services\.ts:\d+$/),
      found: 'backend mounts redis-password, which the Key Vault does not hold',
    }),
  ]);
});

test('the usual values have no problem', async () => expect(await problems({})).toEqual([]));
