import { expect, test } from '@jest/globals';

import type { Arrangement } from '../../../terrace/diagram/layout/arrangement';
import { compacted } from '../../../terrace/diagram/layout/compaction';
import type { Diagram } from '../../../terrace/diagram/describe/diagram';
import { clusterLabelX, withLabels } from '../../../terrace/diagram/layout/labels';
import type { Point } from '../../../terrace/diagram/layout/picture';
import { strokesOf } from '../../../terrace/diagram/layout/strokes';
import { withoutSlack } from '../../../terrace/diagram/layout/tighten';
import { treeOf, type Item } from '../../../terrace/diagram/layout/tree';

const diagram: Diagram = {
  title: 't',
  description: '',
  direction: 'down',
  clusters: [{ id: 'c', title: 'c', kind: 'group' }],
  nodes: [
    { id: 'a', title: 'a', kind: 'step', parent: 'c' },
    { id: 'b', title: 'b', kind: 'step' },
  ],
  edges: [{ from: 'a', to: 'b', kind: 'flow' }],
};
const [b, c] = treeOf(diagram);
const a = c?.kind === 'cluster' ? c.children[0] : undefined;
const edge = { from: 'a', to: 'b', kind: 'flow' as const };

function arrangement(
  points: readonly Point[],
  boxes: readonly (readonly [Item | undefined, number, number, number, number])[],
): Arrangement {
  return {
    width: 1000,
    height: 1000,
    boxes: boxes.flatMap(([item, x, y, width, height]) => (item === undefined ? [] : [{ item, box: { x, y, width, height } }])),
    routes: [{ edge, points }],
  };
}

const straight = [
  { x: 100, y: 120 },
  { x: 100, y: 500 },
];

test('a border is drawn in to what the cluster holds, and the band that becomes free is taken out', () => {
  const { boxes, height } = withoutSlack(
    arrangement(straight, [
      [c, 0, 0, 300, 400],
      [a, 50, 70, 136, 50],
      [b, 50, 500, 136, 50],
    ]),
    new Map(),
  );
  const [frame, first, second] = boxes.map(({ box }) => box);
  expect(frame).toEqual({ x: 0, y: 0, width: 168, height: 38 + 50 + 16 });
  expect(first).toEqual({ x: 16, y: 38, width: 136, height: 50 });
  expect(second?.y).toBe(38 + 50 + 16 + 38);
  expect(height).toBe(38 + 50 + 16 + 38 + 50);
});

test('a border is not drawn in onto an arrow that runs along it', () => {
  const borders = (lane: number): readonly (number | undefined)[] => {
    const { boxes } = withoutSlack(
      arrangement(
        [
          { x: 100, y: 120 },
          { x: 100, y: 126 },
          { x: lane, y: 126 },
          { x: lane, y: 500 },
        ],
        [
          [c, 0, 0, 300, 400],
          [a, 50, 70, 136, 50],
          [b, 0, 500, 300, 50],
        ],
      ),
      new Map(),
    );
    const [frame] = boxes.map(({ box }) => box);
    return [frame?.x, frame === undefined ? undefined : frame.x + frame.width];
  };
  expect([borders(60), borders(35), borders(200)]).toEqual([
    [34, 202],
    [28, 202],
    [34, 207],
  ]);
});

test('a small step beside a box disappears, a large one stays', () => {
  const points = (step: number): Point[] => [
    { x: 100, y: 50 },
    { x: 100, y: 70 },
    { x: 100 + step, y: 70 },
    { x: 100 + step, y: 120 },
  ];
  const after = (step: number): number | undefined =>
    withoutSlack(
      arrangement(points(step), [
        [a, 50, 0, 136, 50],
        [b, 50, 120, 136, 50],
      ]),
      new Map(),
    ).routes[0]?.points.length;
  expect(after(8)).toBe(2);
  expect(after(40)).toBe(4);
});

test('a band with a box beside it keeps its height', () => {
  const { boxes } = compacted(
    arrangement(straight, [
      [a, 50, 70, 136, 50],
      [b, 50, 500, 136, 50],
      [{ kind: 'node', id: 'tall', node: { id: 'tall', title: 'tall', kind: 'step' }, card: cardOf() }, 400, 70, 136, 480],
    ]),
    new Map(),
  );
  expect(boxes[1]?.box.y).toBe(430);
});

function cardOf(): { width: number; height: number; icon: { x: number; y: number; size: number }; texts: [] } {
  return { width: 136, height: 480, icon: { x: 0, y: 0, size: 32 }, texts: [] };
}

test('the label of a cluster moves to the right of the arrows that cross its band', () => {
  const cluster = { id: 'c', title: 'a cluster with a name', kind: 'group' as const };
  const box = { x: 0, y: 0, width: 400, height: 200 };
  const through = (x: number) => ({
    edge,
    points: [
      { x, y: -20 },
      { x, y: 60 },
    ],
    junctions: [],
  });
  expect(clusterLabelX(box, cluster, [])).toBe(16);
  expect(clusterLabelX(box, cluster, [through(40)])).toBe(48);
  expect(clusterLabelX(box, cluster, [through(40), through(120), through(200)])).toBe(208);
  expect(clusterLabelX({ ...box, width: 200 }, cluster, [through(40)])).toBeUndefined();
});

test('the label of an arrow keeps away from its head and from boxes', () => {
  const [placed] = withLabels(
    [
      {
        edge: { ...edge, label: '5432' },
        points: [
          { x: 50, y: 0 },
          { x: 50, y: 100 },
        ],
        junctions: [],
      },
    ],
    [],
    [],
  );
  expect(placed?.label).toMatchObject({ y: 42, height: 16 });
  const card = { node: { id: 'n', title: 'n', kind: 'step' as const }, card: cardOf(), x: 20, y: 30, width: 60, height: 30 };
  const [moved] = withLabels(
    [
      {
        edge: { ...edge, label: '5432' },
        points: [
          { x: 50, y: 0 },
          { x: 50, y: 100 },
        ],
        junctions: [],
      },
    ],
    [card],
    [],
  );
  expect(moved?.label?.y).toBeGreaterThan(60);
});

test('a line begins where it leaves what is drawn already', () => {
  const points = (y: number): Point[] => [
    { x: 0, y: 0 },
    { x: 50, y: 0 },
    { x: 50, y },
    { x: 100, y },
  ];
  const strokes = strokesOf([40, 80].map((y) => ({ edge, points: points(y), junctions: [] })));
  expect(strokes[0]).toEqual(points(40));
  expect(strokes[1]).toEqual([
    { x: 50, y: 33 },
    { x: 50, y: 80 },
    { x: 100, y: 80 },
  ]);
  expect(strokesOf([40, 40].map((y) => ({ edge, points: points(y), junctions: [] })))[1]).toBeUndefined();
});
