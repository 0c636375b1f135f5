import { expect, test } from '@jest/globals';

import { TerraceError } from '../../terrace/errors';
import { selectPaths } from '../../terrace/graph/select';

const paths = ['demo/dev/eu/network/vpc', 'demo/dev/eu/network/vpc-peering', 'demo/production/eu/network/vpc'];

test('no selector selects everything', () => expect(selectPaths(paths, [])).toEqual(paths));
test('a selector is a path and everything below it, not a prefix of names', () => {
  expect(selectPaths(paths, ['demo/dev/eu/network/vpc'])).toEqual(['demo/dev/eu/network/vpc']);
  expect(selectPaths(paths, ['demo/dev'])).toEqual(paths.slice(0, 2));
});
test('a slash at the end and a leading live/ are what shell completion adds', () =>
  expect(selectPaths(paths, ['live/demo/production/'])).toEqual([paths[2]]));
test('several selectors keep the order of the units and name each once', () =>
  expect(selectPaths(paths, ['demo/production', 'demo', 'demo/dev'])).toEqual(paths));
test('all unknown selectors are reported at once, as wrong usage', () => {
  let error: unknown;
  try {
    selectPaths(paths, ['demo/prod', 'demo/dev', 'omed']);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(TerraceError);
  if (!(error instanceof TerraceError)) return;
  expect(error.exitCode).toBe(64);
  expect(error.problems.map(({ code, found, expected }) => [code, found, expected])).toEqual([
    ['E1202', "'prod'", 'dev, production'],
    ['E1201', "'omed'", 'demo'],
  ]);
});
