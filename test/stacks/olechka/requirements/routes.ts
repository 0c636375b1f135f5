import { places, type Block, type SynthesizedTree } from '../tree';
import { requirement, sameSet } from './requirement';

const environmentOf = (tree: SynthesizedTree, unit: string): Readonly<Record<string, string>> => {
  const task = tree.follow(unit, tree.one(unit, 'aws_ecs_service').attrs.task_definition);
  const [application] = JSON.parse(task?.attrs.container_definitions ?? '[]');
  return Object.fromEntries((application?.environment ?? []).map((one: { name: string; value: string }) => [one.name, one.value]));
};

/** Rules of one direction that name another group, as `from>to:port`. */
function between(tree: SynthesizedTree, unit: string, type: string): readonly string[] {
  const name = (expression: unknown): string => tree.follow(unit, expression)?.attrs.name ?? String(expression);
  return tree
    .resources(type, unit)
    .filter(({ attrs }) => attrs.referenced_security_group_id !== undefined)
    .map(({ attrs }) => {
      const ends = [name(attrs.referenced_security_group_id), name(attrs.security_group_id)];
      return `${(type.includes('ingress') ? ends : ends.toReversed()).join('>')}:${attrs.from_port}-${attrs.to_port}`;
    });
}

/** What the arrows run over, and where their other end takes them: beside O-05 and O-10 to O-13. */
export const routes = [
  requirement(
    'O-05/routes',
    'private subnets leave by a NAT gateway in a public subnet, public ones by the internet gateway, database and cache not at all',
    (tree, demand) => {
      for (const { environment, region } of places) {
        const unit = `${environment}/${region}/network/vpc`;
        const tableOf = (subnet: Block) =>
          tree.follow(
            unit,
            tree.resources('aws_route_table_association', unit).find((one) => tree.follow(unit, one.attrs.subnet_id)?.name === subnet.name)
              ?.attrs.route_table_id,
          )?.name;
        for (const subnet of tree.resources('aws_subnet', unit)) {
          const { Tier: tier } = subnet.attrs.tags;
          const table = tableOf(subnet);
          demand(table !== undefined, `${unit}: ${subnet.name} has no routes`);
          const out = tree.resources('aws_route', unit).filter((one) => tree.follow(unit, one.attrs.route_table_id)?.name === table);
          const gateways = out.map((one) => tree.follow(unit, one.attrs.nat_gateway_id ?? one.attrs.gateway_id));
          const types = { public: ['aws_internet_gateway'], private: ['aws_nat_gateway'] }[String(tier)] ?? [];
          demand(
            sameSet(
              gateways.map((one) => one?.type),
              types,
            ),
            `${unit}: ${subnet.name} leaves by ${gateways.map((one) => one?.name).join()}`,
          );
          for (const gateway of gateways.filter((one) => one?.type === 'aws_nat_gateway')) {
            const stands = tree.follow(unit, gateway?.attrs.subnet_id)?.attrs;
            demand(stands?.tags.Tier === 'public', `${unit}: ${gateway?.name} stands in a ${stands?.tags.Tier} subnet`);
            demand(
              environment !== 'production' || stands?.availability_zone === subnet.attrs.availability_zone,
              `${unit}: ${subnet.name} leaves by another zone`,
            );
          }
        }
        demand(tree.one(`${environment}/${region}/network/alb`, 'aws_lb').attrs.internal !== true, `${unit}: internal load balancer`);
      }
    },
  ),
  requirement(
    'O-10/ways',
    'each edge that a group lets in, its other end lets out, and all stand in the network of the region',
    (tree, demand) => {
      for (const { environment, region } of places) {
        const base = `${environment}/${region}`;
        const unit = `${base}/network/security-groups`;
        const [into, out] = ['ingress', 'egress'].map((way) => between(tree, unit, `aws_vpc_security_group_${way}_rule`));
        demand(sameSet(into ?? [], out ?? []), `${base}: let in ${into?.join()}, let out ${out?.join()}`);
        const toStore = tree
          .resources('aws_vpc_security_group_egress_rule', unit)
          .filter(({ attrs }) => tree.follow(unit, attrs.prefix_list_id)?.attrs.name === `com.amazonaws.${region}.s3`)
          .map(({ attrs }) => `${tree.follow(unit, attrs.security_group_id)?.attrs.name}:${attrs.from_port}`);
        demand(
          sameSet(
            toStore,
            ['api', 'worker'].map((name) => `ai-tools-${environment}-${name}:443`),
          ),
          `${base}: way to S3 of ${toStore.join()}`,
        );
        for (const one of [
          ...tree.resources('aws_security_group', unit),
          ...tree.resources('aws_lb_target_group', `${base}/network/alb`),
        ]) {
          const network = tree.follow(one.unit, one.attrs.vpc_id);
          demand(network?.type === 'aws_vpc' && network.unit === `${base}/network/vpc`, `${base}: ${one.name} in ${one.attrs.vpc_id}`);
        }
        for (const [name, port] of [
          ['api', 8080],
          ['worker', 8081],
        ] as const) {
          const service = tree.one(`${base}/compute/ecs-service-${name}`, 'aws_ecs_service');
          const containers = JSON.parse(tree.follow(service.unit, service.attrs.task_definition)?.attrs.container_definitions ?? '[]');
          const behind = containers.find((one: { name: string }) => one.name === service.attrs.load_balancer?.[0].container_name);
          demand(behind?.portMappings[0].containerPort === port, `${base}: ${name} listens on ${behind?.portMappings[0].containerPort}`);
          demand(service.attrs.network_configuration?.assign_public_ip === false, `${base}: ${name} has public addresses`);
        }
      }
    },
  ),
  requirement('O-11/url', 'the URL in the secret leads to the writer of the database, whose instances are not public', (tree, demand) => {
    for (const { environment, region } of places) {
      const unit = `${environment}/${region}/storage/aurora`;
      const cluster = tree.one(unit, 'aws_rds_cluster');
      for (const instance of tree.resources('aws_rds_cluster_instance', unit))
        demand(
          tree.follow(unit, instance.attrs.cluster_identifier)?.name === cluster.name && instance.attrs.publicly_accessible === false,
          `${unit}: ${instance.name} of ${instance.attrs.cluster_identifier}`,
        );
      demand(cluster.attrs.storage_encrypted === true, `${unit}: not encrypted`);
      if (cluster.attrs.master_username === undefined) continue;
      const version = tree.one(unit, 'aws_secretsmanager_secret_version').attrs;
      const [password, host] = tree.referencesIn(unit, version.secret_string ?? '');
      demand(
        tree.follow(unit, version.secret_id)?.attrs.name === `ai-tools-${environment}-database-url`,
        `${unit}: URL in ${version.secret_id}`,
      );
      demand(
        host !== undefined && ['aws_rds_cluster', 'aws_rds_global_cluster'].includes(host.type) && host.attribute === 'endpoint',
        `${unit}: URL of ${host?.name}.${host?.attribute}`,
      );
      demand(
        password?.name === tree.follow(unit, cluster.attrs.master_password)?.name && password?.type === 'random_password',
        `${unit}: password`,
      );
    }
  }),
  requirement('O-12/ends', 'both services find the cache, which stands in the cache subnets', (tree, demand) => {
    for (const { environment, region } of places) {
      const base = `${environment}/${region}`;
      const cache = tree.one(`${base}/storage/elasticache`, 'aws_elasticache_replication_group');
      const group = tree.follow(cache.unit, cache.attrs.subnet_group_name);
      const subnets = tree.followAll(cache.unit, group?.attrs.subnet_ids);
      demand(
        subnets.length === 3 && subnets.every((one) => one.unit === `${base}/network/vpc` && one.attrs.tags.Tier === 'cache'),
        `${base}: the cache stands in ${subnets.map((one) => one.name).join()}`,
      );
      for (const name of ['api', 'worker']) {
        const unit = `${base}/compute/ecs-service-${name}`;
        const host = tree.follow(unit, environmentOf(tree, unit)['REDIS_HOST']);
        demand(
          host?.unit === cache.unit && host.name === cache.name && host.attribute === 'primary_endpoint_address',
          `${unit}: REDIS_HOST is ${host?.name}.${host?.attribute}`,
        );
      }
    }
  }),
  requirement('O-13/names', 'the services are told the buckets that they may use, which nobody else may read', (tree, demand) => {
    for (const { environment, region } of places) {
      const base = `${environment}/${region}`;
      for (const kind of ['artifacts', 'models']) {
        for (const name of ['api', 'worker']) {
          const unit = `${base}/compute/ecs-service-${name}`;
          const bucket = tree.follow(unit, environmentOf(tree, unit)[`${kind.toUpperCase()}_BUCKET`]);
          demand(bucket?.attrs.bucket === `ai-tools-${kind}-${environment}-${region}`, `${unit}: ${kind} in ${bucket?.attrs.bucket}`);
        }
        for (const { attrs, name } of tree.resources('aws_s3_bucket_public_access_block', `${base}/storage/s3-${kind}`))
          demand(
            ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'].every(
              (way) => attrs[way] === true,
            ),
            `${base}: ${name} is open`,
          );
      }
    }
  }),
];
