import { expect, test } from '@jest/globals';

import type { Sequence } from '../../../terrace/diagram/describe/sequence';
import { placedSequence } from '../../../terrace/diagram/layout/sequence';
import { sequenceMermaid } from '../../../terrace/diagram/render/sequence-mermaid';
import { sequenceSvg } from '../../../terrace/diagram/render/sequence-svg';

const sequence: Sequence = {
  title: 'A run',
  description: 'Made up.',
  participants: [
    { id: 'A', title: 'Ann <b>', kind: 'person' },
    { id: 'B', title: 'Bob', kind: 'server' },
  ],
  steps: [
    { kind: 'message', from: 'A', to: 'B', text: 'asks' },
    {
      kind: 'stage',
      title: 'Work',
      steps: [
        { kind: 'message', from: 'B', to: 'B', text: 'thinks' },
        { kind: 'sometimes', title: 'production', steps: [{ kind: 'message', from: 'B', to: 'A', text: 'answers', answer: true }] },
      ],
    },
  ],
};

test('messages follow one another downwards, between the lifelines of who says them, inside their frames', () => {
  const { messages, frames, lifelines, height } = placedSequence(sequence);
  expect(messages.map(({ from, to }) => [lifelines.indexOf(from), lifelines.indexOf(to)])).toEqual([
    [0, 1],
    [1, 1],
    [1, 0],
  ]);
  const ys = messages.map(({ y }) => y);
  expect(ys).toEqual(ys.toSorted((one, other) => one - other));
  expect(Math.max(...ys)).toBeLessThan(height);
  const [outer, inner] = frames;
  if (outer === undefined || inner === undefined) throw new Error('two frames');
  expect([outer.title, inner.title]).toEqual(['Work', 'production']);
  expect(inner.x > outer.x && inner.y > outer.y && inner.y + inner.height < outer.y + outer.height).toBe(true);
  expect(messages.map(({ y }) => y > outer.y && y < outer.y + outer.height)).toEqual([false, true, true]);
});

test('a sequence is an SVG of its own, with escaped words and dashed answers', () => {
  const svg = sequenceSvg(placedSequence(sequence));
  expect(svg).toMatch(/^<svg .*<\/svg>\n$/s);
  expect(svg).toContain('Ann &lt;b&gt;');
  expect(svg.match(/td-edge-flow td-edge-order/g)).toHaveLength(1);
  expect(svg).not.toMatch(/NaN|undefined/);
});

test('the same as Mermaid', () => {
  expect(sequenceMermaid(sequence)).toBe(`sequenceDiagram
  participant A as Ann <b>
  participant B as Bob
  A->>B: asks
  rect rgba(127, 127, 127, 0.1)
    Note over B: Work
    B->>B: thinks
    opt production
      B-->>A: answers
    end
  end
`);
});
