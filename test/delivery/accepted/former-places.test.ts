import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { formerPlaces, placeChanges } from '../../../terrace/delivery/accepted/former-places';
import { openRepository } from '../../../terrace/git/repository';
import { commitFacts, factsIn } from '../../_helpers/environment-facts';
import { scratchRepository, type ScratchRepository } from '../../_helpers/scratch-repository';

let repository: ScratchRepository;
beforeEach(() => {
  repository = scratchRepository();
});
afterEach(() => repository.dispose());

/** Buckets of former places by environment, the newest first. */
async function found(
  held: { readonly [name: string]: readonly string[] } = {},
): Promise<readonly (readonly [string, readonly string[]])[]> {
  const opened = openRepository(repository.root);
  if (opened === undefined) throw new Error('no repository');
  const places = await formerPlaces(
    opened,
    opened.commitOf('main'),
    new Map(Object.entries(held).map(([name, all]) => [name, new Set(all)])),
  );
  return [...places].map(([name, facts]) => [name, facts.flatMap(({ states }) => states.map(({ bucket }) => bucket))]);
}

test('G15: an environment that is gone is known by the facts that it had last, however often the file was changed since', async () => {
  commitFacts(repository, { 'hub/production': factsIn('hub'), 'shop/dev': factsIn('first') });
  commitFacts(repository, { 'hub/production': factsIn('hub'), 'shop/dev': factsIn('last') });
  commitFacts(repository, { 'hub/production': factsIn('hub') });
  for (let change = 0; change < 30; change += 1)
    commitFacts(repository, { 'hub/production': factsIn('hub', { regions: [`region-${change}`] }) });
  expect(await found({ 'hub/production': ['hub'] })).toEqual([['shop/dev', ['last', 'first']]]);
}, 60_000);

test('G15: an environment that left with a merge is known as well', async () => {
  commitFacts(repository, { 'hub/production': factsIn('hub'), 'shop/dev': factsIn('first') });
  commitFacts(repository, { 'hub/production': factsIn('hub'), 'shop/dev': factsIn('last') });
  repository.git('checkout', '--quiet', '-b', 'leaving');
  commitFacts(repository, { 'hub/production': factsIn('hub') });
  repository.git('checkout', '--quiet', 'main');
  repository.commit('something else');
  repository.git('merge', '--quiet', '--no-ff', '--message', 'merged', 'leaving');
  for (let change = 0; change < 30; change += 1)
    commitFacts(repository, { 'hub/production': factsIn('hub', { regions: [`region-${change}`] }) });
  expect(await found({ 'hub/production': ['hub'] })).toEqual([['shop/dev', ['last', 'first']]]);
}, 60_000);

test('G15: the bucket that an environment has left is a place of it still', async () => {
  commitFacts(repository, { 'shop/dev': factsIn('before') });
  commitFacts(repository, { 'shop/dev': factsIn('now') });
  expect(await found({ 'shop/dev': ['now'] })).toEqual([['shop/dev', ['before']]]);
  expect(await found({ 'shop/dev': ['another'] })).toEqual([['shop/dev', ['now', 'before']]]);
});

test('what was only ever planned holds nothing', async () => {
  commitFacts(repository, { 'shop/dev': factsIn('shop', { planned: true }) });
  commitFacts(repository, { 'hub/production': factsIn('hub') });
  expect(await found({ 'hub/production': ['hub'] })).toEqual([]);
});

test('G14: which commits moved the states of an environment is told by its facts, also where it was away in between', async () => {
  const commits: string[] = [];
  const commit = (environments: Parameters<typeof commitFacts>[1]): void => {
    commitFacts(repository, environments);
    commits.push(repository.git('rev-parse', 'HEAD').trim());
  };
  commit({ 'hub/production': factsIn('hub') });
  commit({ 'hub/production': factsIn('hub'), 'shop/dev': factsIn('first') });
  commit({ 'hub/production': factsIn('other'), 'shop/dev': factsIn('first') });
  commit({ 'hub/production': factsIn('other'), 'shop/dev': factsIn('second') });
  commit({ 'hub/production': factsIn('other') });
  commit({ 'hub/production': factsIn('other'), 'shop/dev': factsIn('third') });
  const opened = openRepository(repository.root);
  if (opened === undefined) throw new Error('no repository');
  const changes = (environment: string): ReturnType<typeof placeChanges> => placeChanges(opened, opened.commitOf('main'), environment);
  expect(await changes('shop/dev')).toEqual([commits[5], commits[3]]);
  expect(await changes('hub/production')).toEqual([commits[2]]);
  expect(await changes('shop/production')).toBeUndefined();
});
