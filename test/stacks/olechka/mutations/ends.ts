import type { SynthesizedTree } from '../tree';
import { change, dev, edited, eu, mutation, redirect, replaced, type Mutation } from './mutation';

const without = (unit: string, type: string, part: string) => (tree: SynthesizedTree) => {
  const blocks = tree.units[unit].resource[type];
  for (const name of Object.keys(blocks)) if (name.includes(part)) delete blocks[name];
};
const set = (unit: string, type: string, part: string, field: string, value: unknown) => (tree: SynthesizedTree) =>
  change(tree, unit, type, part, (attrs) => void (attrs[field] = value));
const named = (tree: SynthesizedTree, unit: string, type: string, part: string): string => {
  const found = tree.resources(type, unit).find(({ name }) => name.includes(part));
  if (found === undefined) throw new Error(`${unit} has no ${type} called ${part}`);
  return `\${${type}.${found.name}.id}`;
};
const vpc = `${eu}/network/vpc`;
const groups = `${eu}/network/security-groups`;
const api = `${eu}/compute/ecs-service-api`;
const worker = `${eu}/compute/ecs-service-worker`;

/** Ways out, the far ends of references, and rights. */
export const ends: readonly Mutation[] = [
  mutation('O-05/routes', 'private subnets with a way to the internet gateway', (tree) =>
    change(tree, vpc, 'aws_route', 'private-a', (attrs) => {
      delete attrs.nat_gateway_id;
      attrs.gateway_id = named(tree, vpc, 'aws_internet_gateway', '');
    }),
  ),
  mutation('O-05/routes', 'a NAT gateway in a private subnet', (tree) =>
    set(vpc, 'aws_nat_gateway', '', 'subnet_id', named(tree, vpc, 'aws_subnet', 'private-a'))(tree),
  ),
  mutation('O-05/routes', "a zone that leaves by another's NAT gateway", (tree) =>
    set(vpc, 'aws_route', 'private-b', 'nat_gateway_id', named(tree, vpc, 'aws_nat_gateway', 'nat-a'))(tree),
  ),
  mutation('O-05/routes', 'database subnets with the routes of the public ones', (tree) =>
    set(vpc, 'aws_route_table_association', 'database-a', 'route_table_id', named(tree, vpc, 'aws_route_table', 'public'))(tree),
  ),
  mutation('O-05/routes', 'an internal load balancer', set(`${dev}/network/alb`, 'aws_lb', '', 'internal', true)),
  mutation('O-10/ways', 'a load balancer that nothing lets out', without(groups, 'aws_vpc_security_group_egress_rule', 'alb_to-api')),
  mutation('O-10/ways', 'a way out to another group', (tree) =>
    set(
      groups,
      'aws_vpc_security_group_egress_rule',
      'alb_to-worker',
      'referenced_security_group_id',
      named(tree, groups, 'aws_security_group', 'cache'),
    )(tree),
  ),
  mutation('O-10/ways', 'no way out to S3', without(groups, 'aws_vpc_security_group_egress_rule', 'api_to-s3')),
  mutation('O-10/ways', 'a container on another port', (tree) =>
    change(tree, api, 'aws_ecs_task_definition', '', replaced('container_definitions', /"containerPort":8080/g, '"containerPort":9090')),
  ),
  mutation('O-10/ways', 'groups in the network of the other region', (tree) =>
    redirect(tree, groups, 'network_vpc', 'production/ap-southeast-1/network/vpc'),
  ),
  mutation('O-11/url', 'a URL that leads to the readers', (tree) =>
    change(
      tree,
      `${dev}/storage/aurora`,
      'aws_secretsmanager_secret_version',
      '',
      replaced('secret_string', /\.endpoint\}/, '.reader_endpoint}'),
    ),
  ),
  mutation('O-11/url', 'a URL in the secret of the sessions', (tree) =>
    change(tree, `${eu}/storage/aurora`, 'aws_secretsmanager_secret_version', '', replaced('secret_id', 'database_url', 'jwt_secret')),
  ),
  mutation('O-11/url', 'a public database', set(`${eu}/storage/aurora`, 'aws_rds_cluster_instance', '', 'publicly_accessible', true)),
  mutation('O-12/ends', 'a worker that looks for the cache elsewhere', (tree) =>
    change(
      tree,
      worker,
      'aws_ecs_task_definition',
      '',
      replaced('container_definitions', 'storage_elasticache.outputs.primary_endpoint', 'storage_elasticache.outputs.replication_group_id'),
    ),
  ),
  mutation('O-12/ends', 'a cache in the private subnets', (tree) =>
    change(tree, `${eu}/storage/elasticache`, 'aws_elasticache_subnet_group', '', replaced('subnet_ids', 'cache_subnet', 'private_subnet')),
  ),
  mutation('O-13/names', 'one bucket under both names', (tree) =>
    change(tree, api, 'aws_ecs_task_definition', '', replaced('container_definitions', 'storage_s3_models', 'storage_s3_artifacts')),
  ),
  mutation(
    'O-13/names',
    'a bucket whose policy may make it public',
    set(`${eu}/storage/s3-models`, 'aws_s3_bucket_public_access_block', '', 'block_public_policy', false),
  ),
  mutation('O-14/rights', 'one more statement that reads every secret', (tree) =>
    change(
      tree,
      api,
      'aws_iam_role_policy',
      'execution',
      edited('policy', (policy) => policy.Statement.push({ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*' })),
    ),
  ),
  mutation('O-15/rights', 'an execution role that cannot decrypt', (tree) =>
    change(tree, api, 'aws_iam_role_policy', 'execution', replaced('policy', 'kms:Decrypt', 'kms:DescribeKey')),
  ),
  mutation('O-16/rights', 'an execution role that cannot write logs', (tree) =>
    change(tree, worker, 'aws_iam_role_policy', 'execution', replaced('policy', 'logs:PutLogEvents', 'logs:GetLogEvents')),
  ),
  mutation('O-17/rules', 'managed rules that only count', (tree) =>
    change(tree, `${eu}/security/waf`, 'aws_wafv2_web_acl', '', (attrs) => void (attrs.rule[1].override_action = { count: {} })),
  ),
  mutation('O-24/copies', 'copies that are switched off', (tree) =>
    change(
      tree,
      `${eu}/storage/s3-models`,
      'aws_s3_bucket_replication_configuration',
      '',
      (attrs) => void (attrs.rule[0].status = 'Disabled'),
    ),
  ),
  mutation('O-24/copies', 'a role that may not copy', (tree) =>
    change(tree, `${eu}/storage/s3-models`, 'aws_iam_role_policy', '', replaced('policy', 's3:ReplicateObject', 's3:ReplicateDelete')),
  ),
  mutation('O-29/key', 'a key that keeps CloudWatch out', (tree) =>
    change(tree, `${eu}/security/kms`, 'aws_kms_key', '', replaced('policy', 'cloudwatch.amazonaws.com', 'events.amazonaws.com')),
  ),
  mutation('O-06/table', 'a smaller task', set(api, 'aws_ecs_task_definition', '', 'cpu', '256')),
  mutation('O-06/table', 'a service that never grows', set(worker, 'aws_appautoscaling_target', '', 'max_capacity', 3)),
  mutation(
    'O-06/table',
    'a policy for another service',
    set(worker, 'aws_appautoscaling_policy', 'cpu', 'resource_id', 'service/other/api'),
  ),
  mutation('O-07/table', 'no insights', set(`${eu}/storage/aurora`, 'aws_rds_cluster_instance', '', 'performance_insights_enabled', false)),
  mutation('O-07/table', 'a cache that leaves nothing', (tree) =>
    change(
      tree,
      `${eu}/storage/elasticache`,
      'aws_elasticache_replication_group',
      '',
      (attrs) => void delete attrs.final_snapshot_identifier,
    ),
  ),
  mutation('O-07/table', 'artifacts for ever', (tree) =>
    change(
      tree,
      `${eu}/storage/s3-artifacts`,
      'aws_s3_bucket_lifecycle_configuration',
      '2555',
      (attrs) => void delete attrs.rule[0].expiration,
    ),
  ),
  mutation(
    'O-07/table',
    'connections that are cut at once',
    set(`${eu}/network/alb`, 'aws_lb_target_group', '', 'deregistration_delay', '0'),
  ),
  mutation('O-28/measures', 'an alarm for the database of the other region', (tree) =>
    redirect(tree, `${eu}/monitoring/cloudwatch`, 'storage_aurora', 'production/ap-southeast-1/storage/aurora'),
  ),
  mutation(
    'O-28/measures',
    'an alarm that is silenced',
    set(`${eu}/monitoring/cloudwatch`, 'aws_cloudwatch_metric_alarm', '', 'actions_enabled', false),
  ),
  mutation(
    'O-28/measures',
    'the least instead of the mean',
    set(`${eu}/monitoring/cloudwatch`, 'aws_cloudwatch_metric_alarm', 'api-cpu', 'statistic', 'Minimum'),
  ),
  mutation('O-02', 'trust in every repository', (tree) =>
    change(
      tree,
      'production/global/iam/github-oidc',
      'aws_iam_role',
      '"github-actions-role"',
      edited(
        'assume_role_policy',
        (policy) => void delete policy.Statement[0].Condition.StringEquals['token.actions.githubusercontent.com:sub'],
      ),
    ),
  ),
];
