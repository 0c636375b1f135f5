import type { DataBehaviour } from '../engine/context';
import { policyDocument } from './policy-document';
import { secretDataSource } from './secret-replicas';

const zonesOf: Readonly<Record<string, readonly string[]>> = {
  'us-east-1': ['a', 'b', 'c', 'd', 'e', 'f'],
  'us-west-1': ['a', 'c'],
  'us-west-2': ['a', 'b', 'c', 'd'],
  'ap-northeast-1': ['a', 'c', 'd'],
  'ap-northeast-2': ['a', 'b', 'c', 'd'],
  'ca-central-1': ['a', 'b', 'd'],
};

/** Data sources of aws that answer from the connection, or from more than one simulated resource. */
export const awsDataSources: Readonly<Record<string, DataBehaviour>> = {
  aws_caller_identity: ({ settings: { values } }) => {
    const { account = '', partition = '' } = values;
    return {
      id: account,
      account_id: account,
      arn: `arn:${partition}:sts::${account}:assumed-role/sandbox/terrace`,
      user_id: 'AROASANDBOX:terrace',
    };
  },
  aws_region: ({ settings: { values } }, config) => {
    const region = String(config['region'] ?? config['name'] ?? values['region'] ?? '');
    return { id: region, name: region, region, endpoint: `ec2.${region}.${values['dnsSuffix'] ?? ''}`, description: region };
  },
  aws_partition: ({ settings: { values } }) => ({
    id: values['partition'] ?? '',
    partition: values['partition'] ?? '',
    dns_suffix: values['dnsSuffix'] ?? '',
    reverse_dns_prefix: (values['dnsSuffix'] ?? '').split('.').reverse().join('.'),
  }),
  aws_availability_zones: ({ settings: { values } }, config) => {
    const region = String(config['region'] ?? values['region'] ?? '');
    const letters = zonesOf[region] ?? ['a', 'b', 'c'];
    const excluded = new Set([...strings(config['exclude_names']), ...strings(config['exclude_zone_ids'])]);
    const short = region.replace(
      /^([a-z]+)-([a-z])[a-z]*(?:-([a-z])[a-z]*)*-(\d)$/,
      (_, area: string, first: string, second: string | undefined, number: string) => `${area}${first}${second ?? ''}${number}`,
    );
    const zones = letters
      .map((letter, index) => ({ name: `${region}${letter}`, id: `${short}-az${index + 1}` }))
      .filter(({ name, id }) => !excluded.has(name) && !excluded.has(id));
    return { id: region, names: zones.map(({ name }) => name), zone_ids: zones.map(({ id }) => id), group_names: [region] };
  },
  aws_iam_policy_document: (_, config) => policyDocument(config),
  aws_secretsmanager_secret: secretDataSource,
};

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
