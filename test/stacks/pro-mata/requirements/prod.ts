import { requirement, sameSet } from '../../olechka/requirements/requirement';
import { statementsOf, type Json } from '../../olechka/tree';
import { prod } from '../tree';

const unit = (id: string): string => `${prod}/${id}`;
const names = ['frontend', 'backend'] as const;

/** Production's resources on AWS. */
export const production = [
  requirement('P-01/prod', 'production is in us-east-1', (tree, demand) => {
    for (const [path, json] of Object.entries(tree.units).filter(([one]) => one.startsWith('prod/'))) {
      demand(json.provider?.aws?.[0]?.region === 'us-east-1', `${path}: region`);
      demand(json.provider?.azurerm === undefined, `${path} uses Azure`);
    }
  }),
  requirement('P-09', 'both services run on Fargate with 512 CPU and 1024 MiB, from repositories of their own', (tree, demand) => {
    for (const name of names) {
      const path = unit(`compute/ecs-service-${name}`);
      const service = tree.one(path, 'aws_ecs_service').attrs;
      const task = tree.follow(path, service.task_definition)?.attrs;
      demand(task?.cpu === '512' && task.memory === '1024', `${name}: ${task?.cpu}/${task?.memory}`);
      demand(sameSet(task?.requires_compatibilities ?? [], ['FARGATE']) && task?.network_mode === 'awsvpc', `${name}: not Fargate`);
      demand(
        sameSet(
          (service.capacity_provider_strategy ?? []).map((one: Json) => one.capacity_provider),
          ['FARGATE'],
        ),
        `${name}: capacity`,
      );
      demand(tree.follow(path, service.cluster)?.type === 'aws_ecs_cluster', `${name}: cluster`);
      const [container] = JSON.parse(task?.container_definitions ?? '[{}]');
      const image = /^\$\{[^}]+\}/.exec(container.image ?? '')?.[0];
      const repository = tree.follow(path, image);
      demand(repository?.type === 'aws_ecr_repository' && repository.attrs.name === `promata-${name}`, `${name}: image ${container.image}`);
    }
  }),
  requirement('P-10', 'one network 10.0.0.0/16 has a public and a private subnet in each of two zones', (tree, demand) => {
    const vpc = unit('network/vpc');
    demand(tree.one(vpc, 'aws_vpc').attrs.cidr_block === '10.0.0.0/16', 'network');
    const subnets = (tier: string): readonly Json[] =>
      tree
        .resources('aws_subnet', vpc)
        .filter(({ attrs }) => attrs.tags.Tier === tier)
        .map(({ attrs }) => attrs);
    for (const [tier, blocks] of [
      ['private', ['10.0.1.0/24', '10.0.2.0/24']],
      ['public', ['10.0.10.0/24', '10.0.11.0/24']],
    ] as const) {
      demand(
        sameSet(
          subnets(tier).map((one) => one.cidr_block),
          blocks,
        ),
        `${tier}: blocks`,
      );
      demand(
        sameSet(
          subnets(tier).map((one) => one.availability_zone),
          ['us-east-1a', 'us-east-1b'],
        ),
        `${tier}: zones`,
      );
    }
    for (const { attrs, name } of tree.resources('aws_route', vpc)) {
      const target = attrs.gateway_id === undefined ? tree.follow(vpc, attrs.nat_gateway_id) : tree.follow(vpc, attrs.gateway_id);
      demand(target?.type === (name.includes('public') ? 'aws_internet_gateway' : 'aws_nat_gateway'), `${name} leads to ${target?.type}`);
    }
    for (const { attrs, name } of tree.resources('aws_nat_gateway', vpc)) {
      demand(tree.follow(vpc, attrs.subnet_id)?.attrs.tags.Tier === 'public', `${name} in a private subnet`);
      demand(tree.follow(vpc, attrs.allocation_id)?.type === 'aws_eip', `${name}: address`);
    }
    demand(tree.resources('aws_nat_gateway', vpc).length === 2, 'NAT gateways');
  }),
  requirement('P-11', 'the load balancer sends 80 to 443, and each name to healthy targets', (tree, demand) => {
    const alb = unit('network/alb');
    const balancer = tree.one(alb, 'aws_lb').attrs;
    demand(balancer.load_balancer_type === 'application' && balancer.internal === false, 'kind');
    demand(
      tree.followAll(alb, balancer.subnets).every(({ attrs }) => attrs.tags.Tier === 'public') &&
        tree.followAll(alb, balancer.subnets).length === 2,
      'subnets',
    );
    const listener = (port: number): Json => tree.resources('aws_lb_listener', alb).find(({ attrs }) => attrs.port === port)?.attrs ?? {};
    const redirect = listener(80).default_action?.[0]?.redirect;
    demand(redirect?.port === '443' && redirect.protocol === 'HTTPS' && redirect.status_code === 'HTTP_301', 'port 80');
    demand(listener(443).protocol === 'HTTPS' && /TLS13/.test(listener(443).ssl_policy ?? ''), 'port 443');
    for (const [name, host] of [
      ['frontend', 'promata.ages.pucrs.br'],
      ['backend', 'api.promata.ages.pucrs.br'],
    ] as const) {
      const rule = tree
        .resources('aws_lb_listener_rule', alb)
        .find(({ attrs }) => attrs.condition[0].host_header?.values.join() === host)?.attrs;
      const group = tree.follow(alb, rule?.action[0].target_group_arn);
      demand(group?.attrs.name === `promata-prod-${name}` && group.attrs.target_type === 'ip', `${host} leads to ${group?.attrs.name}`);
      demand(
        group?.attrs.health_check?.enabled === true && group.attrs.health_check.path === (name === 'frontend' ? '/health' : '/api/health'),
        `${name}: health`,
      );
      const service = tree.one(unit(`compute/ecs-service-${name}`), 'aws_ecs_service').attrs;
      demand(
        tree.follow(unit(`compute/ecs-service-${name}`), service.load_balancer?.[0]?.target_group_arn)?.name === group?.name,
        `${name} is in another group`,
      );
    }
  }),
  requirement('P-12', 'the names are Route 53 aliases of the load balancer, and its certificate is validated there', (tree, demand) => {
    const alb = unit('network/alb');
    const zone = unit('dns/zone');
    for (const name of ['promata.ages.pucrs.br', 'api.promata.ages.pucrs.br']) {
      const records = tree.resources('aws_route53_record', alb).filter(({ attrs }) => attrs.name === name);
      demand(
        sameSet(
          records.map(({ attrs }) => attrs.type),
          ['A', 'AAAA'],
        ),
        `${name}: records`,
      );
      for (const { attrs } of records) {
        demand(
          tree.follow(alb, attrs.alias.name)?.type === 'aws_lb' && tree.follow(alb, attrs.alias.zone_id)?.type === 'aws_lb',
          `${name}: alias`,
        );
        demand(tree.follow(alb, attrs.zone_id)?.type === 'aws_route53_zone', `${name}: zone`);
      }
    }
    const listener = tree.resources('aws_lb_listener', alb).find(({ attrs }) => attrs.port === 443)?.attrs;
    demand(tree.follow(alb, listener?.certificate_arn)?.type === 'aws_acm_certificate_validation', 'the certificate was not validated');
    const certificate = tree.one(zone, 'aws_acm_certificate').attrs;
    demand(
      certificate.validation_method === 'DNS' && sameSet(certificate.subject_alternative_names, ['api.promata.ages.pucrs.br']),
      'certificate',
    );
    const validation = tree.one(zone, 'aws_acm_certificate_validation').attrs;
    demand(tree.follow(zone, validation.certificate_arn)?.type === 'aws_acm_certificate', 'validation of another certificate');
    demand(
      validation.validation_record_fqdns?.length === 2 &&
        validation.validation_record_fqdns.every((one: string) => tree.follow(zone, one)?.type === 'aws_route53_record'),
      'validation records',
    );
  }),
  requirement('P-13', 'PostgreSQL is Multi-AZ, encrypted, private, protected, and takes TLS only', (tree, demand) => {
    const rds = unit('storage/rds');
    const one = tree.one(rds, 'aws_db_instance').attrs;
    demand(one.engine === 'postgres' && one.multi_az === true, 'Multi-AZ');
    demand(one.storage_encrypted === true && tree.follow(rds, one.kms_key_id)?.type === 'aws_kms_key', 'encryption');
    demand(one.publicly_accessible === false && one.deletion_protection === true && one.lifecycle?.prevent_destroy === true, 'protection');
    demand(one.skip_final_snapshot === false && one.backup_retention_period >= 7, 'backups');
    const subnets = tree.followAll(rds, tree.follow(rds, one.db_subnet_group_name)?.attrs.subnet_ids);
    demand(subnets.length === 2 && subnets.every(({ attrs }) => attrs.tags.Tier === 'private'), 'subnets');
    const parameters = tree.follow(rds, one.parameter_group_name)?.attrs.parameter ?? [];
    demand(
      parameters.some((parameter: Json) => parameter.name === 'rds.force_ssl' && parameter.value === '1'),
      'TLS',
    );
    demand(/^\$\{random_password\./.test(one.password), 'password');
    const url = tree.one(rds, 'aws_secretsmanager_secret_version').attrs;
    demand(
      tree.follow(rds, url.secret_id)?.attrs.name === 'promata-prod-database-url' && /\?sslmode=require$/.test(url.secret_string),
      'URL',
    );
  }),
  requirement('P-14', 'CloudWatch and Container Insights watch everything, and a log group of each service ends', (tree, demand) => {
    const setting = tree.one(unit('compute/ecs-cluster'), 'aws_ecs_cluster').attrs.setting?.[0];
    demand(setting?.name === 'containerInsights' && setting.value === 'enabled', 'Container Insights');
    const watch = unit('monitoring/cloudwatch');
    const alarms = tree.resources('aws_cloudwatch_metric_alarm', watch);
    const called = new Set(alarms.map(({ attrs }) => String(attrs.alarm_name).replace('promata-prod-', '')));
    for (const name of [
      'frontend-cpu',
      'backend-memory',
      'backend-unhealthy',
      'error-rate',
      'latency',
      'database-cpu',
      'database-connections',
    ])
      demand(called.has(name), `no alarm ${name}`);
    for (const { attrs } of alarms)
      demand(
        (attrs.alarm_actions ?? []).every((one: string) => tree.follow(watch, one)?.type === 'aws_sns_topic') &&
          attrs.alarm_actions.length === 1,
        `${attrs.alarm_name} tells nobody`,
      );
    demand(tree.resources('aws_cloudwatch_dashboard', watch).length === 1, 'dashboard');
  }),
  requirement('P-19/prod', 'both services log to a group of their own that ends', (tree, demand) => {
    for (const name of names) {
      const path = unit(`compute/ecs-service-${name}`);
      const [container] = JSON.parse(tree.one(path, 'aws_ecs_task_definition').attrs.container_definitions ?? '[{}]');
      const group = tree.follow(path, container.logConfiguration?.options['awslogs-group']);
      demand(container.logConfiguration?.logDriver === 'awslogs' && group?.attrs.name === `/ecs/promata-${name}`, `${name}: logs`);
      demand(group?.attrs.retention_in_days > 0, `${name}: kept for ever`);
    }
  }),
  requirement('P-17/prod', 'Redis is replicated over both zones, encrypted, with a password that is in a secret', (tree, demand) => {
    const redis = unit('storage/redis');
    const one = tree.one(redis, 'aws_elasticache_replication_group').attrs;
    demand(one.transit_encryption_enabled === true && String(one.at_rest_encryption_enabled) === 'true', 'encryption');
    demand(/^\$\{random_password\./.test(one.auth_token ?? ''), 'password');
    demand(
      tree.follow(redis, tree.one(redis, 'aws_secretsmanager_secret_version').attrs.secret_id)?.attrs.name ===
        'promata-prod-redis-auth-token',
      'secret',
    );
    const subnets = tree.followAll(redis, tree.follow(redis, one.subnet_group_name)?.attrs.subnet_ids);
    demand(subnets.length === 2 && subnets.every(({ attrs }) => attrs.tags.Tier === 'private'), 'subnets');
  }),
  requirement('P-28', 'the role of administrators asks for a second factor', (tree, demand) => {
    const roles = tree.resources('aws_iam_role', unit('security/admin-access')).filter(({ attrs }) => attrs.name.includes('admin'));
    demand(roles.length === 1, `${roles.length} roles`);
    for (const { attrs } of roles)
      for (const statement of Object.values(statementsOf(attrs.assume_role_policy)))
        demand(statement.Condition?.Bool?.['aws:MultiFactorAuthPresent'] === 'true', 'no second factor');
  }),
];
