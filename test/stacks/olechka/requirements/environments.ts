import { places, type SynthesizedTree } from '../tree';
import { requirement, sameSet } from './requirement';

const bases = (environment: string): readonly string[] =>
  places.filter((place) => place.environment === environment).map(({ region }) => `${environment}/${region}`);
const natZones = (tree: SynthesizedTree, base: string) =>
  tree.resources('aws_nat_gateway', base).map((one) => tree.follow(one.unit, one.attrs.subnet_id)?.attrs.availability_zone);
const providers = (tree: SynthesizedTree, base: string) =>
  [...tree.resources('aws_ecs_service', base), ...tree.resources('aws_ecs_cluster_capacity_providers', base)].flatMap(
    (one) => one.attrs.capacity_provider_strategy ?? one.attrs.default_capacity_provider_strategy,
  );
const backups = (tree: SynthesizedTree, base: string) =>
  tree.resources('aws_rds_cluster', base).map((one) => one.attrs.backup_retention_period);
const zonesOfDatabase = (tree: SynthesizedTree, base: string) =>
  tree.resources('aws_rds_cluster_instance', base).map((one) => one.attrs.availability_zone);
const cacheOf = (tree: SynthesizedTree, base: string) => tree.one(`${base}/storage/elasticache`, 'aws_elasticache_replication_group').attrs;
const crossRegion = [
  'aws_rds_global_cluster',
  'aws_kms_replica_key',
  'aws_s3_bucket_replication_configuration',
  'aws_ecr_replication_configuration',
];
const reserved = ['aws_rds_reserved_instance', 'aws_elasticache_reserved_cache_node'];

/** What the environments differ in: O-22 to O-25. */
export const environments = [
  requirement('O-22', 'dev has one NAT gateway, mostly spot capacity, a week of backups and nothing twice', (tree, demand) => {
    for (const base of bases('dev')) {
      demand(natZones(tree, base).length === 1, `${base}: ${natZones(tree, base).length} NAT gateways`);
      const weights = providers(tree, base).map((one) => `${one.capacity_provider} ${one.weight} ${one.base ?? 0}`);
      demand(weights.length === 6 && sameSet(weights, ['FARGATE 1 1', 'FARGATE_SPOT 4 0']), `${base}: capacity ${weights.join()}`);
      demand(sameSet(backups(tree, base), [7]), `${base}: backups of ${backups(tree, base).join()} days`);
      demand(
        zonesOfDatabase(tree, base).length === 1 &&
          cacheOf(tree, base).num_cache_clusters === 1 &&
          cacheOf(tree, base).automatic_failover_enabled === false,
        `${base}: more than one of something`,
      );
      demand(
        tree.one(`${base}/storage/aurora`, 'aws_rds_cluster_instance').attrs.instance_class === 'db.t3.medium',
        `${base}: database class`,
      );
      demand(
        crossRegion.every((type) => tree.resources(type, base).length === 0),
        `${base}: cross-region resources`,
      );
    }
  }),
  requirement(
    'O-23',
    'staging has NAT gateways in two zones, on-demand capacity, two weeks of backups, and failover of database and cache',
    (tree, demand) => {
      for (const base of bases('staging')) {
        demand(
          natZones(tree, base).length === 2 && new Set(natZones(tree, base)).size === 2,
          `${base}: NAT in ${natZones(tree, base).join()}`,
        );
        demand(
          providers(tree, base).length > 0 && providers(tree, base).every((one) => one.capacity_provider === 'FARGATE'),
          `${base}: spot capacity`,
        );
        demand(sameSet(backups(tree, base), [14]), `${base}: backups of ${backups(tree, base).join()} days`);
        demand(
          zonesOfDatabase(tree, base).length === 2 && new Set(zonesOfDatabase(tree, base)).size === 2,
          `${base}: database in ${zonesOfDatabase(tree, base).join()}`,
        );
        demand(cacheOf(tree, base).num_cache_clusters === 2 && cacheOf(tree, base).automatic_failover_enabled === true, `${base}: cache`);
        demand(
          crossRegion.every((type) => tree.resources(type, base).length === 0),
          `${base}: cross-region resources`,
        );
      }
    },
  ),
  requirement('O-24', 'production has everything in three zones, a month of backups, and its data in both regions', (tree, demand) => {
    for (const base of bases('production')) {
      demand(
        natZones(tree, base).length === 3 && new Set(natZones(tree, base)).size === 3,
        `${base}: NAT in ${natZones(tree, base).join()}`,
      );
      demand(
        providers(tree, base).length > 0 && providers(tree, base).every((one) => one.capacity_provider === 'FARGATE'),
        `${base}: spot capacity`,
      );
      demand(sameSet(backups(tree, base), [30]), `${base}: backups of ${backups(tree, base).join()} days`);
      const cache = cacheOf(tree, base);
      demand(cache.num_cache_clusters === 3 && cache.automatic_failover_enabled && cache.multi_az_enabled, `${base}: cache`);
      demand(
        tree.follow(`${base}/storage/elasticache`, cache.auth_token)?.type === 'random_password',
        `${base}: the cache has no password`,
      );
      demand(new Set(zonesOfDatabase(tree, base)).size >= 2, `${base}: database in ${zonesOfDatabase(tree, base).join()}`);
    }
    const [primary, standby] = ['production/eu-central-1', 'production/ap-southeast-1'];
    demand(zonesOfDatabase(tree, primary).length === 3, `${primary}: ${zonesOfDatabase(tree, primary).length} database instances`);
    demand(
      sameSet(
        tree
          .resources('aws_appautoscaling_target', 'production')
          .filter((one) => one.unit.endsWith('storage/aurora'))
          .map((one) => `${one.unit} ${one.attrs.min_capacity}-${one.attrs.max_capacity}`),
        [`${primary}/storage/aurora 1-4`],
      ),
      'reader scaling',
    );
    for (const base of [primary, standby]) {
      const cluster = tree.one(`${base}/storage/aurora`, 'aws_rds_cluster');
      demand(
        tree.follow(cluster.unit, cluster.attrs.global_cluster_identifier)?.type === 'aws_rds_global_cluster',
        `${base}: not in the global database`,
      );
      demand((cluster.attrs.master_username === undefined) === (base === standby), `${base}: wrong side of the global database`);
    }
    for (const kind of ['artifacts', 'models']) {
      const unit = `${primary}/storage/s3-${kind}`;
      const replication = tree.one(unit, 'aws_s3_bucket_replication_configuration').attrs;
      const rule = replication.rule?.[0];
      const target = tree.follow(unit, rule?.destination.bucket);
      demand(
        target?.unit === `${standby}/storage/s3-${kind}` && target.attrs.bucket === `ai-tools-${kind}-production-ap-southeast-1`,
        `${unit}: copies to ${target?.attrs.bucket}`,
      );
      demand(
        rule?.filter.prefix === 'critical/' &&
          rule.destination.replication_time.time.minutes === 15 &&
          rule.destination.storage_class === 'STANDARD_IA',
        `${unit}: how it copies`,
      );
      demand(
        tree.follow(unit, rule?.destination.encryption_configuration.replica_kms_key_id)?.unit === `${standby}/security/kms`,
        `${unit}: key of the copies`,
      );
      for (const base of [primary, standby])
        demand(
          tree
            .resources('aws_s3_bucket_object_lock_configuration', `${base}/storage/s3-${kind}`)
            .some((one) => one.attrs.rule.default_retention.mode === 'GOVERNANCE' && one.attrs.rule.default_retention.days === 30),
          `${base}: object lock of ${kind}`,
        );
    }
    for (const secret of tree.resources('aws_secretsmanager_secret', `${primary}/security/secrets`))
      demand(
        secret.attrs.replica?.[0].region === 'ap-southeast-1' &&
          tree.follow(secret.unit, secret.attrs.replica[0].kms_key_id)?.unit === `${standby}/security/kms`,
        `${secret.attrs.name}: no replica`,
      );
    const rotations = Object.fromEntries(
      tree
        .resources('aws_secretsmanager_secret_rotation')
        .map((one) => [tree.follow(one.unit, one.attrs.secret_id)?.attrs.name, one.attrs.rotation_rules.automatically_after_days]),
    );
    demand(
      JSON.stringify(rotations) === JSON.stringify({ 'ai-tools-production-database-url': 30, 'ai-tools-production-jwt-secret': 90 }),
      `rotations ${JSON.stringify(rotations)}`,
    );
    demand(
      tree.resources('aws_secretsmanager_secret', `${standby}/security/secrets`).length === 0,
      `${standby}: secrets of its own beside the replicas`,
    );
  }),
  requirement('O-25', 'nothing is reserved unless production asks for it', (tree, demand) => {
    for (const type of reserved) demand(tree.resources(type).length === 0, `${tree.resources(type)[0]?.unit}: ${type}`);
  }),
];
