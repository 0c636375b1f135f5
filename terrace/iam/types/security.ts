import {
  anything,
  inAccount,
  read,
  serviceLinkedRole,
  serviceRoles,
  withoutRegion,
  write,
  type AccessTable,
  type Conditions,
  type Resources,
  type Scope,
} from '../access';

const keys = inAccount('kms', 'key/*');
const aliases = inAccount('kms', 'alias/{name}', 'key/*');
const keyReads = 'kms:DescribeKey kms:GetKeyPolicy kms:GetKeyRotationStatus kms:ListResourceTags';
const keyWrites =
  'kms:DisableKey kms:EnableKey kms:EnableKeyRotation kms:PutKeyPolicy kms:ScheduleKeyDeletion kms:TagResource kms:UntagResource kms:UpdateKeyDescription';
const secrets: Resources = ({ account, project, environment }) => [
  `arn:aws:secretsmanager:*:${account}:secret:${project}-${environment}-*`,
];
const throughSecrets = (): Conditions => ({ StringLike: { 'kms:ViaService': 'secretsmanager.*.amazonaws.com' } });
const acls = inAccount('wafv2', 'regional/webacl/{name}/*', 'regional/managedruleset/*');
/** To look at: the services' roles, the pipelines', and the one of people, which no pipeline may change. */
const allRoles: Resources = (scope) => [
  ...serviceRoles(scope),
  ...withoutRegion('iam', 'role/github-actions-*', `role/${scope.project}-admin`)(scope),
];
const policies: Resources = (scope) => withoutRegion('iam', 'policy/{name}', 'policy/github-actions-*')(scope);
const provider = withoutRegion('iam', 'oidc-provider/token.actions.githubusercontent.com');

/** Roles get permissions only under the boundary, so none can be made that does more. */
const bounded = ({ account, project, environment }: Scope): Conditions => ({
  StringEquals: { 'iam:PermissionsBoundary': `arn:aws:iam::${account}:policy/${project}-${environment}-service-boundary` },
});

/** Keys, secrets, roles, web ACLs. */
export const security: AccessTable = {
  aws_kms_key: [
    read(keys, keyReads),
    // A key has no name before it exists.
    write(anything, 'kms:CreateKey'),
    write(keys, keyWrites),
  ],
  aws_kms_replica_key: [read(keys, keyReads), write(anything, 'kms:CreateKey'), write(keys, `${keyWrites} kms:ReplicateKey`)],
  // kms:ListAliases has no resource-level permission.
  aws_kms_alias: [read(anything, 'kms:ListAliases'), write(aliases, 'kms:CreateAlias kms:DeleteAlias kms:UpdateAlias')],
  aws_secretsmanager_secret: [
    read(secrets, 'secretsmanager:DescribeSecret secretsmanager:GetResourcePolicy'),
    write(
      secrets,
      'secretsmanager:CreateSecret secretsmanager:DeleteSecret secretsmanager:RemoveRegionsFromReplication secretsmanager:ReplicateSecretToRegions secretsmanager:TagResource secretsmanager:UntagResource secretsmanager:UpdateSecret',
    ),
  ],
  aws_secretsmanager_secret_policy: [
    read(secrets, 'secretsmanager:GetResourcePolicy'),
    write(secrets, 'secretsmanager:DeleteResourcePolicy secretsmanager:PutResourcePolicy secretsmanager:ValidateResourcePolicy'),
  ],
  aws_secretsmanager_secret_rotation: [
    read(secrets, 'secretsmanager:DescribeSecret'),
    write(secrets, 'secretsmanager:CancelRotateSecret secretsmanager:RotateSecret'),
    write(inAccount('lambda', 'function:{name}'), 'lambda:InvokeFunction'),
  ],
  aws_secretsmanager_secret_version: [
    read(secrets, 'secretsmanager:DescribeSecret secretsmanager:GetSecretValue'),
    { ...read(keys, 'kms:Decrypt'), conditions: throughSecrets },
    write(secrets, 'secretsmanager:PutSecretValue secretsmanager:UpdateSecretVersionStage'),
    write(keys, 'kms:Decrypt kms:GenerateDataKey', throughSecrets),
  ],
  'data.aws_secretsmanager_secret': [read(secrets, 'secretsmanager:DescribeSecret secretsmanager:GetResourcePolicy')],
  aws_wafv2_web_acl: [
    read(acls, 'wafv2:GetWebACL wafv2:ListTagsForResource'),
    write(acls, 'wafv2:CreateWebACL wafv2:DeleteWebACL wafv2:TagResource wafv2:UntagResource wafv2:UpdateWebACL'),
  ],
  aws_wafv2_web_acl_association: [
    read(acls, 'wafv2:GetWebACL'),
    read(inAccount('elasticloadbalancing', 'loadbalancer/app/{name}/*'), 'wafv2:GetWebACLForResource'),
    write(acls, 'wafv2:AssociateWebACL wafv2:DisassociateWebACL'),
    write(
      inAccount('elasticloadbalancing', 'loadbalancer/app/{name}/*'),
      'elasticloadbalancing:SetWebAcl wafv2:AssociateWebACL wafv2:DisassociateWebACL',
    ),
  ],
  aws_wafv2_web_acl_logging_configuration: [
    read(acls, 'wafv2:GetLoggingConfiguration'),
    write(acls, 'wafv2:DeleteLoggingConfiguration wafv2:PutLoggingConfiguration'),
    // The log delivery actions have no resource-level permissions.
    write(
      anything,
      'logs:CreateLogDelivery logs:DeleteLogDelivery logs:DescribeLogGroups logs:DescribeResourcePolicies logs:PutResourcePolicy',
    ),
    serviceLinkedRole('wafv2.amazonaws.com'),
  ],
  aws_iam_role: [
    read(allRoles, 'iam:GetRole iam:ListAttachedRolePolicies iam:ListInstanceProfilesForRole iam:ListRolePolicies'),
    write(serviceRoles, 'iam:CreateRole iam:PutRolePermissionsBoundary', bounded),
    write(serviceRoles, 'iam:DeleteRole iam:TagRole iam:UntagRole iam:UpdateAssumeRolePolicy iam:UpdateRole iam:UpdateRoleDescription'),
  ],
  aws_iam_role_policy: [
    read(allRoles, 'iam:GetRolePolicy'),
    write(serviceRoles, 'iam:PutRolePolicy', bounded),
    write(serviceRoles, 'iam:DeleteRolePolicy'),
  ],
  // Made by an administrator only: whoever deploys reads them.
  aws_iam_role_policy_attachment: [read(allRoles, 'iam:ListAttachedRolePolicies')],
  aws_iam_policy: [read(policies, 'iam:GetPolicy iam:GetPolicyVersion iam:ListPolicyVersions')],
  aws_iam_openid_connect_provider: [read(provider, 'iam:GetOpenIDConnectProvider')],
};
