import { expect, test } from '@jest/globals';

import { crossingsOf } from '../../../terrace/diagram/layout/crossings';
import { readable } from '../../../terrace/diagram/layout/readable';
import type { PlacedEdge, Point } from '../../../terrace/diagram/layout/picture';
import { everyUnit, graphOf, reads, shop, type FixtureUnit } from '../_fixtures';

const many = Array.from({ length: 1_100 }, (_, index): FixtureUnit => ({ path: `big/dev/eu/layer${index % 3}/u${index}`, json: {} }));

test('boxes that alone fill more than a page are drawn at the next coarser level, which the picture says', async () => {
  const { diagram } = await readable(graphOf(many), 'unit', { selected: everyUnit(many) });
  expect(diagram.nodes).toHaveLength(3);
  expect(diagram.notes?.[0]).toMatch(
    /^At level unit the boxes alone would fill \d+\.\d megapixels, so it is drawn at level system\. Select fewer units, or draw it with --whole\.$/,
  );
});

test('a hundred and thirty small boxes fit a page', async () => {
  const units = many.slice(0, 130);
  expect((await readable(graphOf(units), 'unit', { selected: everyUnit(units) })).diagram.nodes).toHaveLength(130);
});

test('the area that the arrows take counts too, and the whole is drawn where somebody asks for it', async () => {
  const graph = graphOf(shop);
  const selected = everyUnit(shop);
  const limits = { area: 400_000, crossings: 100 };
  const small = await readable(graph, 'resource', { selected }, limits);
  expect(small.diagram.notes?.[0]).toMatch(/^At level resource this would be \d+ × \d+ pixels, so it is drawn at level unit\./);
  expect((await readable(graph, 'resource', { selected, whole: true }, limits)).diagram.nodes.length).toBeGreaterThan(
    small.diagram.nodes.length,
  );
});

test('arrows that cross too often are drawn at the next coarser level', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const units = names.flatMap((name, index): readonly FixtureUnit[] => [
    { path: `s/e/r/one/${name}`, json: {} },
    {
      path: `s/e/r/two/${name}`,
      dependencies: names.filter((_, at) => at !== index).map((other) => reads(`s/e/r/one/${other}`, other, 'id')),
      json: {},
    },
  ]);
  const graph = graphOf(units);
  const selected = everyUnit(units);
  const whole = await readable(graph, 'unit', { selected });
  expect(crossingsOf(whole)).toBeGreaterThan(5);
  expect((await readable(graph, 'unit', { selected }, { area: 7_000_000, crossings: 5 })).diagram.notes?.[0]).toBe(
    `At level unit arrows would cross ${crossingsOf(whole)} times, so it is drawn at level system. Select fewer units, or draw it with --whole.`,
  );
});

const arrow = (...points: readonly (readonly [number, number])[]): PlacedEdge => ({
  edge: { from: 'a', to: 'b', kind: 'flow' },
  points: points.map(([x, y]): Point => ({ x, y })),
  junctions: [],
});

test('a crossing is where one arrow runs through another, not where they share a stem or meet', () => {
  const cross = [arrow([0, 10], [20, 10]), arrow([10, 0], [10, 20])];
  expect(crossingsOf({ edges: cross })).toBe(1);
  expect(crossingsOf({ edges: [...cross, arrow([0, 15], [20, 15])] })).toBe(2);
  expect(crossingsOf({ edges: [arrow([0, 10], [10, 10]), arrow([10, 10], [10, 20])] })).toBe(0);
  expect(crossingsOf({ edges: [arrow([0, 0], [10, 0], [10, 10], [5, 10], [5, -5])] })).toBe(0);
});
