import type { Problem } from '../base/errors';

/** The part of a unit's JSON that is looked at: resources by type and local name. */
export interface TerraformJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

/** What a provider accepts as a name. */
export interface NameLimit {
  readonly type: string;
  readonly attribute: string;
  readonly min: number;
  readonly max: number;
  readonly pattern: RegExp;
  /** The pattern in words. */
  readonly allowed: string;
}

const words = (type: string, attribute: string, max: number, pattern: RegExp, allowed: string, min = 1): NameLimit => ({
  type,
  attribute,
  min,
  max,
  pattern,
  allowed,
});
const hyphenated = /^[a-zA-Z](?:-?[a-zA-Z0-9])*$/;
const hyphenatedWords = 'letters, digits and single hyphens, starting with a letter, not ending with a hyphen';
const dns = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

/**
 * Limits of names, from each service's API reference (AWS: the `Name` or identifier parameter of the Create call; Azure: naming rules and
 * restrictions for resources; Hetzner: hostnames by RFC 1123).
 */
export const nameLimits: readonly NameLimit[] = [
  words(
    'aws_lb',
    'name',
    32,
    /^(?!internal-)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/,
    'letters, digits and hyphens, neither first nor last, not starting with internal-',
  ),
  words(
    'aws_lb_target_group',
    'name',
    32,
    /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/,
    'letters, digits and hyphens, neither first nor last',
  ),
  words('aws_s3_bucket', 'bucket', 63, dns, 'lower-case letters, digits, dots and hyphens, starting and ending with a letter or digit', 3),
  words('aws_dynamodb_table', 'name', 255, /^[A-Za-z0-9_.-]+$/, 'letters, digits, _, . and -', 3),
  words('aws_iam_role', 'name', 64, /^[\w+=,.@-]+$/, 'letters, digits and _+=,.@-'),
  words('aws_iam_policy', 'name', 128, /^[\w+=,.@-]+$/, 'letters, digits and _+=,.@-'),
  words('aws_iam_role_policy', 'name', 128, /^[\w+=,.@-]+$/, 'letters, digits and _+=,.@-'),
  words(
    'aws_security_group',
    'name',
    255,
    /^(?!sg-)[\w\-.:/()#,@[\]+=&;{}!$* ]+$/,
    'letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not starting with sg-',
  ),
  words('aws_rds_cluster', 'cluster_identifier', 63, hyphenated, hyphenatedWords),
  words('aws_rds_cluster_instance', 'identifier', 63, hyphenated, hyphenatedWords),
  words('aws_rds_global_cluster', 'global_cluster_identifier', 63, hyphenated, hyphenatedWords),
  words('aws_db_subnet_group', 'name', 255, /^[a-z0-9._ -]+$/, 'lower-case letters, digits, spaces and ._-'),
  words('aws_elasticache_replication_group', 'replication_group_id', 40, hyphenated, hyphenatedWords),
  words('aws_elasticache_subnet_group', 'name', 255, /^[A-Za-z0-9-]+$/, 'letters, digits and hyphens'),
  words('aws_ecs_cluster', 'name', 255, /^[A-Za-z0-9_-]+$/, 'letters, digits, _ and -'),
  words('aws_ecs_service', 'name', 255, /^[A-Za-z0-9_-]+$/, 'letters, digits, _ and -'),
  words('aws_ecr_repository', 'name', 256, /^[a-z0-9]+(?:[._/-][a-z0-9]+)*$/, 'lower-case letters and digits, separated by . _ / or -', 2),
  words('aws_kms_alias', 'name', 256, /^alias\/(?!aws\/)[A-Za-z0-9/_-]+$/, 'alias/ and letters, digits, /, _ and -, not alias/aws/'),
  words('aws_secretsmanager_secret', 'name', 512, /^[A-Za-z0-9/_+=.@-]+$/, 'letters, digits and /_+=.@-'),
  words('aws_wafv2_web_acl', 'name', 128, /^[\w-]+$/, 'letters, digits, _ and -'),
  words('aws_cloudwatch_log_group', 'name', 512, /^[\w./#-]+$/, 'letters, digits and _-/.#'),
  words('aws_cloudwatch_dashboard', 'dashboard_name', 255, /^[\w-]+$/, 'letters, digits, _ and -'),
  words('aws_cloudwatch_metric_alarm', 'alarm_name', 255, /^[\x20-\x7e]+$/, 'printable ASCII'),
  words('aws_sns_topic', 'name', 256, /^[\w-]+(?:\.fifo)?$/, 'letters, digits, _ and -'),
  words('aws_xray_group', 'group_name', 32, /^[\w-]+$/, 'letters, digits, _ and -'),
  words('aws_xray_sampling_rule', 'rule_name', 32, /^[\x20-\x7e]+$/, 'printable ASCII'),
  words('azurerm_resource_group', 'name', 90, /^[\w.()-]*[\w()-]$/, 'letters, digits, _, -, ., and parentheses, not ending with a dot'),
  words('azurerm_storage_account', 'name', 24, /^[a-z0-9]+$/, 'lower-case letters and digits', 3),
  words('azurerm_key_vault', 'name', 24, hyphenated, hyphenatedWords, 3),
  words('azurerm_virtual_network', 'name', 64, /^[A-Za-z0-9][\w.-]*\w$/, 'letters, digits, _, . and -, starting with a letter or digit', 2),
  words('azurerm_linux_virtual_machine', 'name', 64, /^[A-Za-z0-9](?:[A-Za-z0-9-.]*[A-Za-z0-9])?$/, 'letters, digits, . and -'),
  words(
    'azurerm_postgresql_flexible_server',
    'name',
    63,
    /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
    'lower-case letters, digits and hyphens, neither first nor last',
    3,
  ),
  words('hcloud_server', 'name', 63, /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, 'lower-case letters, digits and hyphens, neither first nor last'),
  words('hcloud_volume', 'name', 64, /^[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?$/, 'letters, digits, _, . and -'),
  words(
    'cloudflare_r2_bucket',
    'name',
    63,
    /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
    'lower-case letters, digits and hyphens, neither first nor last',
    3,
  ),
  words(
    'kubernetes_namespace',
    'metadata.name',
    63,
    /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
    'lower-case letters, digits and hyphens, neither first nor last',
  ),
];

const byType = group(nameLimits);

/** Names in one unit that are too long, too short or hold characters the provider refuses. Names with expressions in them are not judged. */
export function nameProblems(unit: string, json: TerraformJson): readonly Problem[] {
  return Object.entries(json.resource ?? {}).flatMap(([type, resources]) =>
    (byType.get(type) ?? []).flatMap((limit) =>
      Object.entries(resources).flatMap(([local, attributes]) => {
        const name = valueAt(attributes, limit.attribute);
        if (
          typeof name !== 'string' ||
          name.includes('${') ||
          (name.length >= limit.min && name.length <= limit.max && limit.pattern.test(name))
        )
          return [];
        return [
          {
            code: 'E2201',
            title: 'name the provider refuses',
            place: unit,
            found: `${type}.${local}: ${limit.attribute} is '${name}' (${name.length} characters)`,
            expected: `${limit.min} to ${limit.max} characters: ${limit.allowed}`,
            todo: 'shorten or change the name in the unit',
          },
        ];
      }),
    ),
  );
}

function group(limits: readonly NameLimit[]): ReadonlyMap<string, readonly NameLimit[]> {
  const groups = new Map<string, NameLimit[]>();
  for (const limit of limits) groups.set(limit.type, [...(groups.get(limit.type) ?? []), limit]);
  return groups;
}

function valueAt(value: unknown, attribute: string): unknown {
  return attribute
    .split('.')
    .reduce<unknown>(
      (at, key) => (typeof at === 'object' && at !== null ? Object.getOwnPropertyDescriptor(at, key)?.value : undefined),
      value,
    );
}
