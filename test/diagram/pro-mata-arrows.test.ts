import { beforeAll, expect, test } from '@jest/globals';

import { pages } from '../../stacks/pro-mata/diagrams';
import { proMata } from '../../stacks/pro-mata/system';
import { flows } from '../../stacks/pro-mata/topology/flows';
import { layout, pageWidth } from '../../terrace/diagram/layout/layout';
import { artifact, proMataTree } from '../stacks/pro-mata/tree';
import { collisions } from './_collisions';
import { arrowsOf, changedUnit, drawn, synthesizedSystem, type SystemJson } from './_system-graph';

/** The ways that the system's document describes, and what watches them. */
const documented: Readonly<Record<string, readonly (readonly [from: string, to: string])[]>> = {
  'Development (Azure East US 2)': [
    ['INTERNET', 'TRAEFIK'],
    ['TRAEFIK', 'FE'],
    ['TRAEFIK', 'BE'],
    ['BE', 'PGBOUNCER'],
    ['PGBOUNCER', 'PG_PRIMARY'],
    ['PG_PRIMARY', 'PG_REPLICA'],
    ['BE', 'REDIS'],
    ['PROM', 'BE'],
    ['PROM', 'PG_PRIMARY'],
    ['PROM', 'NODES'],
    ['GRAFANA', 'PROM'],
    ['DUCKDNS', 'TRAEFIK'],
    ['LETSENCRYPT', 'TRAEFIK'],
    ['KEYVAULT', 'SWARM'],
  ],
  'Production (AWS US East 1)': [
    ['INTERNET', 'ALB'],
    ['ROUTE53', 'ALB'],
    ['ACM', 'ALB'],
    ['ALB', 'FE'],
    ['ALB', 'BE'],
    ['BE', 'RDS'],
    ['BE', 'REDIS'],
    ['SECRETS', 'BE'],
    ['FE', 'CLOUDWATCH'],
    ['BE', 'CLOUDWATCH'],
  ],
  'Development Flow': [
    ['INFRASTRUCTURE', 'CONFIGURATION'],
    ['CONFIGURATION', 'APPLICATIONS'],
    ['APPLICATIONS', 'DNS'],
    ['DNS', 'HEALTH'],
  ],
  'Production Flow': [
    ['INFRASTRUCTURE', 'APPLICATIONS'],
    ['APPLICATIONS', 'DNS'],
    ['DNS', 'HEALTH'],
  ],
};
/** Ways that the stacks have beside those of the document: Grafana's page, and Traefik's metrics. */
const ours: Readonly<Record<string, readonly string[]>> = {
  'Development (Azure East US 2)': ['TRAEFIK GRAFANA', 'PROM TRAEFIK'],
};
const headings = Object.keys(documented);

let system: SystemJson;
beforeAll(async () => {
  system = await synthesizedSystem('pro-mata', (app) => proMata(app));
});

test.each(headings)('%s draws the arrows of the document', (heading) => {
  const expected = [...(documented[heading] ?? []).map((arrow) => arrow.join(' ')), ...(ours[heading] ?? [])];
  expect(arrowsOf(drawn(pages, system, heading))).toEqual(expected.sort());
});

test.each(headings)('in %s nothing lies over anything, and it can be read at the width of a page', async (heading) => {
  const placed = await layout(drawn(pages, system, heading));
  expect(collisions(placed)).toEqual([]);
  expect(placed.width).toBeLessThanOrEqual(pageWidth * 1.15);
});

test('every step of a flow is done by something that is there', async () => {
  const tree = await proMataTree();
  for (const [environment, steps] of Object.entries(flows))
    for (const { id, by } of steps) for (const one of by) expect([environment, id, one, exists(one)]).toEqual([environment, id, one, true]);
  function exists(name: string): boolean {
    return (
      Object.keys(tree.units).some((unit) => unit.endsWith(`/${name}`)) ||
      artifact(tree, name) !== '' ||
      Object.keys(tree.files).some((file) => file.startsWith(`dev/artifacts/${name}`))
    );
  }
});

interface Body {
  [attribute: string]: unknown;
}

test.each([
  ['Development (Azure East US 2)', 'INTERNET TRAEFIK', 'dev/eastus2/network/vnet', 'azurerm_network_security_rule', 'access', 'Deny'],
  [
    'Development (Azure East US 2)',
    'KEYVAULT SWARM',
    'dev/eastus2/compute/swarm',
    'azurerm_role_assignment',
    'role_definition_name',
    'Reader',
  ],
  [
    'Production (AWS US East 1)',
    'BE RDS',
    'prod/us-east-1/network/security-groups',
    'aws_vpc_security_group_ingress_rule',
    'referenced_security_group_id',
    'sg-0',
  ],
  ['Production (AWS US East 1)', 'ROUTE53 ALB', 'prod/us-east-1/network/alb', 'aws_route53_record', 'alias', {}],
  ['Production (AWS US East 1)', 'ACM ALB', 'prod/us-east-1/network/alb', 'aws_lb_listener', 'certificate_arn', 'arn'],
  [
    'Production (AWS US East 1)',
    'SECRETS BE',
    'prod/us-east-1/compute/ecs-service-backend',
    'aws_ecs_task_definition',
    'container_definitions',
    '[]',
  ],
] as const)('%s loses %s when %s has another %s.%s', (heading, arrow, unit, type, attribute, value) => {
  const broken = changedUnit(system, `pro-mata/${unit}`, (json) => {
    const bodies = (json as { readonly resource?: Readonly<Record<string, Readonly<Record<string, Body>>>> }).resource?.[type] ?? {};
    expect(Object.keys(bodies)).not.toEqual([]);
    for (const body of Object.values(bodies)) body[attribute] = value;
  });
  expect(arrowsOf(drawn(pages, system, heading))).toContain(arrow);
  expect(arrowsOf(drawn(pages, broken, heading))).not.toContain(arrow);
});
