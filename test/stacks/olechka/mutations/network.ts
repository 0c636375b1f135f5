import { change, dev, eu, mutation, redirect, replaced, type Mutation } from './mutation';

export const network: readonly Mutation[] = [
  mutation('O-05', 'a subnet in the block of another zone', (tree) =>
    change(tree, `${eu}/network/vpc`, 'aws_subnet', '10.20.1.0/24', (attrs) => void (attrs.availability_zone = 'eu-central-1b')),
  ),
  mutation('O-05', 'a load balancer in the private subnets', (tree) =>
    change(tree, `${eu}/network/alb`, 'aws_lb', '', replaced('subnets', 'public', 'private')),
  ),
  mutation('O-10', 'the worker behind the target group of the api', (tree) =>
    change(
      tree,
      `${eu}/compute/ecs-service-worker`,
      'aws_ecs_service',
      '',
      (attrs) => void (attrs.load_balancer[0].target_group_arn = attrs.load_balancer[0].target_group_arn.replace('worker', 'api')),
    ),
  ),
  mutation('O-10', 'the load balancer reaches the api on the port of the worker', (tree) =>
    change(
      tree,
      `${dev}/network/security-groups`,
      'aws_vpc_security_group_ingress_rule',
      'from-alb-8080',
      (attrs) => void Object.assign(attrs, { from_port: 8081, to_port: 8081 }),
    ),
  ),
  mutation('O-11', 'the load balancer reaches the database', (tree) =>
    change(tree, `${eu}/network/security-groups`, 'aws_vpc_security_group_ingress_rule', 'from-api-5432', (attrs) => {
      const alb = tree.resources('aws_security_group', `${eu}/network/security-groups`).find((group) => group.attrs.name.endsWith('-alb'));
      attrs.referenced_security_group_id = `\${aws_security_group.${alb?.name}.id}`;
    }),
  ),
  mutation('O-11', 'the database in the group of the cache', (tree) =>
    change(
      tree,
      `${eu}/storage/aurora`,
      'aws_rds_cluster',
      '',
      (attrs) => void (attrs.vpc_security_group_ids = [attrs.vpc_security_group_ids[0].replace('aurora', 'cache')]),
    ),
  ),
  mutation('O-12', 'a cache without TLS', (tree) =>
    change(
      tree,
      `${eu}/storage/elasticache`,
      'aws_elasticache_replication_group',
      '',
      (attrs) => void (attrs.transit_encryption_enabled = false),
    ),
  ),
  mutation('O-12', 'services in one region that use the cache of the other', (tree) =>
    redirect(tree, `${eu}/compute/ecs-service-api`, 'storage_elasticache', 'production/ap-southeast-1/storage/elasticache'),
  ),
  mutation('O-13', 'a gateway endpoint without route tables', (tree) =>
    change(
      tree,
      `${eu}/network/endpoints`,
      'aws_vpc_endpoint',
      'com.amazonaws.eu-central-1.s3',
      (attrs) => void (attrs.route_table_ids = []),
    ),
  ),
  mutation('O-13', 'tasks that may use the buckets of the other region', (tree) =>
    redirect(tree, `${eu}/compute/ecs-service-api`, 'storage_s3_models', 'production/ap-southeast-1/storage/s3-models'),
  ),
  mutation('O-17', 'a web ACL before something else', (tree) =>
    redirect(tree, `${eu}/security/waf`, 'network_alb', 'production/ap-southeast-1/network/alb'),
  ),
  mutation('SG', 'a database open to the internet', (tree) =>
    change(tree, `${dev}/network/security-groups`, 'aws_vpc_security_group_ingress_rule', 'from-api-5432', (attrs) => {
      delete attrs.referenced_security_group_id;
      attrs.cidr_ipv4 = '0.0.0.0/0';
    }),
  ),
  mutation('SG', 'an edge too few', (tree) => {
    const rules = tree.units[`${eu}/network/security-groups`].resource.aws_vpc_security_group_ingress_rule;
    for (const name of Object.keys(rules)) if (name.includes('from-worker-6379')) delete rules[name];
  }),
];
