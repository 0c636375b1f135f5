import { policyDocument, type Conditions, type Statement } from './policy';

/** What the account's administrators may do with a key; nothing here reads or writes data. */
const administration = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListAliases',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:ReplicateKey',
  'kms:RevokeGrant',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
  'kms:UpdatePrimaryRegion',
];

/** Roles of the key's account that may use it, with what and through which service. */
export interface RoleUse {
  readonly sid: string;
  /** Role ARNs. They need not exist yet: the statement compares names, it does not resolve them. */
  readonly roleArns: readonly string[];
  readonly actions: readonly string[];
  /** Services that must make the call for the role, as in `secretsmanager.eu-central-1.amazonaws.com`. @default any way, also directly */
  readonly via?: readonly string[];
  /** Only grants that the service itself will use; for `kms:CreateGrant`. @default false */
  readonly grantsForServicesOnly?: boolean;
}

/** A service that uses the key in its own name. */
export interface ServiceUse {
  readonly sid: string;
  readonly service: string;
  readonly actions: readonly string[];
  readonly conditions: Conditions;
}

export interface KeyPolicyProps {
  readonly account: string;
  readonly roles: readonly RoleUse[];
  readonly services: readonly ServiceUse[];
}

/**
 * The policy of a key that exactly the named roles and services may use. The account's root (through IAM) administers it but
 * cannot encrypt or decrypt, so an administrator's policy alone opens nothing. A `Resource` of `*` means this key.
 */
export function keyPolicy(props: KeyPolicyProps): string {
  const root = `arn:aws:iam::${props.account}:root`;
  const statements: Statement[] = [
    { sid: 'AdministeredByAccount', actions: administration, resources: ['*'], principals: { aws: [root] } },
    ...props.roles.map((use) => ({
      sid: use.sid,
      actions: use.actions,
      resources: ['*'],
      principals: { aws: [root] },
      conditions: roleConditions(use),
    })),
    ...props.services.map((use) => ({
      sid: use.sid,
      actions: use.actions,
      resources: ['*'],
      principals: { services: [use.service] },
      conditions: use.conditions,
    })),
  ];
  return policyDocument(statements);
}

/** CloudWatch Logs encrypts the named groups (ARN patterns) with the key. */
export function logsUse(region: string, logGroupArns: readonly string[]): ServiceUse {
  return {
    sid: 'UsedByLogs',
    service: `logs.${region}.amazonaws.com`,
    actions: [
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:DescribeKey',
    ],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroupArns } },
  };
}

/** CloudWatch alarms of the account publish to topics that the key encrypts. */
export function alarmsUse(account: string): ServiceUse {
  return {
    sid: 'UsedByAlarms',
    service: 'cloudwatch.amazonaws.com',
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    conditions: { StringEquals: { 'aws:SourceAccount': account } },
  };
}

function roleConditions(use: RoleUse): Conditions {
  return {
    ArnEquals: { 'aws:PrincipalArn': use.roleArns },
    ...(use.via === undefined ? {} : { StringEquals: { 'kms:ViaService': use.via } }),
    ...(use.grantsForServicesOnly ? { Bool: { 'kms:GrantIsForAWSResource': 'true' } } : {}),
  };
}
