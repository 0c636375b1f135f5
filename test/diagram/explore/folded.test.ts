import { expect, test } from '@jest/globals';

import { addressOf, stateOf } from '../../../terrace/diagram/explore/address';
import { pageGraph } from '../../../terrace/diagram/explore/page-graph';
import type { Overlay } from '../../../terrace/diagram/explore/page-data';
import { sceneOf } from '../../../terrace/diagram/explore/scene';
import { changed, firstState, type Change } from '../../../terrace/diagram/explore/state';
import { dataOf, guardedShop } from './_page';

const production = guardedShop('production', (text) => text.replace('"aws_eip":{', '"aws_eip":{"second":{"domain":"vpc"},'));
const environments = (bundle?: Overlay, ...changes: readonly Change[]): readonly string[] => {
  const graph = pageGraph(dataOf([...guardedShop(), ...production], bundle === undefined ? {} : { bundle }));
  const state = changes.reduce((one, change) => changed(one, change), firstState(graph.data));
  return sceneOf(graph, state)
    .boxes.filter(({ node }) => node.depth === 'environment')
    .map(({ node }) => node.id);
};
const both = ['shop/dev', 'shop/production'];

test('environments with the same units are shown once, with where else they stand and where they differ', () => {
  const graph = pageGraph(dataOf([...guardedShop(), ...production]));
  const { boxes, matches } = sceneOf(graph, firstState(graph.data));
  expect(environments()).toEqual(['shop/dev']);
  expect(graph.data.alike).toEqual([['shop/dev/eu-central-1', 'shop/production/eu-central-1']]);
  expect([...matches.folded.words.values()]).toEqual(['the same in 2: also production/eu-central-1']);
  expect(boxes.find(({ node }) => node.id === 'shop/dev/eu-central-1')?.alike).toMatch(/^the same in 2/);
  expect([...matches.folded.differences.values()]).toEqual(['differs in production/eu-central-1: 9 resources']);
});

test('each is shown by itself where somebody asks for it, searches, filters, compares or opens an address in it', () => {
  expect(environments(undefined, { kind: 'switch', name: 'each' })).toEqual(both);
  expect(environments(undefined, { kind: 'filter', name: 'text', value: 'aurora' })).toEqual(both);
  expect(environments(undefined, { kind: 'filter', name: 'environment', value: 'shop/production' })).toEqual(['shop/production']);
  expect(environments(undefined, { kind: 'compare', pair: ['shop/dev', 'shop/production'] })).toEqual(both);
  expect(environments(undefined, { kind: 'select', id: 'shop/production/eu-central-1/network/vpc' })).toEqual(both);
});

test('what an overlay says something of is never folded away', () => {
  const overlay = (tone: 'change' | 'same'): Overlay => ({
    title: 'bundle',
    elsewhere: [],
    marks: { 'shop/production/eu-central-1/network/vpc': { tone, word: '', notes: [] } },
  });
  expect(environments(overlay('change'))).toEqual(both);
  expect(environments(overlay('same'))).toEqual(['shop/dev']);
});

test('the address of a view says whether each is shown', () => {
  const first = firstState(dataOf(guardedShop()));
  expect(addressOf({ ...first, each: true }, first)).toBe('!each=on');
  expect(stateOf('!each=on', first).each).toBe(true);
});
