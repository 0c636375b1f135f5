import { BackupPlan as Plan } from '@cdktf/provider-aws/lib/backup-plan';
import { BackupSelection } from '@cdktf/provider-aws/lib/backup-selection';
import { BackupVault } from '@cdktf/provider-aws/lib/backup-vault';
import { Construct } from 'constructs';

import { defined } from './defined';
import { ServiceRole } from './service-role';
import type { Statement } from './policy';

export interface BackupPlanProps {
  /** Of vault and plan; unique per account and region. */
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly roleName: string;
  readonly permissionsBoundary?: string;
  readonly kmsKeyArn: string;
  /** Aurora clusters that are backed up. */
  readonly clusterArns: string[];
  /** When, as in `cron(0 2 * * ? *)`, in UTC. */
  readonly schedule: string;
  readonly keepDays: number;
}

/**
 * Daily backups of Aurora clusters in a vault of their own: beside the cluster's continuous backups, which go with it when it is deleted.
 * A vault with backups in it refuses to be destroyed.
 */
export class BackupPlan extends Construct {
  constructor(scope: Construct, id: string, props: BackupPlanProps) {
    super(scope, id);
    const vault = new BackupVault(this, 'vault', { name: props.name, kmsKeyArn: props.kmsKeyArn, forceDestroy: false });
    const plan = new Plan(this, 'plan', {
      name: props.name,
      rule: [
        {
          ruleName: 'daily',
          targetVaultName: vault.name,
          schedule: props.schedule,
          startWindow: 60,
          completionWindow: 300,
          lifecycle: { deleteAfter: props.keepDays },
        },
      ],
    });
    const role = new ServiceRole(this, 'role', {
      name: props.roleName,
      account: props.account,
      services: ['backup.amazonaws.com'],
      statements: statements(props, vault.arn),
      ...defined({ permissionsBoundary: props.permissionsBoundary }),
    });
    new BackupSelection(this, 'selection', { name: 'databases', planId: plan.id, iamRoleArn: role.arn, resources: props.clusterArns });
  }
}

function statements({ account, region, clusterArns, kmsKeyArn }: BackupPlanProps, vaultArn: string): readonly Statement[] {
  const snapshots = `arn:aws:rds:${region}:${account}:cluster-snapshot:awsbackup:*`;
  return [
    { sid: 'FindClusters', actions: ['rds:DescribeDBClusters', 'rds:ListTagsForResource'], resources: clusterArns },
    {
      sid: 'MakeSnapshots',
      actions: [
        'rds:AddTagsToResource',
        'rds:CopyDBClusterSnapshot',
        'rds:CreateDBClusterSnapshot',
        'rds:DeleteDBClusterSnapshot',
        'rds:DescribeDBClusterSnapshots',
        'rds:ListTagsForResource',
      ],
      resources: [...clusterArns, snapshots],
    },
    { sid: 'KeepInVault', actions: ['backup:DescribeBackupVault', 'backup:CopyIntoBackupVault'], resources: [vaultArn] },
    { sid: 'DescribeKey', actions: ['kms:DescribeKey'], resources: [kmsKeyArn] },
    {
      sid: 'GrantKey',
      actions: ['kms:CreateGrant'],
      resources: [kmsKeyArn],
      conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    },
  ];
}
