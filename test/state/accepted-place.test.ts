import { expect, test } from '@jest/globals';

import { acceptedKey, acceptedPlace } from '../../terrace/state/accepted-place';

test.each([
  ['{environment}/{region}/{layer}/{unit}/terraform.tfstate', 'dev/accepted.json'],
  ['team/{environment}/{region}/{layer}/{unit}/terraform.tfstate', 'team/dev/accepted.json'],
  ['live/{region}/{layer}/{unit}/terraform.tfstate', 'live/dev/accepted.json'],
  ['{region}/{environment}/{layer}-{unit}.tfstate', 'dev/accepted.json'],
])('with keys of the form %s an environment keeps its accepted commit below what they have in common', (template, key) => {
  expect(acceptedKey('dev', template)).toBe(key);
});

test('the place is the bucket of region global, else of the first unit that no bootstrap applies', () => {
  const unit = (path: string, region: string, bootstrap = false) => ({
    path,
    region,
    bootstrap,
    backend: { bucket: `states-${region}`, region },
  });
  const units = [unit('s/dev/a/backend/state', 'a', true), unit('s/dev/b/web/site', 'b')];
  expect(acceptedPlace('dev', '{environment}/', units).bucket).toBe('states-b');
  expect(acceptedPlace('dev', '{environment}/', [...units, unit('s/dev/global/dns/zone', 'global')]).bucket).toBe('states-global');
});
