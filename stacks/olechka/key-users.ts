import { alarmsUse, keyPolicy, logsUse, type RoleUse } from '../../modules/aws/key-policy';
import { Names, serviceNames, type Place } from './names';
import { applyRoleName, planRoleName } from './role-names';
import type { Recovery } from './values';

export interface KeyUsersNeeds extends Place {
  /** Roles that deploy beside `github-actions-role`, such as the one a person assumes. */
  readonly operators: readonly string[];
  /** Whether secrets of the region are rotated. */
  readonly rotates: boolean;
  /** Whether the region's database is backed up into a vault. */
  readonly vault: boolean;
  readonly recovery?: Recovery;
}

/** The policy of a region's key: the roles and services of the region that use it, each with what it does and through which service. */
export function regionKeyPolicy(needs: KeyUsersNeeds): string {
  const names = new Names(needs);
  return keyPolicy({
    account: needs.account,
    roles: [...deployment(needs), ...tasks(needs, names), ...rotation(needs, names), ...backups(needs, names), ...replication(needs)],
    services: [logsUse(needs.region, names.logGroupArns), alarmsUse(needs.account)],
  });
}

function deployment({ account, region, operators }: KeyUsersNeeds): readonly RoleUse[] {
  const appliers = [`arn:aws:iam::${account}:role/${applyRoleName}`, ...operators];
  const via = (...services: readonly string[]) => services.map((service) => `${service}.${region}.amazonaws.com`);
  return [
    {
      sid: 'GrantedToServicesByDeployment',
      roleArns: appliers,
      actions: ['kms:CreateGrant'],
      via: via('rds', 'elasticache', 'ecr', 'lambda', 'xray', 'backup'),
      grantsForServicesOnly: true,
    },
    {
      sid: 'UsedByDeployment',
      roleArns: appliers,
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey'],
      via: via('secretsmanager', 'lambda', 'backup'),
    },
    {
      sid: 'ReadByPlan',
      roleArns: [`arn:aws:iam::${account}:role/${planRoleName}`],
      actions: ['kms:Decrypt'],
      via: via('secretsmanager'),
    },
  ];
}

function tasks({ region }: KeyUsersNeeds, names: Names): readonly RoleUse[] {
  return [
    {
      sid: 'SecretsForTasks',
      roleArns: serviceNames.map((service) => names.roleArn(`${service}-execution`)),
      actions: ['kms:Decrypt'],
      via: [`secretsmanager.${region}.amazonaws.com`],
    },
    {
      sid: 'ObjectsOfTasks',
      roleArns: serviceNames.map((service) => names.roleArn(`${service}-task`)),
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      via: [`s3.${region}.amazonaws.com`],
    },
    {
      sid: 'TracesOfTasks',
      roleArns: serviceNames.map((service) => names.roleArn(`${service}-task`)),
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      via: [`xray.${region}.amazonaws.com`],
    },
  ];
}

function rotation({ region, rotates }: KeyUsersNeeds, names: Names): readonly RoleUse[] {
  if (!rotates) return [];
  return [
    {
      sid: 'SecretsInRotation',
      roleArns: [names.roleArn('rotation')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      via: [`secretsmanager.${region}.amazonaws.com`],
    },
  ];
}

function backups({ region, vault }: KeyUsersNeeds, names: Names): readonly RoleUse[] {
  if (!vault) return [];
  return [
    {
      sid: 'SnapshotsOfDatabase',
      roleArns: [names.roleArn('database-backup')],
      actions: ['kms:CreateGrant', 'kms:DescribeKey'],
      via: [`backup.${region}.amazonaws.com`, `rds.${region}.amazonaws.com`],
    },
  ];
}

/** Replication reads here with the source's key and writes there with the target's. */
function replication(needs: KeyUsersNeeds): readonly RoleUse[] {
  if (needs.recovery === undefined) return [];
  const standby = needs.recovery.side === 'standby';
  const source = new Names({ ...needs, region: standby ? needs.recovery.otherRegion : needs.region });
  return [
    {
      sid: 'ObjectsInReplication',
      roleArns: [source.roleArn('artifacts-replication'), source.roleArn('models-replication')],
      actions: standby ? ['kms:Encrypt', 'kms:GenerateDataKey'] : ['kms:Decrypt'],
      via: [`s3.${needs.region}.amazonaws.com`],
    },
  ];
}
