import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';
import { Testing } from 'cdktf';

import { EdgeApplication, type EdgeApplicationOptions } from '../../../modules/cloudflare/edge-application';
import { bindingProblems } from '../../../modules/cloudflare/worker';
import { application } from '../../../stacks/astraler/application';
import { usualValues, type AstralerValues } from '../../../stacks/astraler/system';
import { settings } from '../../../stacks/astraler/topology/settings';
import type { AstralerEnvironmentValues, AstralerRootValues } from '../../../stacks/astraler/values';
import { TerraceError } from '../../../terrace/base/errors';
import { missingVariables } from '../../../terrace/delivery/plan/missing-variables';
import { projectRoot } from '../../_helpers/project-root';
import { astralerTree } from './astraler-tree';

/** The problems of astraler with other values, as `code title: found`. */
async function problems(staging: Partial<AstralerEnvironmentValues>, root: Partial<AstralerRootValues> = {}): Promise<readonly string[]> {
  const values: AstralerValues = {
    ...usualValues,
    root: { ...usualValues.root, ...root },
    staging: { ...usualValues.staging, env: { ...usualValues.staging.env, ...staging } },
  };
  try {
    await astralerTree(values);
  } catch (error) {
    if (error instanceof TerraceError) return error.problems.map(({ code, title, found }) => `${code} ${title}: ${found}`);
    throw error;
  }
  return [];
}

test('a hostname outside the zone is refused', async () => {
  expect(await problems({ hostname: 'staging.astraler.net' })).toContain(
    'E2904 hostname outside the zone: staging.astraler.net is not in astraler.com: Cloudflare routes no request for it',
  );
  expect(await problems({}, { adminHostname: 'admin.notastraler.com' })).toContain(
    'E2904 hostname outside the zone: admin.notastraler.com is not in astraler.com: Cloudflare routes no request for it',
  );
}, 600_000);

test('a pool that the database does not carry is refused', async () => {
  expect(await problems({ capacity: 'target', instanceSize: 'small' })).toContain(
    'E2906 pool too large for the database: a pool of 100 connections on small',
  );
}, 600_000);

test('more rate limits than the plan of the zone has are refused', async () => {
  expect(await problems({}, { zonePlan: 'pro' })).toContain('E2905 limit above the maximum of the plan: 4 rate-limiting rules');
  const onFree = await problems({}, { zonePlan: 'free' });
  expect(onFree).toContain('E2905 limit above the maximum of the plan: auth: 10 per minute: a period of 60 s');
  expect(await problems({}, { zonePlan: 'business' })).toEqual(
    ['api, authenticated: 100 per minute', 'api, unauthenticated: 30 per minute'].map(
      (limit) => `E2905 limit above the maximum of the plan: ${limit}: an expression that reads request headers`,
    ),
  );
}, 600_000);

test('a limit over the plan is at the line of the plan', async () => {
  const refused = await astralerTree({ ...usualValues, root: { ...usualValues.root, zonePlan: 'pro' } }).catch((error: unknown) => error);
  const lines = readFileSync(path.join(projectRoot, 'stacks/astraler/root.ts'), 'utf8').split('\n');
  const place = `stacks/astraler/root.ts:${lines.findIndex((line) => line.includes('zonePlan:')) + 1}`;
  expect(refused instanceof TerraceError ? refused.problems.map((one) => [one.code, one.place]) : refused).toEqual(
    Array.from({ length: 3 }, () => ['E2905', place]),
  );
}, 600_000);

/** What an application of one Worker is refused for. */
function refusals(workers: EdgeApplicationOptions['workers']): readonly string[] {
  const code = { path: 'worker.mjs', sha256: '' };
  try {
    Testing.synthScope(
      (scope) =>
        void new EdgeApplication(scope, 'application', {
          accountId: 'a',
          zoneId: 'z',
          zoneName: 'example.org',
          prefix: 'shop',
          hostname: 'app.example.org',
          exclusive: { JWT_SECRET: 'auth' },
          workers: workers.map((one) => ({ ...one, code })),
        }),
    );
  } catch (error) {
    if (error instanceof TerraceError) return error.problems.map(({ code: id, found }) => `${id} ${found}`);
    throw error;
  }
  return [];
}

test('the JWT secret of another Worker than auth is refused', () => {
  const jwt = { type: 'secret_text', name: 'JWT_SECRET', text: '${var.jwt_secret}' } as const;
  const code = { path: '', sha256: '' };
  expect(refusals([{ id: 'auth', code, paths: ['/*'], bindings: [jwt] }])).toEqual([]);
  expect(refusals([{ id: 'webhooks', code, paths: ['/*'], bindings: [jwt] }])).toEqual(['E2903 JWT_SECRET is bound to webhooks']);
});

test.each([
  ['SESSION_TOKEN', 'x'],
  ['DATABASE_PASSWORD', 'x'],
  ['STRIPE_API_KEY', 'x'],
  ['HINT', 'eyJhbGciOiJIUzI1NiJ9.e30.x'],
  ['HINT', 'sb_secret_abc'],
])('%s as plain text is refused', (name, text) => {
  expect(bindingProblems('shop-api', [{ type: 'plain_text', name, text }]).map(({ code }) => code)).toEqual(['E2901']);
  expect(bindingProblems('shop-api', [{ type: 'secret_text', name, text }])).toEqual([]);
});

test('two bindings of one name are refused', () => {
  const binding = { type: 'plain_text', name: 'MODE', text: 'x' } as const;
  expect(bindingProblems('shop-api', [binding, binding]).map(({ code }) => code)).toEqual(['E2902']);
});

test('no setting is plain text and looks like a secret', () => {
  const needs = {
    environment: 'x',
    hostname: 'x',
    supabaseUrl: 'x',
    serviceRoleKey: 'x',
    redisUrl: 'x',
    redisToken: 'x',
    filesBucket: 'x',
  };
  const workers = application({ ...needs, variable: (name) => name, code: () => ({ path: '', sha256: '' }) });
  expect(workers.flatMap(({ id, bindings }) => bindingProblems(id, bindings))).toEqual([]);
  expect(settings.length).toBeGreaterThan(15);
});

test('a token that is missing is named before terraform starts', async () => {
  const { model } = await astralerTree();
  const workers = model.units.filter(({ path }) => path === 'astraler/preview/global/edge/workers');
  const set = Object.fromEntries(workers.flatMap(({ variables }) => variables.map(({ name }) => [`TF_VAR_${name}`, 'x'])));
  expect(missingVariables(workers, set)).toEqual([]);
  const [missing] = missingVariables(workers, { ...set, TF_VAR_supabase_access_token: '' });
  expect(missing).toMatchObject({ code: 'E6023', found: 'TF_VAR_supabase_access_token is not set (Supabase access token)' });
}, 600_000);
