import { listOf, places, statementsOf, type Json } from '../tree';
import { requirement, sameSet } from './requirement';

const kinds = ['database-url', 'api-key', 'jwt-secret', 'encryption-key'];

/** Data and its encryption: O-07, O-08, O-15, and production's protection. */
export const data = [
  requirement(
    'O-07',
    'each region has its Aurora PostgreSQL, its buckets for artifacts and models with their logs, and its Redis',
    (tree, demand) => {
      for (const { environment, region } of places) {
        const base = `${environment}/${region}`;
        const cluster = tree.one(`${base}/storage/aurora`, 'aws_rds_cluster').attrs;
        demand(
          cluster.engine === 'aurora-postgresql' &&
            cluster.engine_version === '15.4' &&
            cluster.preferred_backup_window === '03:00-04:00' &&
            cluster.preferred_maintenance_window === 'sun:04:00-sun:05:00',
          `${base}: database`,
        );
        demand(sameSet(cluster.enabled_cloudwatch_logs_exports ?? [], ['postgresql']), `${base}: logs of the database`);
        for (const kind of ['artifacts', 'models']) {
          const unit = `${base}/storage/s3-${kind}`;
          const bucket = tree
            .resources('aws_s3_bucket', unit)
            .find((one) => one.attrs.bucket === `ai-tools-${kind}-${environment}-${region}`);
          const setting = (type: string) =>
            tree.resources(type, unit).find((one) => tree.follow(unit, one.attrs.bucket)?.name === bucket?.name)?.attrs;
          demand(bucket !== undefined, `${unit}: no bucket`);
          demand(
            tree.follow(
              unit,
              setting('aws_s3_bucket_server_side_encryption_configuration')?.rule[0].apply_server_side_encryption_by_default
                .kms_master_key_id,
            )?.unit === `${base}/security/kms`,
            `${unit}: key`,
          );
          demand(setting('aws_s3_bucket_versioning')?.versioning_configuration.status === 'Enabled', `${unit}: versions`);
          demand(setting('aws_s3_bucket_public_access_block')?.restrict_public_buckets === true, `${unit}: public`);
          demand(
            tree.follow(unit, setting('aws_s3_bucket_logging')?.target_bucket)?.attrs.bucket === `ai-tools-logs-${environment}-${region}`,
            `${unit}: access logs`,
          );
          const transitions = setting('aws_s3_bucket_lifecycle_configuration')?.rule[0].transition?.map(
            (one: { days: number }) => one.days,
          );
          demand(
            sameSet(transitions ?? [], (environment === 'production' ? [90, 180] : [30, 90]).slice(0, kind === 'models' ? 1 : 2)),
            `${unit}: ages ${transitions}`,
          );
        }
        const cache = tree.one(`${base}/storage/elasticache`, 'aws_elasticache_replication_group').attrs;
        demand(cache.engine === 'redis' && cache.at_rest_encryption_enabled === 'true', `${base}: cache`);
      }
    },
  ),
  requirement(
    'O-08',
    'each region has its rotating key and four secrets under it; keys of the standby side follow the primary',
    (tree, demand) => {
      for (const { environment, region } of places) {
        const base = `${environment}/${region}`;
        const unit = `${base}/security/kms`;
        const standby = base === 'production/ap-southeast-1';
        const key = tree.one(unit, standby ? 'aws_kms_replica_key' : 'aws_kms_key');
        demand(
          standby
            ? tree.follow(unit, key.attrs.primary_key_arn)?.unit === 'production/eu-central-1/security/kms'
            : key.attrs.enable_key_rotation === true,
          `${unit}: rotation`,
        );
        demand(key.attrs.deletion_window_in_days === (environment === 'production' ? 30 : 7), `${unit}: deletion window`);
        const aliases = tree.resources('aws_kms_alias', unit);
        demand(
          sameSet(
            aliases.map((one) => one.attrs.name),
            [`alias/ai-tools-${environment}`, `alias/ai-tools-${environment}-${region}`],
          ) && aliases.every((one) => tree.follow(unit, one.attrs.target_key_id)?.name === key.name),
          `${unit}: aliases`,
        );
        const found = standby
          ? tree.data('aws_secretsmanager_secret', `${base}/security/secrets`)
          : tree.resources('aws_secretsmanager_secret', `${base}/security/secrets`);
        demand(
          sameSet(
            found.map((one) => one.attrs.name),
            kinds.map((kind) => `ai-tools-${environment}-${kind}`),
          ),
          `${base}: secrets ${found.map((one) => one.attrs.name).join()}`,
        );
        demand(tree.resources('aws_wafv2_web_acl', base).length === 1, `${base}: web ACL`);
      }
    },
  ),
  requirement(
    'O-15',
    'every secret is under the key of its region, whose policy lets the execution roles decrypt it through Secrets Manager',
    (tree, demand) => {
      for (const secret of tree.resources('aws_secretsmanager_secret')) {
        const [environment, region] = secret.unit.split('/');
        demand(
          tree.follow(secret.unit, secret.attrs.kms_key_id)?.unit === `${environment}/${region}/security/kms`,
          `${secret.unit}: ${secret.attrs.name} under ${secret.attrs.kms_key_id}`,
        );
      }
      for (const { environment, region } of places) {
        const base = `${environment}/${region}`;
        const policy = statementsOf(
          (tree.resources('aws_kms_key', `${base}/security/kms`)[0] ?? tree.resources('aws_kms_replica_key', `${base}/security/kms`)[0])
            ?.attrs.policy,
        );
        const decrypting = Object.values(policy).filter(
          (one) =>
            listOf(one.Action).includes('kms:Decrypt') &&
            listOf(one.Condition?.StringEquals?.['kms:ViaService']).includes(`secretsmanager.${region}.amazonaws.com`),
        );
        for (const name of ['api', 'worker']) {
          const role = tree.one(`${base}/compute/ecs-service-${name}`, 'aws_iam_role', 'execution-role').attrs.name;
          demand(
            decrypting.some((one) => listOf(one.Condition.ArnEquals?.['aws:PrincipalArn']).some((arn) => arn.endsWith(`:role/${role}`))),
            `${base}: the key does not admit ${role}`,
          );
        }
        demand(
          !listOf(policy['AdministeredByAccount']?.Action).some((action) => /Decrypt|Encrypt|GenerateData/.test(action)),
          `${base}: administrators of the key can use it`,
        );
      }
    },
  ),
  requirement(
    'KEY',
    'databases, caches, buckets of data, log groups, topics and repositories are under the key of their region',
    (tree, demand) => {
      const under = (type: string, key: (attrs: Json) => unknown) => {
        for (const one of tree.resources(type)) {
          const [environment, region, layer] = one.unit.split('/');
          if (layer !== 'backend')
            demand(
              tree.follow(one.unit, key(one.attrs))?.unit === `${environment}/${region}/security/kms`,
              `${one.unit}: ${type} ${one.name} under ${String(key(one.attrs))}`,
            );
        }
      };
      under('aws_rds_cluster', (attrs) => attrs.kms_key_id);
      under('aws_elasticache_replication_group', (attrs) => attrs.kms_key_id);
      under('aws_cloudwatch_log_group', (attrs) => attrs.kms_key_id);
      under('aws_sns_topic', (attrs) => attrs.kms_master_key_id);
      under('aws_ecr_repository', (attrs) => attrs.encryption_configuration?.[0].kms_key);
      under('aws_xray_encryption_config', (attrs) => attrs.key_id);
      for (const topic of tree.resources('aws_sns_topic'))
        demand(topic.attrs.kms_master_key_id !== undefined, `${topic.unit}: topic without key`);
    },
  ),
  requirement('SAFE', "production's databases, keys and data buckets cannot be destroyed, nor state and lock anywhere", (tree, demand) => {
    const kept = (type: string, prefix: string) => {
      const found = tree.resources(type, prefix);
      demand(found.length > 0, `${prefix}: no ${type}`);
      for (const one of found) demand(one.attrs.lifecycle?.prevent_destroy === true, `${one.unit}: ${one.name} can be destroyed`);
    };
    for (const { environment, region } of places) {
      const base = `${environment}/${region}`;
      for (const type of ['aws_s3_bucket', 'aws_dynamodb_table', 'aws_kms_key']) kept(type, `${base}/backend/state`);
      if (environment !== 'production') continue;
      const cluster = tree.one(`${base}/storage/aurora`, 'aws_rds_cluster').attrs;
      demand(
        cluster.deletion_protection === true &&
          cluster.skip_final_snapshot === false &&
          cluster.final_snapshot_identifier === 'ai-tools-production-final',
        `${base}: database`,
      );
      const backups = tree.one(`${base}/storage/aurora`, 'aws_backup_selection').attrs.resources;
      demand(
        tree.follow(`${base}/storage/aurora`, backups?.[0])?.type === 'aws_rds_cluster' &&
          tree.one(`${base}/storage/aurora`, 'aws_backup_plan').attrs.rule?.[0].lifecycle.delete_after === 30,
        `${base}: no backups beside the database`,
      );
      kept('aws_rds_cluster', base);
      kept(region === 'eu-central-1' ? 'aws_kms_key' : 'aws_kms_replica_key', `${base}/security/kms`);
      for (const kind of ['artifacts', 'models'])
        demand(
          tree
            .resources('aws_s3_bucket', `${base}/storage/s3-${kind}`)
            .some((one) => one.attrs.bucket.startsWith(`ai-tools-${kind}-`) && one.attrs.lifecycle?.prevent_destroy === true),
          `${base}: ${kind} can be destroyed`,
        );
      demand(tree.one(`${base}/network/alb`, 'aws_lb').attrs.enable_deletion_protection === true, `${base}: load balancer`);
      kept('aws_lb', base);
    }
    kept('aws_rds_global_cluster', 'production/eu-central-1/storage/aurora');
  }),
];
