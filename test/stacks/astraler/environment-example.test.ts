import { expect, test } from '@jest/globals';

import { environmentExample } from '../../../stacks/astraler/rendering/environment-example';
import { settings } from '../../../stacks/astraler/topology/settings';
import { astralerTree, at, workersOf, type Json } from './astraler-tree';

const files = {
  development: 'preview/artifacts/development/.env.example',
  preview: 'preview/artifacts/.env.example',
  staging: 'staging/artifacts/.env.example',
  production: 'production/artifacts/.env.example',
};

const lines = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line))
    .map((line) => line.split(/=(.*)/s).slice(0, 2));

test('every environment has the same variables in the same order, and no secret has a value', async () => {
  const tree = await astralerTree();
  const names = settings.map(({ name }) => name);
  for (const file of Object.values(files)) {
    const found = lines(tree.files[file] ?? '');
    expect(found.map(([name]) => name)).toEqual(names);
    const secrets = new Set(settings.filter(({ secret }) => secret).map(({ name }) => name));
    expect(found.filter(([name, value]) => secrets.has(name ?? '') && value !== '')).toEqual([]);
  }
}, 600_000);

test('the variables are the texts that the Workers are bound to, all of them together', async () => {
  const tree = await astralerTree();
  const bound = new Set(
    ['api', 'auth', 'webhooks']
      .flatMap((id) => at<readonly Json[]>(workersOf(tree, 'production')[id]?.body, 'bindings') ?? [])
      .filter(({ type }) => type === 'plain_text' || type === 'secret_text')
      .map(({ name }) => String(name)),
  );
  expect([...bound].sort()).toEqual(settings.map(({ name }) => name).sort());
}, 600_000);

test('what is no secret and known is filled in', () => {
  const development = Object.fromEntries(lines(environmentExample('development', 'localhost:3000')));
  expect(development).toMatchObject({ ENVIRONMENT: 'development', APP_URL: 'http://localhost:3000', CACHE_SECONDS: '300', JWT_SECRET: '' });
  const staging = Object.fromEntries(lines(environmentExample('staging', 'staging.astraler.com')));
  expect(staging).toMatchObject({ ENVIRONMENT: 'staging', APP_URL: 'https://staging.astraler.com', SUPABASE_URL: '' });
});
