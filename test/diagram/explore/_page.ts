import { pageData } from '../../../terrace/diagram/explore/collect';
import type { Overlay, OverlayName, PageData } from '../../../terrace/diagram/explore/page-data';
import { pageGraph, type PageGraph } from '../../../terrace/diagram/explore/page-graph';
import { everyUnit, graphOf, reads, shop, type FixtureUnit } from '../_fixtures';

/** The shop with rules between its security groups: balancer → service → database. */
const groups: FixtureUnit = {
  path: 'shop/dev/eu-central-1/network/groups',
  json: {
    resource: {
      aws_security_group: { alb: {}, api: {}, database: {} },
      aws_vpc_security_group_ingress_rule: {
        https: { security_group_id: '${aws_security_group.alb.id}', cidr_ipv4: '0.0.0.0/0', from_port: 443, to_port: 443 },
        api: {
          security_group_id: '${aws_security_group.api.id}',
          referenced_security_group_id: '${aws_security_group.alb.id}',
          from_port: 8080,
          to_port: 8080,
        },
        database: {
          security_group_id: '${aws_security_group.database.id}',
          referenced_security_group_id: '${aws_security_group.api.id}',
          from_port: 5432,
          to_port: 5432,
        },
      },
    },
    output: {
      alb: { value: '${aws_security_group.alb.id}' },
      api: { value: '${aws_security_group.api.id}' },
      database: { value: '${aws_security_group.database.id}' },
    },
  },
};

/** The unit with a security group at one of its resources. */
function withGroup(unit: FixtureUnit, [type, name]: readonly [string, string], attribute: string, group: string): FixtureUnit {
  const text = JSON.stringify(unit.json);
  const opened = `"${type}":{"${name}":{`;
  if (!text.includes(opened)) throw new Error(`no ${type}.${name} in ${unit.path}`);
  return {
    ...unit,
    dependencies: [...(unit.dependencies ?? []), reads(groups.path, 'groups', group)],
    json: JSON.parse(text.replace(opened, () => `${opened}"${attribute}":"\${data.terraform_remote_state.groups.outputs.${group}}",`)),
  };
}

/** The same shop in an environment. */
export function guardedShop(environment = 'dev', change: (json: string) => string = (json) => json): readonly FixtureUnit[] {
  const guarded = [groups, ...shop].map((unit): FixtureUnit => {
    if (unit.path.endsWith('/alb')) return withGroup(unit, ['aws_lb', 'web'], 'security_groups', 'alb');
    if (unit.path.endsWith('/aurora')) return withGroup(unit, ['aws_rds_cluster', 'main'], 'vpc_security_group_ids', 'database');
    if (unit.path.endsWith('/api')) return withGroup(unit, ['aws_ecs_service', 'api'], 'security_groups', 'api');
    return unit;
  });
  const text = JSON.stringify(guarded)
    .replace('"aws_ecs_service":{"api":{', () => '"aws_ecs_service":{"api":{"task_definition":"${aws_ecs_task_definition.api.arn}",')
    .replaceAll('shop/dev/', `shop/${environment}/`);
  return JSON.parse(change(text));
}

export function dataOf(
  units: readonly FixtureUnit[],
  overlays: Partial<Record<OverlayName, Overlay>> = {},
  start: PageData['start'] = { depth: 'unit', edges: 'needs' },
): PageData {
  return pageData(graphOf(units), {
    selected: everyUnit(units),
    overlays,
    start,
    placeOf: (unit, address) =>
      address === 'aws_rds_cluster.main' ? `stacks/shop/units/${unit.split('/').at(-1) ?? ''}.ts:12` : undefined,
  });
}

export function pageOf(units: readonly FixtureUnit[] = guardedShop()): PageGraph {
  return pageGraph(dataOf(units));
}
