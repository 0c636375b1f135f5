import { expect, test } from '@jest/globals';

import type { Diagram } from '../../terrace/diagram/describe/diagram';
import { dotOf } from '../../terrace/diagram/render/dot';
import { mermaidOf } from '../../terrace/diagram/render/mermaid';
import { filesOf } from '../../terrace/diagram/render/page';

const diagram: Diagram = {
  title: 'A "quoted" title',
  description: 'Made up.',
  direction: 'down',
  clusters: [
    { id: 'outer', title: 'outer', subtitle: '10.0.0.0/16', kind: 'network' },
    { id: 'inner', title: 'inner', kind: 'subnet', parent: 'outer', planned: true },
    { id: 'empty', title: 'empty', kind: 'group' },
  ],
  nodes: [
    { id: 'x#aws_a.one', title: 'one "1"', subtitle: 'aws_a', kind: 'server', provider: 'aws', parent: 'inner', rows: [{ text: 'part' }] },
    { id: 'two', title: 'two <b>', kind: 'database', external: true },
  ],
  edges: [
    { from: 'x#aws_a.one', to: 'two', kind: 'state', label: '5432' },
    { from: 'outer', to: 'two', kind: 'order' },
  ],
};

test('Mermaid has nested subgraphs, escaped words and an arrow for each kind', () => {
  expect(mermaidOf(diagram)).toBe(`flowchart TB
  n1[("two #60;b#62;")]
  subgraph c0["outer · 10.0.0.0/16"]
    subgraph c1["inner"]
      n0["one #34;1#34;<br/>aws_a<br/>part"]
    end
  end
  n0 ==>|"5432"| n1
  c0 -.-> n1
  classDef aws stroke:#b7701a,stroke-width:2px
  class n0 aws
  style n1 stroke-dasharray:5 4
  style c1 stroke-dasharray:5 4
`);
});

test('DOT has clusters, quoted words and arrows that end at a cluster’s border', () => {
  const dot = dotOf(diagram);
  expect(dot).toMatch(/^digraph "A \\"quoted\\" title" \{\n/);
  expect(dot).toContain('subgraph "cluster outer" {\n    label="outer · 10.0.0.0/16"');
  expect(dot).toContain('"x#aws_a.one" [label="one \\"1\\"\\naws_a\\npart", color="#b7701a"');
  expect(dot).toContain('"x#aws_a.one" -> "two" [color="#2563b8", label="5432"]');
  expect(dot).toContain('"x#aws_a.one" -> "two" [style=dashed, ltail="cluster outer"]');
  expect(dot.split('{').length).toBe(dot.split('}').length);
});

test('a page shows each picture with its description, the Mermaid text and the links', async () => {
  const files = await filesOf({
    path: 'docs/area/pictures.md',
    title: 'Pictures',
    introduction: 'All of them.',
    sections: [{ heading: 'First', text: 'Drawn from data.', asset: 'docs/assets/first.svg', diagram }],
    related: [{ title: 'Overview', href: 'overview.md' }],
  });
  expect([...files.keys()]).toEqual(['docs/area/pictures.md', 'docs/assets/first.svg']);
  const page = files.get('docs/area/pictures.md') ?? '';
  expect(page).toContain('# Pictures\n');
  expect(page).toContain('## First\n\nDrawn from data.\n\n![First: Made up.](../assets/first.svg)\n');
  expect(page).toContain('```mermaid\nflowchart TB\n');
  expect(page).toContain('- [Overview](overview.md)\n');
  expect(files.get('docs/assets/first.svg')).toMatch(/^<svg /);
});
