import { places, type SynthesizedTree } from '../tree';
import { requirement, sameSet } from './requirement';

const cidrs: Readonly<Record<string, string>> = {
  'dev/eu-central-1': '10.0',
  'dev/ap-southeast-1': '10.1',
  'staging/eu-central-1': '10.10',
  'staging/ap-southeast-1': '10.11',
  'production/eu-central-1': '10.20',
  'production/ap-southeast-1': '10.21',
};

/** Name of the group that something uses: the part after `ai-tools-<env>-`. */
const groupName = (tree: SynthesizedTree, unit: string, expression: unknown): string => {
  const group = tree.follow(unit, expression);
  return group?.type === 'aws_security_group' ? group.attrs.name.replace(/^ai-tools-[a-z]+-/, '') : `not a group: ${String(expression)}`;
};

/** Ingress edges of a region as `from>to:port`. */
function edges(tree: SynthesizedTree, base: string): readonly string[] {
  const unit = `${base}/network/security-groups`;
  return tree.resources('aws_vpc_security_group_ingress_rule', unit).map(({ attrs }) => {
    const from =
      attrs.cidr_ipv4 ??
      (attrs.referenced_security_group_id === undefined ? 'nothing' : groupName(tree, unit, attrs.referenced_security_group_id));
    return `${from}>${groupName(tree, unit, attrs.security_group_id)}:${attrs.from_port === attrs.to_port ? attrs.from_port : 'range'}`;
  });
}

/** Groups of what stands at the ends of the arrows. */
function groupsInUse(tree: SynthesizedTree, base: string) {
  const service = (name: string) => {
    const unit = `${base}/compute/ecs-service-${name}`;
    return tree
      .followAll(unit, tree.one(unit, 'aws_ecs_service').attrs.network_configuration?.security_groups)
      .map((group) => groupName(tree, group.unit, `\${aws_security_group.${group.name}.id}`));
  };
  const of = (unit: string, type: string, field: string) =>
    tree
      .followAll(`${base}/${unit}`, tree.one(`${base}/${unit}`, type).attrs[field])
      .map((group) => groupName(tree, group.unit, `\${aws_security_group.${group.name}.id}`));
  return {
    alb: of('network/alb', 'aws_lb', 'security_groups'),
    api: service('api'),
    worker: service('worker'),
    aurora: of('storage/aurora', 'aws_rds_cluster', 'vpc_security_group_ids'),
    cache: of('storage/elasticache', 'aws_elasticache_replication_group', 'security_group_ids'),
  };
}

/** Networks and the arrows between what stands in them: O-05, O-10 to O-13, O-17. */
export const network = [
  requirement(
    'O-05',
    'each region has its network of the table in three zones, and its load balancer in the public subnets',
    (tree, demand) => {
      for (const { environment, region } of places) {
        const base = `${environment}/${region}`;
        const unit = `${base}/network/vpc`;
        const prefix = cidrs[base];
        demand(
          tree.one(unit, 'aws_vpc').attrs.cidr_block === `${prefix}.0.0/16`,
          `${base}: VPC ${tree.one(unit, 'aws_vpc').attrs.cidr_block}`,
        );
        const expected = [
          ['private', 1],
          ['public', 101],
          ['database', 201],
          ['cache', 211],
        ].flatMap(([tier, first]) =>
          ['a', 'b', 'c'].map((zone, index) => `${tier} ${prefix}.${Number(first) + index}.0/24 ${region}${zone}`),
        );
        const subnets = tree
          .resources('aws_subnet', unit)
          .map(({ attrs }) => `${attrs.tags.Tier} ${attrs.cidr_block} ${attrs.availability_zone}`);
        demand(sameSet(subnets, expected), `${base}: subnets ${subnets.join()}`);
        const alb = tree.one(`${base}/network/alb`, 'aws_lb');
        const stands = tree.followAll(alb.unit, alb.attrs.subnets);
        demand(
          stands.length === 3 && stands.every((subnet) => subnet.unit === unit && subnet.attrs.tags?.Tier === 'public'),
          `${base}: load balancer in ${stands.map((one) => one.name).join()}`,
        );
        const endings = tree
          .resources('aws_lb_listener', alb.unit)
          .map(({ attrs }) => `${attrs.port} ${attrs.protocol} ${attrs.default_action[0].redirect?.status_code ?? attrs.certificate_arn}`);
        demand(sameSet(endings, ['80 HTTP HTTP_301', '443 HTTPS ${var.certificate_arn}']), `${base}: listeners ${endings.join()}`);
      }
    },
  ),
  requirement(
    'O-10',
    'the load balancer reaches api on 8080 and worker on 8081, through listener rules and their target groups',
    (tree, demand) => {
      for (const { environment, region } of places) {
        const base = `${environment}/${region}`;
        const used = groupsInUse(tree, base);
        const arrows = edges(tree, base);
        demand(
          sameSet(
            arrows.filter((edge) => edge.includes('>alb:')),
            ['0.0.0.0/0>alb:80', '0.0.0.0/0>alb:443'],
          ),
          `${base}: into the load balancer ${arrows.filter((edge) => edge.includes('>alb:')).join()}`,
        );
        for (const [name, port, paths, priority] of [
          ['api', 8080, ['/api/*', '/v1/*'], 100],
          ['worker', 8081, ['/worker/*', '/jobs/*'], 200],
        ] as const) {
          demand(
            sameSet(used[name], [name]) && sameSet(used.alb, ['alb']),
            `${base}: groups of ${name} and load balancer are ${used[name].join()} and ${used.alb.join()}`,
          );
          demand(
            sameSet(
              arrows.filter((edge) => edge.includes(`>${name}:`)),
              [`alb>${name}:${port}`],
            ),
            `${base}: into ${name} ${arrows.filter((edge) => edge.includes(`>${name}:`)).join()}`,
          );
          const alb = `${base}/network/alb`;
          const rule = tree.resources('aws_lb_listener_rule', alb).find((one) => one.attrs.priority === priority);
          const ruleTarget = tree.follow(alb, rule?.attrs.action[0].target_group_arn);
          demand(
            tree.follow(alb, rule?.attrs.listener_arn)?.attrs.port === 443 &&
              sameSet(rule?.attrs.condition[0].path_pattern.values ?? [], paths),
            `${base}: rule of ${name}`,
          );
          const service = tree.one(`${base}/compute/ecs-service-${name}`, 'aws_ecs_service');
          const target = tree.follow(service.unit, service.attrs.load_balancer?.[0].target_group_arn);
          demand(
            target !== undefined && target.unit === alb && target.name === ruleTarget?.name,
            `${base}: the rule of ${name} leads to ${ruleTarget?.name}, the service stands behind ${target?.name}`,
          );
          demand(
            target?.attrs.port === port &&
              target.attrs.target_type === 'ip' &&
              target.attrs.health_check.path === '/health' &&
              service.attrs.load_balancer[0].container_port === port,
            `${base}: target group of ${name}`,
          );
        }
      }
    },
  ),
  requirement('O-11', 'only the services reach the database, on 5432', (tree, demand) => {
    for (const { environment, region } of places) {
      const base = `${environment}/${region}`;
      const used = groupsInUse(tree, base);
      demand(sameSet(used.aurora, ['aurora']), `${base}: the database uses ${used.aurora.join()}`);
      demand(
        sameSet(
          edges(tree, base).filter((edge) => edge.includes('>aurora:')),
          [...used.api, ...used.worker].map((from) => `${from}>aurora:5432`),
        ),
        `${base}: into the database`,
      );
      const cluster = tree.one(`${base}/storage/aurora`, 'aws_rds_cluster');
      const subnets = tree.followAll(cluster.unit, tree.follow(cluster.unit, cluster.attrs.db_subnet_group_name)?.attrs.subnet_ids);
      demand(
        subnets.length === 3 && subnets.every((subnet) => subnet.unit === `${base}/network/vpc` && subnet.attrs.tags.Tier === 'database'),
        `${base}: subnets of the database`,
      );
    }
  }),
  requirement('O-12', 'only the services reach the cache, on 6379 with TLS', (tree, demand) => {
    for (const { environment, region } of places) {
      const base = `${environment}/${region}`;
      const used = groupsInUse(tree, base);
      const cache = tree.one(`${base}/storage/elasticache`, 'aws_elasticache_replication_group');
      demand(sameSet(used.cache, ['cache']), `${base}: the cache uses ${used.cache.join()}`);
      demand(
        sameSet(
          edges(tree, base).filter((edge) => edge.includes('>cache:')),
          [...used.api, ...used.worker].map((from) => `${from}>cache:6379`),
        ),
        `${base}: into the cache`,
      );
      demand(cache.attrs.transit_encryption_enabled === true && cache.attrs.port === 6379, `${base}: the cache speaks without TLS`);
      const host = JSON.parse(
        tree.one(`${base}/compute/ecs-service-api`, 'aws_ecs_task_definition').attrs.container_definitions ?? '[{"environment":[]}]',
      )[0].environment.find((one: { name: string }) => one.name === 'REDIS_HOST')?.value;
      const reached = tree.follow(`${base}/compute/ecs-service-api`, host);
      demand(
        reached?.unit === cache.unit && reached.name === cache.name && reached.attribute === 'primary_endpoint_address',
        `${base}: REDIS_HOST is ${host}`,
      );
    }
  }),
  requirement(
    'O-13',
    "the services reach S3 through a gateway endpoint on their subnets' route tables, and exactly the region's data buckets",
    (tree, demand) => {
      for (const { environment, region } of places) {
        const base = `${environment}/${region}`;
        const gateway = tree
          .resources('aws_vpc_endpoint', `${base}/network/endpoints`)
          .find((one) => one.attrs.service_name === `com.amazonaws.${region}.s3` && one.attrs.vpc_endpoint_type === 'Gateway');
        const tables = tree.followAll(`${base}/network/endpoints`, gateway?.attrs.route_table_ids).map((one) => one.name);
        demand(
          tree.follow(`${base}/network/endpoints`, gateway?.attrs.vpc_id)?.unit === `${base}/network/vpc`,
          `${base}: network of the S3 endpoint`,
        );
        for (const name of ['api', 'worker']) {
          const unit = `${base}/compute/ecs-service-${name}`;
          const subnets = tree.followAll(unit, tree.one(unit, 'aws_ecs_service').attrs.network_configuration?.subnets);
          const routed = subnets.flatMap((subnet) =>
            tree
              .resources('aws_route_table_association', subnet.unit)
              .filter((one) => tree.follow(subnet.unit, one.attrs.subnet_id)?.name === subnet.name)
              .map((one) => tree.follow(subnet.unit, one.attrs.route_table_id)?.name),
          );
          demand(
            subnets.length === 3 && subnets.every((subnet) => subnet.attrs.tags.Tier === 'private') && sameSet(routed, tables),
            `${base}: ${name} is routed by ${routed.join()}, S3 hangs on ${tables.join()}`,
          );
          const policy = tree.one(unit, 'aws_iam_role_policy', 'task-role').attrs.policy ?? '';
          const buckets = tree
            .referencesIn(unit, policy)
            .filter((one) => one.type === 'aws_s3_bucket')
            .map((one) => one.attrs.bucket);
          demand(
            sameSet(buckets, [`ai-tools-artifacts-${base.replace('/', '-')}`, `ai-tools-models-${base.replace('/', '-')}`]),
            `${base}: ${name} may use ${[...new Set(buckets)].join()}`,
          );
        }
      }
    },
  ),
  requirement('O-17', 'one regional web ACL stands before each load balancer', (tree, demand) => {
    for (const { environment, region } of places) {
      const unit = `${environment}/${region}/security/waf`;
      const associations = tree.resources('aws_wafv2_web_acl_association', `${environment}/${region}`);
      const target = tree.follow(unit, associations[0]?.attrs.resource_arn);
      demand(
        associations.length === 1 &&
          target?.type === 'aws_lb' &&
          target.unit === `${environment}/${region}/network/alb` &&
          target.attribute === 'arn',
        `${unit}: before ${target?.name}`,
      );
      const acl = tree.follow(unit, associations[0]?.attrs.web_acl_arn);
      demand(acl?.type === 'aws_wafv2_web_acl' && acl.attrs.scope === 'REGIONAL' && acl.attrs.rule.length >= 2, `${unit}: ACL`);
    }
  }),
  requirement(
    'SG',
    'the security groups of a region have these edges and no other, and nothing but the load balancer is open to the internet',
    (tree, demand) => {
      for (const { environment, region } of places) {
        const base = `${environment}/${region}`;
        const expected = [
          '0.0.0.0/0>alb:80',
          '0.0.0.0/0>alb:443',
          'alb>api:8080',
          'alb>worker:8081',
          ...['api', 'worker'].flatMap((from) => [`${from}>aurora:5432`, `${from}>cache:6379`, `${from}>endpoints:443`]),
        ];
        demand(
          sameSet(edges(tree, base), expected),
          `${base}: ${
            edges(tree, base)
              .filter((edge) => !expected.includes(edge))
              .join() || 'an edge is missing'
          }`,
        );
        demand(
          tree.resources('aws_security_group', base).every(({ attrs }) => attrs.ingress === undefined && attrs.egress === undefined),
          `${base}: a group with rules of its own`,
        );
        const endpoints = tree
          .resources('aws_vpc_endpoint', `${base}/network/endpoints`)
          .filter((one) => one.attrs.vpc_endpoint_type === 'Interface');
        demand(
          endpoints.length === 15 &&
            endpoints.every((one) =>
              sameSet(
                one.attrs.security_group_ids.map((id: string) => groupName(tree, one.unit, id)),
                ['endpoints'],
              ),
            ),
          `${base}: group of the endpoints`,
        );
        const egress = tree.resources('aws_vpc_security_group_egress_rule', base).filter(({ attrs }) => attrs.cidr_ipv4 !== undefined);
        demand(
          egress.every(
            ({ attrs, unit }) => attrs.from_port === 443 && ['api', 'worker'].includes(groupName(tree, unit, attrs.security_group_id)),
          ),
          `${base}: out to the internet`,
        );
      }
    },
  ),
];
