import type { Settings } from '../../engine/context';
import type { ObjectValue } from '../../protocol/value';
import { addressRanges, awsTable } from '../../tables/aws';
import { RandomStream } from '../../values/random-stream';
import { publicImages } from './images';
import { managedPolicyRecords } from './managed-policies';
import type { Owned } from './owned-record';
import { publicParameter } from './public-parameters';

type Owner = (settings: Readonly<Record<string, string>>, config: ObjectValue) => readonly Owned[];

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const owners: Readonly<Record<string, Owner>> = {
  aws_iam_policy: managedPolicyRecords,
  aws_kms_alias: ({ account = '', region = '', partition = '' }, config) =>
    /^alias\/aws\/[a-z0-9-]+$/.test(text(config['name'])) ? [alias(account, region, partition, text(config['name']))] : [],
  aws_ssm_parameter: ({ region = '', partition = '' }, config) => {
    const name = text(config['name']);
    const value = publicParameter(name, region);
    const arn = `arn:${partition}:ssm:${region}::parameter${name}`;
    return value === undefined
      ? []
      : [
          {
            id: name,
            values: { id: name, name, arn, type: 'String', value, insecure_value: value, version: 1, data_type: 'text', region },
          },
        ];
  },
  aws_cloudfront_cache_policy: () =>
    Object.entries(awsTable().cloudFront.cache).map(([name, [id, least, usual, greatest]]) => ({
      id,
      values: {
        id,
        name,
        comment: '',
        min_ttl: least,
        default_ttl: usual,
        max_ttl: greatest,
        etag: etag(id),
        arn: `arn:aws:cloudfront::aws:cache-policy/${id}`,
      },
    })),
  aws_cloudfront_origin_request_policy: () => named(awsTable().cloudFront.originRequest, 'origin-request-policy'),
  aws_cloudfront_response_headers_policy: () => named(awsTable().cloudFront.responseHeaders, 'response-headers-policy'),
  aws_ec2_managed_prefix_list: ({ region = '', partition = '' }) => prefixLists(region, partition),
  aws_iam_role: ({ account = '', partition = '' }) =>
    Object.entries(awsTable().serviceRoles).map(([service, principal]) => serviceRole(account, partition, service, principal)),
  aws_ami: ({ region = '', partition = '' }) => publicImages(region, partition),
  // Every account has a bus for the events of AWS (EventBridge user guide, "Event buses").
  aws_cloudwatch_event_bus: ({ account = '', region = '', partition = '' }) => [
    {
      id: 'default',
      values: {
        id: 'default',
        name: 'default',
        arn: `arn:${partition}:events:${region}:${account}:event-bus/default`,
        description: '',
        kms_key_identifier: '',
        region,
      },
    },
  ],
  aws_db_parameter_group: (settings, config) => defaultParameters(settings, config, 'pg'),
  aws_rds_cluster_parameter_group: (settings, config) => defaultParameters(settings, config, 'cluster-pg'),
};

/** What AWS itself owns of a type, as a connection sees it; found by data sources and references, listed in no account. */
export function ownedByAws({ values }: Settings, type: string, config: ObjectValue): readonly Owned[] {
  return owners[type]?.(values, config) ?? [];
}

/** Whether an id or ARN is one of a thing that AWS owns: a managed policy, the key behind an alias of a service. */
export function isOwnedByAws(type: string, id: string): boolean {
  if (type === 'aws_kms_key' || type === 'aws_kms_alias') return /(^|\/|:)alias\/aws\/[a-z0-9-]+$/.test(id);
  if (type === 'aws_iam_policy') return /^arn:[\w-]+:iam::aws:policy\//.test(id);
  if (type === 'aws_ec2_managed_prefix_list')
    return Object.keys(awsTable().regions).some((region) => prefixLists(region, 'aws').some((one) => one.id === id));
  return false;
}

/** The key that a service of AWS keeps for an account in a region: the same whenever it is asked for. */
export function serviceKeyId(account: string, region: string, service: string): string {
  return new RandomStream(`key of ${service} for ${account}/${region}`).uuid();
}

function alias(account: string, region: string, partition: string, name: string): Owned {
  const key = serviceKeyId(account, region, name.slice('alias/aws/'.length));
  const arn = (resource: string): string => `arn:${partition}:kms:${region}:${account}:${resource}`;
  return { id: name, values: { id: arn(name), name, arn: arn(name), target_key_id: key, target_key_arn: arn(`key/${key}`), region } };
}

/** The parameter group that RDS makes for a family of engines where none is given (RDS user guide, "Default parameter groups"). */
function defaultParameters(
  { account = '', region = '', partition = '' }: Readonly<Record<string, string>>,
  config: ObjectValue,
  kind: string,
): Owned[] {
  const name = text(config['name']);
  const family = name.slice('default.'.length);
  const engine = Object.keys(awsTable().engines).find((one) => family.startsWith(one) && /^[\d.]+$/.test(family.slice(one.length)));
  if (!name.startsWith('default.') || engine === undefined) return [];
  const arn = `arn:${partition}:rds:${region}:${account}:${kind}:${name}`;
  return [{ id: name, values: { id: name, name, arn, family, description: `Default parameter group for ${family}`, region, tags: {} } }];
}

function named(policies: Readonly<Record<string, string>>, kind: string): Owned[] {
  return Object.entries(policies).map(([name, id]) => ({
    id,
    values: { id, name, comment: '', etag: etag(id), arn: `arn:aws:cloudfront::aws:${kind}/${id}` },
  }));
}

function etag(id: string): string {
  return `E${new RandomStream(`etag of ${id}`).text(13, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')}`;
}

/** Prefix lists of AWS: gateway endpoints' services and CloudFront's origin-facing servers. */
export function prefixLists(region: string, partition: string): Owned[] {
  const { services } = addressRanges();
  const lists: readonly (readonly [string, readonly string[]])[] = [
    [`com.amazonaws.${region}.s3`, services['S3']?.[region]?.[0] ?? []],
    [`com.amazonaws.${region}.dynamodb`, services['DYNAMODB']?.[region]?.[0] ?? []],
    ['com.amazonaws.global.cloudfront.origin-facing', services['CLOUDFRONT_ORIGIN_FACING']?.['GLOBAL']?.[0] ?? []],
  ];
  return lists.map(([name, ranges]) => {
    const id = `pl-${new RandomStream(`prefix list ${name} ${region}`).hex(8)}`;
    return {
      id,
      values: {
        id,
        name,
        prefix_list_name: name,
        owner_id: 'AWS',
        address_family: 'IPv4',
        max_entries: ranges.length,
        arn: `arn:${partition}:ec2:${region}:aws:prefix-list/${id}`,
        entries: ranges.map((cidr) => ({ cidr, description: '' })),
        cidr_blocks: ranges,
        version: 1,
        region,
        tags: {},
        tags_all: {},
      },
    };
  });
}

function serviceRole(account: string, partition: string, service: string, principal: string): Owned {
  const name = `AWSServiceRoleFor${service}`;
  const path = `/aws-service-role/${principal}.amazonaws.com/`;
  return {
    id: name,
    values: {
      id: name,
      name,
      path,
      arn: `arn:${partition}:iam::${account}:role${path}${name}`,
      unique_id: `AROA${new RandomStream(`${account} ${name}`).text(17, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
      max_session_duration: 3600,
      permissions_boundary: '',
      assume_role_policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: `${principal}.amazonaws.com` }, Action: 'sts:AssumeRole' }],
      }),
      description: '',
      create_date: '2026-01-01T00:00:00Z',
      tags: {},
    },
    hidden: { owner: 'AWS' },
  };
}
