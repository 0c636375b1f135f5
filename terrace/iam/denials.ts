import type { StateEncryption } from '../state/backend-names';
import { inEveryPlace, stateBuckets, type Scope } from './access';
import type { PolicyStatement } from './statements';

/**
 * What the role that applies may never do, whatever else its policies allow: change itself, the way in, the boundary of the
 * roles it makes, or what protects states and locks.
 */
export function applyDenials({ account, project, environment, backend }: Scope): readonly PolicyStatement[] {
  const iam = `arn:aws:iam::${account}`;
  return [
    deny(
      'KeepOwnRoles',
      [
        'iam:AttachRolePolicy',
        'iam:CreateRole',
        'iam:DeleteRole',
        'iam:DeleteRolePermissionsBoundary',
        'iam:DeleteRolePolicy',
        'iam:DetachRolePolicy',
        'iam:PassRole',
        'iam:PutRolePermissionsBoundary',
        'iam:PutRolePolicy',
        'iam:TagRole',
        'iam:UntagRole',
        'iam:UpdateAssumeRolePolicy',
        'iam:UpdateRole',
        'iam:UpdateRoleDescription',
      ],
      [`${iam}:role/github-actions-*`],
    ),
    deny(
      'KeepPolicies',
      [
        'iam:CreatePolicy',
        'iam:CreatePolicyVersion',
        'iam:DeletePolicy',
        'iam:DeletePolicyVersion',
        'iam:SetDefaultPolicyVersion',
        'iam:TagPolicy',
        'iam:UntagPolicy',
      ],
      [`${iam}:policy/github-actions-*`, `${iam}:policy/${project}-${environment}-service-boundary`],
    ),
    deny('KeepBoundary', ['iam:DeleteRolePermissionsBoundary'], [`${iam}:role/*`]),
    deny(
      'KeepProvider',
      [
        'iam:AddClientIDToOpenIDConnectProvider',
        'iam:CreateOpenIDConnectProvider',
        'iam:DeleteOpenIDConnectProvider',
        'iam:RemoveClientIDFromOpenIDConnectProvider',
        'iam:TagOpenIDConnectProvider',
        'iam:UntagOpenIDConnectProvider',
        'iam:UpdateOpenIDConnectProviderThumbprint',
      ],
      [`${iam}:oidc-provider/*`],
    ),
    deny(
      'KeepStateBuckets',
      [
        's3:BypassGovernanceRetention',
        's3:DeleteBucket',
        's3:DeleteBucketPolicy',
        's3:DeleteObjectVersion',
        's3:PutBucketAcl',
        's3:PutBucketLogging',
        's3:PutBucketOwnershipControls',
        's3:PutBucketPolicy',
        's3:PutBucketPublicAccessBlock',
        's3:PutBucketVersioning',
        's3:PutEncryptionConfiguration',
        's3:PutLifecycleConfiguration',
        's3:PutReplicationConfiguration',
      ],
      stateBuckets({ account, backend }).flatMap((bucket) => [bucket, `${bucket}/*`]),
    ),
    deny(
      'KeepLockTables',
      [
        'dynamodb:DeleteTable',
        'dynamodb:UpdateContinuousBackups',
        'dynamodb:UpdateTable',
        'dynamodb:PutResourcePolicy',
        'dynamodb:DeleteResourcePolicy',
      ],
      [`arn:aws:dynamodb:*:${account}:table/${inEveryPlace(account, backend.lockTable)}`],
    ),
    ...keyDenials(account, backend.encryption),
  ];
}

const keyActions = [
  'kms:CreateGrant',
  'kms:DeleteAlias',
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:PutKeyPolicy',
  'kms:ReplicateKey',
  'kms:RevokeGrant',
  'kms:ScheduleKeyDeletion',
  'kms:UpdateAlias',
];

/** The key that encrypts states, by its alias or its ARN; S3's own keys are nobody's to change. */
function keyDenials(account: string, encryption: StateEncryption): readonly PolicyStatement[] {
  if (encryption === 'sse-s3') return [];
  const name = inEveryPlace(account, encryption);
  if (!name.startsWith('alias/')) return [deny('KeepStateKey', keyActions, [name])];
  return [
    {
      ...deny('KeepStateKey', keyActions, [`arn:aws:kms:*:${account}:key/*`]),
      Condition: { [name.includes('*') ? 'ForAnyValue:StringLike' : 'ForAnyValue:StringEquals']: { 'kms:ResourceAliases': name } },
    },
    deny('KeepStateKeyAlias', ['kms:CreateAlias', 'kms:DeleteAlias', 'kms:UpdateAlias'], [`arn:aws:kms:*:${account}:${name}`]),
  ];
}

function deny(sid: string, actions: readonly string[], resources: readonly string[]): PolicyStatement {
  return { Sid: sid, Effect: 'Deny', Action: actions, Resource: resources };
}
