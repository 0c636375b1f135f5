import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { columnAt, layoutWaves, waveBox, type WaveNode } from '../../../terrace/review/render/html/wave-layout';

const node = (key: string, step: number, ...after: readonly string[]): WaveNode => ({ key, step, after });

test('an arrow that a way over other units says is not drawn', () => {
  const { lines } = layoutWaves([node('key', 0), node('network', 1, 'key'), node('service', 2, 'network', 'key')]);
  expect(lines).toHaveLength(2);
});

test('lines of one unit past a column share a lane', () => {
  const { lines } = layoutWaves([node('a', 0), node('b', 1), node('c', 2, 'a'), node('d', 2, 'a')]);
  // To the lane, along it, and to each of the two.
  expect(lines).toHaveLength(4);
});

/** Units in some columns, each after some of the columns before. */
const graphs = fc
  .array(fc.array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 })
  .map((columns) =>
    columns.flatMap((column, step) =>
      column.map((after, row) => {
        const before = columns.slice(0, step).flatMap((one, index) => one.map((_, other) => `${index}-${other}`));
        return node(`${step}-${row}`, step, ...new Set(before.length === 0 ? [] : after.map((pick) => before[pick % before.length] ?? '')));
      }),
    ),
  );

test('no line passes behind a box, no box over another, and every unit that follows something has a line', () => {
  fc.assert(
    fc.property(graphs, (nodes) => {
      const { places, lines, height } = layoutWaves(nodes);
      for (const line of lines) {
        const level = /^M(\d+) ([\d.]+)H/.exec(line);
        if (level === null) continue;
        for (const { x, y } of places.values())
          expect(x === Number(level[1]) && Number(level[2]) > y && Number(level[2]) < y + waveBox.height).toBe(false);
      }
      const all = [...places.values()];
      all.forEach((one, index) => {
        for (const other of all.slice(index + 1)) expect(one.x === other.x && Math.abs(one.y - other.y) < waveBox.height).toBe(false);
        expect(one.y + waveBox.height).toBeLessThanOrEqual(height);
      });
      for (const { key, step, after } of nodes) {
        const at = places.get(key);
        const ends = lines.some((line) => line.endsWith(` ${columnAt(step)} ${(at?.y ?? 0) + waveBox.height / 2}`));
        expect(ends).toBe([...after].length > 0);
      }
    }),
  );
});
