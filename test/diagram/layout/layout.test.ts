import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { checkDiagram, type Diagram, type DiagramCluster, type DiagramNode } from '../../../terrace/diagram/describe/diagram';
import { draw, levels } from '../../../terrace/diagram/describe/draw';
import { layout, pageWidth } from '../../../terrace/diagram/layout/layout';
import { pack } from '../../../terrace/diagram/layout/packing';
import { svgOf } from '../../../terrace/diagram/render/svg';
import { collisions } from '../_collisions';
import { everyUnit, graphOf, shop } from '../_fixtures';

const words = fc.string({ unit: fc.constantFrom(...Array.from('abcdefghij-_/. WM')), minLength: 1, maxLength: 40 });

/** Any diagram: nested clusters, boxes with and without lines, arrows in any direction, to clusters too, some with labels. */
const diagrams: fc.Arbitrary<Diagram> = fc
  .record({
    clusters: fc.array(fc.record({ title: words, inside: fc.nat(), subtitle: fc.option(words, { nil: undefined }) }), { maxLength: 6 }),
    nodes: fc.array(fc.record({ title: words, inside: fc.nat(), rows: fc.array(words, { maxLength: 3 }) }), {
      minLength: 1,
      maxLength: 14,
    }),
    edges: fc.array(
      fc.record({ from: fc.nat(), to: fc.nat(), label: fc.option(fc.constantFrom('22', '5432', 'approve'), { nil: undefined }) }),
      { maxLength: 16 },
    ),
    direction: fc.constantFrom('right' as const, 'down' as const, 'auto' as const),
    kind: fc.constantFrom('flow' as const, 'reference' as const),
  })
  .map(({ clusters, nodes, edges, direction, kind }): Diagram => {
    const parentOf = (inside: number, among: number): { parent?: string } =>
      among === 0 || inside % (among + 1) === among ? {} : { parent: `c${inside % (among + 1)}` };
    const ids = [...nodes.map((_, index) => `n${index}`), ...clusters.map((_, index) => `c${index}`)];
    const end = (number: number): string => ids[number % ids.length] ?? 'n0';
    const pairs = new Map(
      edges.map(({ from, to, label }) => [
        `${end(from)} ${end(to)}`,
        { from: end(from), to: end(to), kind, ...(label === undefined ? {} : { label }) },
      ]),
    );
    const diagram: Diagram = {
      title: 'Any diagram',
      description: 'Made up.',
      direction,
      clusters: clusters.map(({ title, inside, subtitle }, index): DiagramCluster => ({
        id: `c${index}`,
        title,
        kind: 'group',
        ...(subtitle === undefined ? {} : { subtitle }),
        ...parentOf(inside, index),
      })),
      nodes: nodes.map(({ title, inside, rows }, index): DiagramNode => ({
        id: `n${index}`,
        title,
        kind: 'step',
        rows: rows.map((text) => ({ text })),
        ...parentOf(inside, clusters.length),
      })),
      edges: [],
    };
    return { ...diagram, edges: [...pairs.values()].filter((edge) => edge.from !== edge.to && canBeDrawn({ ...diagram, edges: [edge] })) };
  });

function canBeDrawn(diagram: Diagram): boolean {
  try {
    checkDiagram(diagram);
    return true;
  } catch {
    return false;
  }
}

test('in any diagram no boxes overlap, no arrow runs through one, everything is inside what it belongs to', async () => {
  await fc.assert(
    fc.asyncProperty(diagrams, async (diagram) => {
      const hard = collisions(await layout(diagram)).filter((collision) => !/runs through the label|^'/.test(collision));
      expect(hard).toEqual([]);
    }),
    { numRuns: 60 },
  );
}, 600_000);

test.each(levels)('at the level %s nothing lies over anything, labels neither', async (level) => {
  for (const everyEdge of [false, true])
    expect(collisions(await layout(draw(graphOf(shop), level, { selected: everyUnit(shop), everyEdge })))).toEqual([]);
});

test('the same diagram gives the same bytes', async () => {
  const once = svgOf(await layout(draw(graphOf(shop), 'resource', { selected: everyUnit(shop) })));
  const units = [...shop].reverse();
  expect(svgOf(await layout(draw(graphOf(shop), 'resource', { selected: everyUnit(shop) })))).toBe(once);
  expect(svgOf(await layout(draw(graphOf(units), 'resource', { selected: everyUnit(units) })))).toBe(once);
});

test('a long chain is written in rows that fit the page', async () => {
  const steps = Array.from({ length: 20 }, (_, index) => `step ${index}`);
  const chain: Diagram = {
    title: 'Chain',
    description: '',
    direction: 'right',
    clusters: [],
    nodes: steps.map((id) => ({ id, title: id, kind: 'step' })),
    edges: steps.slice(1).map((to, index) => ({ from: steps[index] ?? '', to, kind: 'flow' })),
  };
  const picture = await layout(chain);
  expect(collisions(picture)).toEqual([]);
  expect(picture.width).toBeLessThanOrEqual(pageWidth);
  expect(new Set(picture.nodes.map(({ y }) => y)).size).toBeGreaterThan(1);
});

test('environments without arrows between them are laid out by themselves and packed into the page', async () => {
  const units = Array.from({ length: 12 }, (_, index) =>
    shop.map((unit) => ({ ...unit, path: unit.path.replace('dev', `env${index}`), dependencies: [] })),
  ).flat();
  const picture = await layout(draw(graphOf(units), 'unit', { selected: everyUnit(units) }));
  expect(picture.width).toBeLessThanOrEqual(pageWidth);
  expect(collisions(picture)).toEqual([]);
});

test('one block that is wider than the page makes the page no wider than itself', () => {
  const { width } = pack(
    [
      { width: 1200, height: 100 },
      { width: 600, height: 100 },
      { width: 300, height: 100 },
    ],
    20,
    1000,
  );
  expect(width).toBe(1200);
});

test('packing keeps blocks apart and in the page where they fit it', () => {
  const sizes = fc.array(fc.record({ width: fc.integer({ min: 10, max: 400 }), height: fc.integer({ min: 10, max: 400 }) }), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(sizes, (blocks) => {
      const { places, width, height } = pack(blocks, 20, 1000);
      const boxes = blocks.map((block, index) => ({ ...block, ...(places[index] ?? { x: -1, y: -1 }) }));
      boxes.forEach((one, index) => {
        expect(one.x >= 0 && one.y >= 0 && one.x + one.width <= width && one.y + one.height <= height).toBe(true);
        for (const other of boxes.slice(index + 1)) {
          const apart =
            one.x + one.width + 20 <= other.x ||
            other.x + other.width + 20 <= one.x ||
            one.y + one.height + 20 <= other.y ||
            other.y + other.height + 20 <= one.y;
          expect(apart).toBe(true);
        }
      });
    }),
  );
});
