import { beforeAll, expect, test } from '@jest/globals';

import { pages } from '../../stacks/astra/diagrams';
import type { JsonObject } from '../../terrace/diagram/read/configuration';
import type { Diagram } from '../../terrace/diagram/describe/diagram';
import { infrastructureOf } from '../../terrace/diagram/read/infrastructure';
import { layout, pageWidth } from '../../terrace/diagram/layout/layout';
import { collisions } from './_collisions';
import { astraTree, at, copyOf, named, type AstraTree, type Json } from '../stacks/astra/astra-tree';

/** The arrows of the system's document, without the environment that its ids end in. */
const documented: Readonly<Record<string, readonly string[]>> = {
  'Development Environment': ['LB_FE FE', 'LB_BE BE', 'LB_DB DB', 'FE BE', 'BE DB', 'FE Prom', 'BE Prom'],
  'Staging Environment': ['LB_FE FE', 'FE BE', 'BE DB', 'FE Prom', 'BE Prom'],
  'Production Environment (planned)': ['LB Ingress', 'Ingress FE', 'FE BE', 'BE DB', 'DB PGEXP', 'PGEXP Prom', 'FE Prom', 'BE Prom'],
};
const headings = Object.keys(documented);

let tree: AstraTree;
beforeAll(async () => {
  tree = await astraTree();
});

function drawn({ units, model }: AstraTree, heading: string): Diagram {
  const graph = infrastructureOf(model, new Map(Object.entries(units).map(([unit, json]) => [`astra/${unit}`, json as JsonObject])));
  const diagram = pages(graph)[0]?.sections.find((section) => section.heading === heading)?.diagram;
  if (diagram === undefined) throw new Error(`no ${heading}`);
  return diagram;
}

const edgesOf = (diagram: Diagram): readonly string[] => diagram.edges.map(({ from, to }) => `${from} ${to}`).sort();

test.each(headings)('%s draws exactly the arrows of the document', (heading) => {
  expect(edgesOf(drawn(tree, heading))).toEqual([...(documented[heading] ?? [])].sort());
});

test.each(headings)('%s has the monitoring stack inside the cluster, and is dashed only where it is planned', (heading) => {
  const diagram = drawn(tree, heading);
  expect(diagram.nodes.filter(({ parent }) => parent === 'stack').map(({ id }) => id)).toEqual(['Prom', 'Graf', 'AM']);
  expect(diagram.clusters.find(({ id }) => id === 'stack')?.parent).toBe('cluster');
  const planned = heading.includes('planned');
  for (const one of [...diagram.nodes, ...diagram.clusters]) expect([one.id, one.planned === true]).toEqual([one.id, planned]);
});

test.each(headings)('in %s nothing lies over anything, and it can be read at the width of a page', async (heading) => {
  const placed = await layout(drawn(tree, heading));
  expect(collisions(placed)).toEqual([]);
  expect(placed.width).toBeLessThanOrEqual(pageWidth * 1.15);
});

test.each([
  [
    'a service that is closed',
    'Development Environment',
    'LB_BE BE',
    'development',
    'kubernetes_service_v1',
    'backend-svc',
    'spec',
    'type',
    'ClusterIP',
  ],
  [
    'a policy for other pods',
    'Staging Environment',
    'BE DB',
    'staging',
    'kubernetes_network_policy_v1',
    'backend-to-postgres',
    'spec',
    'ingress',
    [],
  ],
  [
    'an ingress without a rule',
    'Production Environment (planned)',
    'Ingress FE',
    'production',
    'kubernetes_ingress_v1',
    'frontend',
    'spec',
    'rule',
    [],
  ],
] as const)('%s: the picture loses its arrow', (_what, heading, arrow, environment, type, name, block, attribute, value) => {
  const broken = copyOf(tree);
  const body = at<Json>(named(broken, environment, type, name)?.body, block);
  if (body === undefined) throw new Error(`nothing to mutate: ${name}`);
  body[attribute] = value;
  expect(edgesOf(drawn(tree, heading))).toContain(arrow);
  expect(edgesOf(drawn(broken, heading))).not.toContain(arrow);
});
