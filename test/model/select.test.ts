import { expect, test } from '@jest/globals';

import { TerraceError } from '../../terrace/base/errors';
import { partOf, selectPaths, stackPartOf } from '../../terrace/model/select';

const paths = ['demo/dev/eu/network/vpc', 'demo/dev/eu/network/vpc-peering', 'demo/production/eu/network/vpc'];

test('no selector selects everything', () => expect(selectPaths(paths, [])).toEqual(paths));
test('a selector is a path and everything below it, not a prefix of names', () => {
  expect(selectPaths(paths, ['demo/dev/eu/network/vpc'])).toEqual(['demo/dev/eu/network/vpc']);
  expect(selectPaths(paths, ['demo/dev'])).toEqual(paths.slice(0, 2));
});
test('a slash at the end and a leading live/ are what shell completion adds', () =>
  expect(selectPaths(paths, ['live/demo/production/'])).toEqual([paths[2]]));
test('./ in front is no part of a selector either', () => expect(selectPaths(paths, ['./demo/production'])).toEqual([paths[2]]));
test('several selectors keep the order of the units and name each once', () =>
  expect(selectPaths(paths, ['demo/production', 'demo', 'demo/dev'])).toEqual(paths));
test('a star stands for any text within one segment', () => {
  expect(selectPaths(paths, ['demo/*/eu'])).toEqual(paths);
  expect(selectPaths(paths, ['*/production'])).toEqual([paths[2]]);
  expect(selectPaths(paths, ['demo/*/eu/network/vpc-*'])).toEqual([paths[1]]);
  expect(selectPaths(paths, ['demo/p*'])).toEqual([paths[2]]);
});
test('a star that stands for nothing is reported where the path ends, and a dot is a dot', () => {
  expect(() => selectPaths(paths, ['demo/*/us'])).toThrow("E1203 unknown region   demo/*\n  'us'\n  expected: eu\n");
  expect(() => selectPaths(paths, ['demo/*/vpc'])).toThrow('E1203');
  expect(() => selectPaths(paths, ['demo/d.v'])).toThrow('E1202');
});
test('what lies in a part of a tree or of the stacks is told for stars as for names', () => {
  const inPart = partOf(['live/demo/*/eu/', 'shop/dev']);
  expect(
    ['demo/dev/eu/region.hcl', 'demo/new/eu', 'demo/dev/account.hcl', 'demo/dev/eus', 'shop/dev/x', 'shop/device'].map(inPart),
  ).toEqual([true, true, false, false, true, false]);
  expect(['demo-dev-eu-network-vpc', 'demo-dev-us-network-vpc', 'shop-dev'].map(stackPartOf(['demo/*/eu', 'shop/dev/']))).toEqual([
    true,
    false,
    true,
  ]);
  expect([partOf([])('x'), stackPartOf([])('x')]).toEqual([true, true]);
});
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

test('a selector with an empty part is shown whole', () => {
  const found = (selector: string): string | undefined => {
    try {
      selectPaths(paths, [selector]);
    } catch (error) {
      return error instanceof TerraceError ? error.problems[0]?.found : undefined;
    }
    return undefined;
  };
  expect(['', '/nowhere', 'demo//dev'].map(found)).toEqual([
    'an empty selector',
    "'/nowhere' is not a folder of the live tree",
    "'demo//dev' has an empty part",
  ]);
});

test.each([
  ['demo/prod', 'did you mean demo/production?'],
  ['demo/dve', 'did you mean demo/dev?'],
  ['DEMO', 'did you mean demo?'],
  ['demo/dev/eu/network/vcp', 'did you mean demo/dev/eu/network/vpc?'],
])('%s is near enough to a name to have been meant', (selector, todo) => expect(todoOf(selector)).toBe(todo));

test.each([
  ['nothing', '`terrace list` shows what there is: <system>/<environment>/<region>/<layer>/<unit>'],
  ['/demo', '`terrace list` shows what there is: <system>/<environment>/<region>/<layer>/<unit>'],
  ['demo/dev/eu/storage', '`terrace list demo/dev/eu` shows what there is: <system>/<environment>/<region>/<layer>/<unit>'],
])('%s is near no name, and none is suggested', (selector, todo) => expect(todoOf(selector)).toBe(todo));

function todoOf(selector: string): string | undefined {
  try {
    selectPaths(paths, [selector]);
  } catch (error) {
    return error instanceof TerraceError ? error.problems[0]?.todo : undefined;
  }
  return undefined;
}
