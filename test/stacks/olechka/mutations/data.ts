import { change, dev, eu, mutation, redirect, replaced, type Mutation } from './mutation';

export const data: readonly Mutation[] = [
  mutation('O-07', 'another engine', (tree) =>
    change(tree, `${eu}/storage/aurora`, 'aws_rds_cluster', '', (attrs) => void (attrs.engine = 'aurora-mysql')),
  ),
  mutation('O-07', 'a public bucket', (tree) =>
    change(
      tree,
      `${eu}/storage/s3-models`,
      'aws_s3_bucket_public_access_block',
      '',
      (attrs) => void (attrs.restrict_public_buckets = false),
    ),
  ),
  mutation('O-08', 'a key that does not rotate', (tree) =>
    change(tree, `${dev}/security/kms`, 'aws_kms_key', '', (attrs) => void (attrs.enable_key_rotation = false)),
  ),
  mutation('O-15', "a secret under the other region's key", (tree) =>
    redirect(tree, `${eu}/security/secrets`, 'security_kms', 'production/ap-southeast-1/security/kms'),
  ),
  mutation('O-15', 'a key that does not admit the execution role', (tree) =>
    change(
      tree,
      `${dev}/security/kms`,
      'aws_kms_key',
      '',
      replaced('policy', 'dev-eu-central-1-worker-execution', 'dev-eu-central-1-other'),
    ),
  ),
  mutation('KEY', 'a topic without a key', (tree) =>
    change(tree, `${eu}/monitoring/cloudwatch`, 'aws_sns_topic', '', (attrs) => void delete attrs.kms_master_key_id),
  ),
  mutation('SAFE', 'a database that can be destroyed', (tree) =>
    change(tree, `${eu}/storage/aurora`, 'aws_rds_cluster', '', (attrs) => void delete attrs.lifecycle.prevent_destroy),
  ),
  mutation('SAFE', 'a database without a final snapshot', (tree) =>
    change(tree, `${eu}/storage/aurora`, 'aws_rds_cluster', '', (attrs) => void (attrs.skip_final_snapshot = true)),
  ),
  mutation('SAFE', 'a backup plan of nothing', (tree) =>
    change(tree, `${eu}/storage/aurora`, 'aws_backup_selection', '', (attrs) => void (attrs.resources = [])),
  ),
  mutation('SAFE', 'a lock table of dev that can be destroyed', (tree) =>
    change(tree, `${dev}/backend/state`, 'aws_dynamodb_table', '', (attrs) => void delete attrs.lifecycle),
  ),
];
