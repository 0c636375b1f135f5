import {
  anything,
  grantKey,
  inAccount,
  inEveryPlace,
  passRole,
  read,
  serviceLinkedRole,
  stateBuckets,
  withoutRegion,
  write,
  type AccessTable,
  type Resources,
} from '../access';

const ownBuckets: Resources = ({ project, environment }) => [`arn:aws:s3:::${project}-*-${environment}-*`];
const buckets: Resources = (scope) => [...ownBuckets(scope), ...stateBuckets(scope)];
const lockTables: Resources = (scope) => inAccount('dynamodb', `table/${inEveryPlace('*', scope.backend.lockTable)}`)(scope);
const databases: Resources = (scope) => [...inAccount('rds', '*:{name}')(scope), ...withoutRegion('rds', 'global-cluster:{name}')(scope)];
const allDatabases: Resources = (scope) => [...inAccount('rds', '*')(scope), ...withoutRegion('rds', 'global-cluster:*')(scope)];
const databaseTags = 'rds:AddTagsToResource rds:RemoveTagsFromResource';
const vaults = inAccount('backup', 'backup-vault:{name}');
const plans = inAccount('backup', 'backup-plan:*');
const caches = inAccount('elasticache', '*:{name}');
const allCaches = inAccount('elasticache', '*');
const cacheTags = 'elasticache:AddTagsToResource elasticache:RemoveTagsFromResource';

/** Buckets, databases, caches, lock tables. */
export const data: AccessTable = {
  aws_s3_bucket: [
    read(
      buckets,
      's3:GetAccelerateConfiguration s3:GetBucketAcl s3:GetBucketCORS s3:GetBucketLogging s3:GetBucketObjectLockConfiguration s3:GetBucketPolicy s3:GetBucketRequestPayment s3:GetBucketTagging s3:GetBucketVersioning s3:GetBucketWebsite s3:GetEncryptionConfiguration s3:GetLifecycleConfiguration s3:GetReplicationConfiguration s3:ListBucket s3:ListTagsForResource',
    ),
    write(
      ownBuckets,
      's3:CreateBucket s3:DeleteBucket s3:PutBucketObjectLockConfiguration s3:PutBucketTagging s3:PutBucketVersioning s3:TagResource s3:UntagResource',
    ),
  ],
  aws_s3_bucket_lifecycle_configuration: [read(buckets, 's3:GetLifecycleConfiguration'), write(ownBuckets, 's3:PutLifecycleConfiguration')],
  aws_s3_bucket_logging: [read(buckets, 's3:GetBucketLogging'), write(ownBuckets, 's3:PutBucketLogging')],
  aws_s3_bucket_object_lock_configuration: [
    read(buckets, 's3:GetBucketObjectLockConfiguration'),
    write(ownBuckets, 's3:PutBucketObjectLockConfiguration'),
  ],
  aws_s3_bucket_ownership_controls: [read(buckets, 's3:GetBucketOwnershipControls'), write(ownBuckets, 's3:PutBucketOwnershipControls')],
  aws_s3_bucket_policy: [read(buckets, 's3:GetBucketPolicy'), write(ownBuckets, 's3:DeleteBucketPolicy s3:PutBucketPolicy')],
  aws_s3_bucket_public_access_block: [read(buckets, 's3:GetBucketPublicAccessBlock'), write(ownBuckets, 's3:PutBucketPublicAccessBlock')],
  aws_s3_bucket_replication_configuration: [
    read(buckets, 's3:GetReplicationConfiguration'),
    write(ownBuckets, 's3:PutReplicationConfiguration'),
    passRole('s3.amazonaws.com'),
  ],
  aws_s3_bucket_server_side_encryption_configuration: [
    read(buckets, 's3:GetEncryptionConfiguration'),
    write(ownBuckets, 's3:PutEncryptionConfiguration'),
  ],
  aws_s3_bucket_versioning: [read(buckets, 's3:GetBucketVersioning'), write(ownBuckets, 's3:PutBucketVersioning')],
  aws_rds_cluster: [
    read(allDatabases, 'rds:DescribeDBClusters rds:DescribeGlobalClusters rds:ListTagsForResource'),
    write(
      databases,
      `rds:CreateDBCluster rds:CreateDBClusterSnapshot rds:DeleteDBCluster rds:ModifyDBCluster rds:RemoveFromGlobalCluster ${databaseTags}`,
    ),
    serviceLinkedRole('rds.amazonaws.com'),
    grantKey,
  ],
  aws_rds_cluster_instance: [
    read(allDatabases, 'rds:DescribeDBInstances rds:ListTagsForResource'),
    write(databases, `rds:CreateDBInstance rds:DeleteDBInstance rds:ModifyDBInstance rds:RebootDBInstance ${databaseTags}`),
    passRole('monitoring.rds.amazonaws.com'),
  ],
  aws_db_instance: [
    read(allDatabases, 'rds:DescribeDBInstances rds:ListTagsForResource'),
    write(
      databases,
      `rds:CreateDBInstance rds:CreateDBInstanceReadReplica rds:CreateDBSnapshot rds:DeleteDBInstance rds:ModifyDBInstance rds:RebootDBInstance ${databaseTags}`,
    ),
    passRole('monitoring.rds.amazonaws.com'),
    serviceLinkedRole('rds.amazonaws.com'),
    grantKey,
  ],
  aws_db_parameter_group: [
    read(allDatabases, 'rds:DescribeDBParameterGroups rds:DescribeDBParameters rds:ListTagsForResource'),
    write(
      databases,
      `rds:CreateDBParameterGroup rds:DeleteDBParameterGroup rds:ModifyDBParameterGroup rds:ResetDBParameterGroup ${databaseTags}`,
    ),
  ],
  aws_rds_cluster_parameter_group: [
    read(allDatabases, 'rds:DescribeDBClusterParameterGroups rds:DescribeDBClusterParameters rds:ListTagsForResource'),
    write(
      databases,
      `rds:CreateDBClusterParameterGroup rds:DeleteDBClusterParameterGroup rds:ModifyDBClusterParameterGroup rds:ResetDBClusterParameterGroup ${databaseTags}`,
    ),
  ],
  aws_rds_global_cluster: [
    read(allDatabases, 'rds:DescribeGlobalClusters rds:ListTagsForResource'),
    write(databases, `rds:CreateGlobalCluster rds:DeleteGlobalCluster rds:ModifyGlobalCluster rds:RemoveFromGlobalCluster ${databaseTags}`),
  ],
  aws_rds_reserved_instance: [
    read(allDatabases, 'rds:DescribeReservedDBInstances rds:ListTagsForResource'),
    // The offering that is bought has an identifier of AWS's own, so the reservation cannot be narrowed by the offer's name.
    write(inAccount('rds', 'ri:*'), `rds:PurchaseReservedDBInstancesOffering ${databaseTags}`),
  ],
  // Offerings belong to AWS: no resource-level permission.
  'data.aws_rds_reserved_instance_offering': [read(anything, 'rds:DescribeReservedDBInstancesOfferings')],
  aws_db_subnet_group: [
    read(allDatabases, 'rds:DescribeDBSubnetGroups rds:ListTagsForResource'),
    write(databases, `rds:CreateDBSubnetGroup rds:DeleteDBSubnetGroup rds:ModifyDBSubnetGroup ${databaseTags}`),
  ],
  aws_backup_vault: [
    read(vaults, 'backup:DescribeBackupVault backup:ListTags'),
    write(vaults, 'backup:CreateBackupVault backup:DeleteBackupVault backup:TagResource backup:UntagResource'),
    // The storage behind a new vault has no resource of its own.
    write(anything, 'backup-storage:MountCapsule'),
    grantKey,
    write(inAccount('kms', 'key/*'), 'kms:Decrypt kms:GenerateDataKey', () => ({
      StringLike: { 'kms:ViaService': 'backup.*.amazonaws.com' },
    })),
  ],
  // A plan's id is AWS's own.
  aws_backup_plan: [
    read(plans, 'backup:GetBackupPlan backup:ListTags'),
    write(plans, 'backup:CreateBackupPlan backup:DeleteBackupPlan backup:TagResource backup:UntagResource backup:UpdateBackupPlan'),
  ],
  aws_backup_selection: [
    read(plans, 'backup:GetBackupSelection'),
    write(plans, 'backup:CreateBackupSelection backup:DeleteBackupSelection'),
    passRole('backup.amazonaws.com'),
  ],
  aws_elasticache_replication_group: [
    read(allCaches, 'elasticache:DescribeCacheClusters elasticache:DescribeReplicationGroups elasticache:ListTagsForResource'),
    write(
      caches,
      `elasticache:CreateReplicationGroup elasticache:CreateSnapshot elasticache:DecreaseReplicaCount elasticache:DeleteReplicationGroup elasticache:IncreaseReplicaCount elasticache:ModifyReplicationGroup ${cacheTags}`,
    ),
    serviceLinkedRole('elasticache.amazonaws.com'),
    grantKey,
  ],
  aws_elasticache_parameter_group: [
    read(allCaches, 'elasticache:DescribeCacheParameterGroups elasticache:DescribeCacheParameters elasticache:ListTagsForResource'),
    write(
      caches,
      `elasticache:CreateCacheParameterGroup elasticache:DeleteCacheParameterGroup elasticache:ModifyCacheParameterGroup elasticache:ResetCacheParameterGroup ${cacheTags}`,
    ),
  ],
  aws_elasticache_subnet_group: [
    read(allCaches, 'elasticache:DescribeCacheSubnetGroups elasticache:ListTagsForResource'),
    write(caches, `elasticache:CreateCacheSubnetGroup elasticache:DeleteCacheSubnetGroup elasticache:ModifyCacheSubnetGroup ${cacheTags}`),
  ],
  aws_elasticache_reserved_cache_node: [
    read(allCaches, 'elasticache:DescribeReservedCacheNodes elasticache:ListTagsForResource'),
    write(inAccount('elasticache', 'reserved-instance:*'), `elasticache:PurchaseReservedCacheNodesOffering ${cacheTags}`),
  ],
  'data.aws_elasticache_reserved_cache_node_offering': [read(anything, 'elasticache:DescribeReservedCacheNodesOfferings')],
  aws_dynamodb_table: [
    read(lockTables, 'dynamodb:DescribeContinuousBackups dynamodb:DescribeTable dynamodb:DescribeTimeToLive dynamodb:ListTagsOfResource'),
    write(
      lockTables,
      'dynamodb:CreateTable dynamodb:DeleteTable dynamodb:TagResource dynamodb:UntagResource dynamodb:UpdateContinuousBackups dynamodb:UpdateTable',
    ),
  ],
};
