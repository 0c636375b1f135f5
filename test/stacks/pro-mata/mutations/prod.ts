import { change, edited, mutation, redirect, replaced, type Mutation } from '../../olechka/mutations/mutation';
import type { Json } from '../../olechka/tree';
import { prod } from '../tree';
import { gone, reference, set } from './edit';

const unit = (id: string): string => `${prod}/${id}`;
const vpc = unit('network/vpc');
const groups = unit('network/security-groups');
const alb = unit('network/alb');
const frontend = unit('compute/ecs-service-frontend');
const backend = unit('compute/ecs-service-backend');
const rds = unit('storage/rds');
const redis = unit('storage/redis');
const task = 'aws_ecs_task_definition';

const container = (edit: (application: Json) => void) => edited('container_definitions', ([application]) => edit(application));

/** Things done wrong in production. */
export const prodMutations: readonly Mutation[] = [
  mutation('P-01/prod', 'another region', (tree) => void (tree.units[vpc].provider.aws[0].region = 'us-east-2')),
  set('P-09', 'a larger task', backend, task, '', ['cpu'], '1024'),
  set(
    'P-09',
    'machines that may be taken away',
    frontend,
    'aws_ecs_service',
    '',
    ['capacity_provider_strategy', 0, 'capacity_provider'],
    'FARGATE_SPOT',
  ),
  mutation('P-09', "the other service's image", (tree) =>
    change(tree, frontend, task, '', replaced('container_definitions', 'frontend_url', 'backend_url')),
  ),
  set('P-10', 'another network', vpc, 'aws_vpc', '', ['cidr_block'], '10.5.0.0/16'),
  set('P-10', 'both subnets in one zone', vpc, 'aws_subnet', 'private-b', ['availability_zone'], 'us-east-1a'),
  mutation('P-10', 'a gateway in a private subnet', (tree) =>
    change(tree, vpc, 'aws_nat_gateway', '', (attrs) => void (attrs.subnet_id = reference(tree, vpc, 'aws_subnet', 'private-a'))),
  ),
  set('P-11', 'an internal load balancer', alb, 'aws_lb', '', ['internal'], true),
  set('P-11', 'plain HTTP that stays', alb, 'aws_lb_listener', 'redirect', ['default_action', 0, 'redirect', 'protocol'], 'HTTP'),
  set(
    'P-11',
    'names the wrong way round',
    alb,
    'aws_lb_listener_rule',
    'frontend',
    ['condition', 0, 'host_header', 'values'],
    ['api.promata.ages.pucrs.br'],
  ),
  set('P-11', 'targets that are not asked', alb, 'aws_lb_target_group', 'backend', ['health_check', 'enabled'], false),
  gone('P-12', 'no name for the API', alb, 'aws_route53_record', 'a-apipromata'),
  mutation('P-12', 'a certificate that was not validated', (tree) => {
    const zone = tree.units[unit('dns/zone')];
    zone.output.certificate_arn.value = reference(tree, unit('dns/zone'), 'aws_acm_certificate', '', 'arn');
  }),
  set('P-12', 'validation by mail', unit('dns/zone'), 'aws_acm_certificate', '', ['validation_method'], 'EMAIL'),
  set('P-13', 'one zone', rds, 'aws_db_instance', '', ['multi_az'], false),
  set('P-13', 'a public database', rds, 'aws_db_instance', '', ['publicly_accessible'], true),
  set('P-13', 'no encryption', rds, 'aws_db_instance', '', ['storage_encrypted'], false),
  set('P-13', 'no protection', rds, 'aws_db_instance', '', ['deletion_protection'], false),
  mutation('P-13', 'a database in public subnets', (tree) =>
    change(tree, rds, 'aws_db_subnet_group', '', replaced('subnet_ids', 'private_subnet', 'public_subnet')),
  ),
  set('P-14', 'no Container Insights', unit('compute/ecs-cluster'), 'aws_ecs_cluster', '', ['setting', 0, 'value'], 'disabled'),
  gone('P-14', 'no alarm for the database', unit('monitoring/cloudwatch'), 'aws_cloudwatch_metric_alarm', 'database-cpu'),
  set('P-14', 'an alarm that nobody hears', unit('monitoring/cloudwatch'), 'aws_cloudwatch_metric_alarm', '', ['alarm_actions'], []),
  set('P-19/prod', 'logs for ever', backend, 'aws_cloudwatch_log_group', '', ['retention_in_days'], 0),
  mutation('P-19/prod', 'no logs', (tree) =>
    change(
      tree,
      frontend,
      task,
      '',
      container((one) => void delete one.logConfiguration),
    ),
  ),
  set('P-17/prod', 'plain connections', redis, 'aws_elasticache_replication_group', '', ['transit_encryption_enabled'], false),
  set('P-17/prod', 'a password in the source', redis, 'aws_elasticache_replication_group', '', ['auth_token'], 'hunter2hunter2hunter2'),
  mutation('P-28', 'no second factor', (tree) =>
    change(
      tree,
      unit('security/admin-access'),
      'aws_iam_role',
      'admin_role',
      edited('assume_role_policy', (policy) => void delete policy.Statement[0].Condition.Bool),
    ),
  ),
  set('P-15/prod', 'tasks with public addresses', backend, 'aws_ecs_service', '', ['network_configuration', 'assign_public_ip'], true),
  mutation('P-15/prod', 'tasks in public subnets', (tree) =>
    change(tree, frontend, 'aws_ecs_service', '', (attrs) =>
      replaced('subnets', 'private_subnet', 'public_subnet')(attrs.network_configuration),
    ),
  ),
  set(
    'P-16/prod',
    'a backend that everybody reaches',
    groups,
    'aws_vpc_security_group_ingress_rule',
    'backend',
    ['cidr_ipv4'],
    '0.0.0.0/0',
  ),
  mutation(
    'P-18/prod',
    'a playbook for production',
    (tree) => void ((tree.files as Record<string, string>)['prod/artifacts/ansible/site.yml'] = '---'),
  ),
  mutation('P-20/prod', 'a secret for the frontend', (tree) =>
    change(
      tree,
      frontend,
      task,
      '',
      container((one) => one.secrets.push({ name: 'API_KEY', valueFrom: 'arn' })),
    ),
  ),
  mutation('P-20/prod', 'a password in the open', (tree) =>
    change(
      tree,
      backend,
      task,
      '',
      container((one) => one.environment.push({ name: 'DB_PASSWORD', value: 'x' })),
    ),
  ),
  mutation('P-27/prod', 'a secret of the source', (tree) =>
    change(tree, unit('security/secrets'), 'aws_secretsmanager_secret_version', '', (attrs) => void (attrs.secret_string = 'hunter2')),
  ),
  mutation('P-27/prod', 'the secret at the frontend', (tree) =>
    change(
      tree,
      frontend,
      task,
      '',
      container((one) =>
        one.secrets.push({ name: 'JWT_SECRET', valueFrom: '${data.terraform_remote_state.security_secrets.outputs.jwt_secret_arn}' }),
      ),
    ),
  ),
  set('P-21/prod', 'targets over HTTP', alb, 'aws_lb_target_group', 'backend', ['protocol'], 'HTTP'),
  mutation('P-21/prod', 'a cache without TLS', (tree) =>
    change(tree, backend, task, '', replaced('container_definitions', 'rediss://', 'redis://')),
  ),
  set('P-21/prod', 'a database without TLS', rds, 'aws_db_parameter_group', '', ['parameter', 0, 'value'], '0'),
  mutation('P-25', 'a database that the frontend reaches', (tree) =>
    change(
      tree,
      groups,
      'aws_vpc_security_group_ingress_rule',
      'rds',
      (attrs) => void (attrs.referenced_security_group_id = reference(tree, groups, 'aws_security_group', 'frontend')),
    ),
  ),
  set('P-25', 'a wider rule', groups, 'aws_vpc_security_group_ingress_rule', 'redis', ['to_port'], 6400),
  gone('P-25', 'a load balancer that nothing lets out', groups, 'aws_vpc_security_group_egress_rule', 'alb-group_to-backend'),
  mutation('P-25', 'a cache in the group of the database', (tree) =>
    change(tree, redis, 'aws_elasticache_replication_group', '', (attrs) => {
      attrs.security_group_ids = ['${data.terraform_remote_state.network_security_groups.outputs.database_group_id}'];
    }),
  ),
  set('P-23', 'nobody waits', frontend, 'aws_ecs_service', '', ['wait_for_steady_state'], false),
  set('P-23', 'no way back', backend, 'aws_ecs_service', '', ['deployment_circuit_breaker', 'rollback'], false),
  set('P-29', 'a service that never grows', backend, 'aws_appautoscaling_target', '', ['max_capacity'], 2),
  gone('P-29', 'no policy', frontend, 'aws_appautoscaling_policy'),
  set('P-30', 'one task', frontend, 'aws_appautoscaling_target', '', ['min_capacity'], 1),
  set('P-30', 'one cache', redis, 'aws_elasticache_replication_group', '', ['automatic_failover_enabled'], false),
  mutation('P-11', 'a service in the group of the other', (tree) => redirect(tree, backend, 'network_alb', unit('network/vpc'))),
];
