import { requirement, sameSet } from '../../olechka/requirements/requirement';
import { type Json, type SynthesizedTree } from '../../olechka/tree';
import { prod } from '../tree';

const unit = (id: string): string => `${prod}/${id}`;
const names = ['frontend', 'backend'] as const;

/** Who a rule admits, by the groups' names or a CIDR. */
function rules(tree: SynthesizedTree, type: string): readonly string[] {
  const groups = unit('network/security-groups');
  const called = (expression: unknown): string => tree.follow(groups, expression)?.attrs.name ?? 'nobody';
  return tree
    .resources(type, groups)
    .map(
      ({ attrs }) =>
        `${called(attrs.security_group_id)} ${attrs.referenced_security_group_id === undefined ? attrs.cidr_ipv4 : called(attrs.referenced_security_group_id)} ${attrs.from_port}-${attrs.to_port}/${attrs.ip_protocol}`,
    );
}

/** Ways, secrets, and what stays up. */
export const productionWays = [
  requirement('P-15/prod', 'frontend and backend are services of their own on the ports of the product', (tree, demand) => {
    for (const [name, port] of [
      ['frontend', 8080],
      ['backend', 3000],
    ] as const) {
      const path = unit(`compute/ecs-service-${name}`);
      const service = tree.one(path, 'aws_ecs_service').attrs;
      demand(service.name === `promata-${name}` && service.load_balancer?.[0]?.container_port === port, `${name}: ${service.name}`);
      demand(service.network_configuration?.assign_public_ip === false, `${name}: a public address`);
      const subnets = tree.followAll(path, service.network_configuration?.subnets);
      demand(subnets.length === 2 && subnets.every(({ attrs }) => attrs.tags.Tier === 'private'), `${name}: subnets`);
      const groups = tree.followAll(path, service.network_configuration?.security_groups);
      demand(groups.map(({ attrs }) => attrs.name).join() === `promata-prod-${name}`, `${name}: group`);
    }
  }),
  requirement('P-16/prod', 'only the load balancer is reached from the internet', (tree, demand) => {
    const open = tree
      .resources('aws_vpc_security_group_ingress_rule', 'prod')
      .filter(({ attrs }) => attrs.cidr_ipv4 !== undefined || attrs.cidr_ipv6 !== undefined);
    const groups = unit('network/security-groups');
    demand(
      open.length === 2 && open.every(({ attrs }) => tree.follow(groups, attrs.security_group_id)?.attrs.name === 'promata-prod-alb'),
      'something else is open',
    );
    const balancer = tree.one(unit('network/alb'), 'aws_lb').attrs;
    demand(
      tree
        .followAll(unit('network/alb'), balancer.security_groups)
        .map(({ attrs }) => attrs.name)
        .join() === 'promata-prod-alb',
      'group of the load balancer',
    );
  }),
  requirement('P-18/prod', 'production has neither Ansible nor Swarm', (tree, demand) => {
    demand(!Object.keys(tree.files).some((file) => file.startsWith('prod/artifacts/')), 'artifacts');
  }),
  requirement('P-20/prod', 'secrets come to the tasks from Secrets Manager, each to who needs it', (tree, demand) => {
    for (const name of names) {
      const path = unit(`compute/ecs-service-${name}`);
      const [container] = JSON.parse(tree.one(path, 'aws_ecs_task_definition').attrs.container_definitions ?? '[{}]');
      const secrets = Object.fromEntries(
        (container.secrets ?? []).map((one: Json) => [one.name, tree.follow(path, one.valueFrom)?.attrs.name ?? one.valueFrom]),
      );
      const wanted =
        name === 'backend'
          ? {
              JWT_SECRET: 'promata-prod-jwt-secret',
              DATABASE_URL: 'promata-prod-database-url',
              REDIS_PASSWORD: 'promata-prod-redis-auth-token',
            }
          : {};
      demand(JSON.stringify(secrets) === JSON.stringify(wanted), `${name}: ${JSON.stringify(secrets)}`);
      for (const one of container.environment ?? []) demand(!/PASSWORD|SECRET|TOKEN/.test(one.name), `${name}: ${one.name} in the open`);
      for (const { attrs } of tree.resources('aws_secretsmanager_secret', unit('security/secrets')))
        demand(tree.follow(unit('security/secrets'), attrs.kms_key_id)?.type === 'aws_kms_key', `${attrs.name}: key`);
    }
  }),
  requirement('P-27/prod', 'the secret of the sessions is made by chance and goes to the backend alone', (tree, demand) => {
    const value = tree.one(unit('security/secrets'), 'aws_secretsmanager_secret_version').attrs;
    demand(/^\$\{random_password\./.test(value.secret_string ?? ''), 'a literal');
    demand(tree.follow(unit('security/secrets'), value.secret_id)?.attrs.name === 'promata-prod-jwt-secret', 'secret');
    const holders = names.filter((name) => {
      const path = unit(`compute/ecs-service-${name}`);
      return JSON.stringify(tree.one(path, 'aws_ecs_task_definition').attrs.container_definitions).includes('jwt_secret_arn');
    });
    demand(holders.join() === 'backend', `held by ${holders.join()}`);
  }),
  requirement('P-21/prod', 'traffic is encrypted from end to end: listener, targets, database, cache', (tree, demand) => {
    for (const { attrs } of tree.resources('aws_lb_target_group', unit('network/alb')))
      demand(attrs.protocol === 'HTTPS' && attrs.health_check.protocol === 'HTTPS', `${attrs.name}: ${attrs.protocol}`);
    for (const name of names) {
      const [container] = JSON.parse(
        tree.one(unit(`compute/ecs-service-${name}`), 'aws_ecs_task_definition').attrs.container_definitions ?? '[{}]',
      );
      demand(
        container.environment.some((one: Json) => one.name === 'TLS' && one.value === 'self-signed'),
        `${name} speaks no TLS`,
      );
      demand(container.healthCheck.command.join(' ').includes('https://localhost'), `${name}: health without TLS`);
    }
    const redis = JSON.stringify(tree.one(unit('compute/ecs-service-backend'), 'aws_ecs_task_definition').attrs.container_definitions);
    demand(redis.includes('rediss://'), 'the cache is spoken to without TLS');
    const parameters = tree.one(unit('storage/rds'), 'aws_db_parameter_group').attrs.parameter ?? [];
    demand(
      parameters.some((one: Json) => one.name === 'rds.force_ssl' && one.value === '1'),
      'the database takes connections without TLS',
    );
  }),
  requirement('P-25', 'groups admit groups only: load balancer to services, backend to database and cache', (tree, demand) => {
    const admitted = rules(tree, 'aws_vpc_security_group_ingress_rule');
    const wanted = [
      'promata-prod-alb 0.0.0.0/0 80-80/tcp',
      'promata-prod-alb 0.0.0.0/0 443-443/tcp',
      'promata-prod-frontend promata-prod-alb 8080-8080/tcp',
      'promata-prod-backend promata-prod-alb 3000-3000/tcp',
      'promata-prod-rds promata-prod-backend 5432-5432/tcp',
      'promata-prod-redis promata-prod-backend 6379-6379/tcp',
    ];
    demand(sameSet(admitted, wanted), `admitted: ${admitted.join('; ')}`);
    const out = rules(tree, 'aws_vpc_security_group_egress_rule');
    const ways = [
      'promata-prod-alb promata-prod-frontend 8080-8080/tcp',
      'promata-prod-alb promata-prod-backend 3000-3000/tcp',
      'promata-prod-frontend 0.0.0.0/0 443-443/tcp',
      'promata-prod-backend 0.0.0.0/0 443-443/tcp',
      'promata-prod-backend promata-prod-rds 5432-5432/tcp',
      'promata-prod-backend promata-prod-redis 6379-6379/tcp',
    ];
    demand(sameSet(out, ways), `let out: ${out.join('; ')}`);
    for (const [path, type, attribute, group] of [
      ['storage/rds', 'aws_db_instance', 'vpc_security_group_ids', 'rds'],
      ['storage/redis', 'aws_elasticache_replication_group', 'security_group_ids', 'redis'],
    ] as const)
      demand(
        tree
          .followAll(unit(path), tree.one(unit(path), type).attrs[attribute])
          .map(({ attrs }) => attrs.name)
          .join() === `promata-prod-${group}`,
        `${path}: group`,
      );
  }),
  requirement('P-23', 'an apply waits for the new tasks, and takes a deployment back that does not come up', (tree, demand) => {
    for (const name of names) {
      const service = tree.one(unit(`compute/ecs-service-${name}`), 'aws_ecs_service').attrs;
      demand(service.wait_for_steady_state === true, `${name}: nobody waits`);
      demand(
        service.deployment_circuit_breaker?.enable === true && service.deployment_circuit_breaker.rollback === true,
        `${name}: circuit breaker`,
      );
      demand(service.deployment_minimum_healthy_percent === 100, `${name}: a deployment takes tasks away`);
    }
  }),
  requirement('P-29', 'services grow with their load', (tree, demand) => {
    for (const name of names) {
      const path = unit(`compute/ecs-service-${name}`);
      const target = tree.one(path, 'aws_appautoscaling_target');
      demand(
        target.attrs.max_capacity > target.attrs.min_capacity && String(target.attrs.resource_id).includes('service/'),
        `${name}: never grows`,
      );
      const policies = tree.resources('aws_appautoscaling_policy', path);
      demand(
        policies.length === 2 && policies.every(({ attrs }) => tree.follow(path, attrs.resource_id)?.name === target.name),
        `${name}: policies`,
      );
    }
  }),
  requirement('P-30', 'nothing is there once only', (tree, demand) => {
    for (const name of names) {
      const path = unit(`compute/ecs-service-${name}`);
      demand(
        tree.one(path, 'aws_ecs_service').attrs.desired_count >= 2 && tree.one(path, 'aws_appautoscaling_target').attrs.min_capacity >= 2,
        `${name}: one task`,
      );
    }
    const cache = tree.one(unit('storage/redis'), 'aws_elasticache_replication_group').attrs;
    demand(cache.automatic_failover_enabled === true && cache.multi_az_enabled === true && cache.num_cache_clusters >= 2, 'cache');
    demand(tree.one(unit('storage/rds'), 'aws_db_instance').attrs.multi_az === true, 'database');
    const zones = new Set(tree.resources('aws_subnet', unit('network/vpc')).map(({ attrs }) => attrs.availability_zone));
    demand(zones.size >= 2, 'zones');
  }),
  requirement('P-31', 'the tree has a folder for each environment, and what is handed on lies beside development', (tree, demand) => {
    const places = new Set(Object.keys(tree.units).map((one) => one.split('/').slice(0, 2).join('/')));
    demand(sameSet([...places], ['dev/eastus2', 'prod/us-east-1']), `places ${[...places].join()}`);
    for (const folder of ['ansible', 'docker/stacks', 'scripts', 'cloud-init'])
      demand(
        Object.keys(tree.files).some((file) => file.startsWith(`dev/artifacts/${folder}/`)),
        `no ${folder}`,
      );
    const listed = ['network/vnet', 'security/key-vault', 'compute/swarm', 'storage/backups', 'dns/duckdns'];
    demand(
      sameSet(
        Object.keys(tree.units).filter((one) => one.startsWith('dev/')),
        listed.map((one) => `dev/eastus2/${one}`),
      ),
      'units of development',
    );
    demand(Object.keys(tree.units).filter((one) => one.startsWith('prod/')).length === 14, 'units of production');
  }),
];
