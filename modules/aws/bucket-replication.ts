import { S3BucketReplicationConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-replication-configuration';
import { Construct } from 'constructs';

import type { Bucket } from './bucket';
import { defined } from './defined';
import { ServiceRole } from './service-role';

export interface BucketReplicationProps {
  readonly source: Bucket;
  readonly sourceKeyArn: string;
  readonly sourceRegion: string;
  readonly targetBucketArn: string;
  readonly targetKeyArn: string;
  readonly targetRegion: string;
  readonly roleName: string;
  readonly permissionsBoundary?: string;
  /** Only objects under this prefix; empty for all. */
  readonly prefix: string;
  readonly storageClass: 'STANDARD' | 'STANDARD_IA';
}

/**
 * Copies new objects of a bucket to one in another region within 15 minutes (S3 Replication Time Control, whose only setting that is),
 * re-encrypted with the target's key; retentions go along, delete markers do not, so a deletion here is none there.
 */
export class BucketReplication extends Construct {
  constructor(scope: Construct, id: string, props: BucketReplicationProps) {
    super(scope, id);
    const role = new ServiceRole(this, 'role', {
      name: props.roleName,
      services: ['s3.amazonaws.com'],
      statements: statements(props),
      ...defined({ permissionsBoundary: props.permissionsBoundary }),
    });
    new S3BucketReplicationConfigurationA(this, 'replication', {
      bucket: props.source.name,
      role: role.arn,
      rule: [
        {
          id: 'disaster-recovery',
          status: 'Enabled',
          priority: 1,
          filter: { prefix: props.prefix },
          deleteMarkerReplication: { status: 'Disabled' },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
          destination: {
            bucket: props.targetBucketArn,
            storageClass: props.storageClass,
            encryptionConfiguration: { replicaKmsKeyId: props.targetKeyArn },
            replicationTime: { status: 'Enabled', time: { minutes: 15 } },
            metrics: { status: 'Enabled', eventThreshold: { minutes: 15 } },
          },
        },
      ],
      dependsOn: [props.source.versioning],
    });
  }
}

function statements(props: BucketReplicationProps) {
  return [
    { sid: 'ReadConfiguration', actions: ['s3:GetReplicationConfiguration', 's3:ListBucket'], resources: [props.source.arn] },
    {
      sid: 'ReadVersions',
      actions: [
        's3:GetObjectVersionForReplication',
        's3:GetObjectVersionAcl',
        's3:GetObjectVersionTagging',
        's3:GetObjectRetention',
        's3:GetObjectLegalHold',
      ],
      resources: [`${props.source.arn}/${props.prefix}*`],
    },
    { sid: 'WriteReplicas', actions: ['s3:ReplicateObject', 's3:ReplicateTags'], resources: [`${props.targetBucketArn}/${props.prefix}*`] },
    {
      sid: 'DecryptSource',
      actions: ['kms:Decrypt'],
      resources: [props.sourceKeyArn],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${props.sourceRegion}.amazonaws.com` } },
    },
    {
      sid: 'EncryptReplicas',
      actions: ['kms:Encrypt', 'kms:GenerateDataKey'],
      resources: [props.targetKeyArn],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${props.targetRegion}.amazonaws.com` } },
    },
  ];
}
