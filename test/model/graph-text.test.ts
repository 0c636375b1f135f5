import { expect, test } from '@jest/globals';

import { renderGraph } from '../../terrace/model/graph-text';
import { build, demoProject } from '../_helpers/demo-project';

const prefix = 'demo/dev/eu-central-1';

test('the text names each unit under its wave with what it needs', async () => {
  const { model } = await build(demoProject());
  expect(renderGraph(model.units, 'text')).toBe(
    `wave 0\n  ${prefix}/network/vpc\n  ${prefix}/security/secret\nwave 1\n  ${prefix}/compute/service\n    needs ${prefix}/network/vpc (subnet_ids, vpc_id)\n    needs ${prefix}/security/secret (password)\n`,
  );
});

test('the JSON has nodes with waves and edges with the outputs they carry', async () => {
  const { model } = await build(demoProject());
  const graph = JSON.parse(renderGraph(model.units, 'json'));
  expect(graph.version).toBe(1);
  expect(graph.edges).toEqual([
    { from: `${prefix}/compute/service`, to: `${prefix}/network/vpc`, outputs: ['subnet_ids', 'vpc_id'] },
    { from: `${prefix}/compute/service`, to: `${prefix}/security/secret`, outputs: ['password'] },
  ]);
});

test('DOT and Mermaid draw an edge for each dependency', async () => {
  const { model } = await build(demoProject());
  expect(renderGraph(model.units, 'dot')).toContain(`"${prefix}/compute/service" -> "${prefix}/network/vpc";`);
  expect(renderGraph(model.units, 'mermaid').match(/ --> /g)).toHaveLength(2);
});

test('without units there is nothing to draw', () => {
  expect(renderGraph([], 'text')).toBe('no units\n');
  expect(JSON.parse(renderGraph([], 'json'))).toEqual({ version: 1, nodes: [], edges: [] });
});
