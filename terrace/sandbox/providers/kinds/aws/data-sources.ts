import type { DataBehaviour } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import { policyDocument } from './policy-document';
import { secretDataSource } from './secret-replicas';
import { zonesOf } from './zones';

/** Accounts from which load balancers of a region write their logs (AWS, "Enable access logs for your Application Load Balancer"). */
const loadBalancerAccounts: Readonly<Record<string, string>> = {
  'af-south-1': '098369216593',
  'ap-east-1': '754344448648',
  'ap-northeast-1': '582318560864',
  'ap-northeast-2': '600734575887',
  'ap-northeast-3': '383597477331',
  'ap-south-1': '718504428378',
  'ap-southeast-1': '114774131450',
  'ap-southeast-2': '783225319266',
  'ap-southeast-3': '589379963580',
  'ca-central-1': '985666609251',
  'eu-central-1': '054676820928',
  'eu-north-1': '897822967062',
  'eu-south-1': '635631232127',
  'eu-west-1': '156460612806',
  'eu-west-2': '652711504416',
  'eu-west-3': '009996457667',
  'me-south-1': '076674570225',
  'sa-east-1': '507241528517',
  'us-east-1': '127311923021',
  'us-east-2': '033677994240',
  'us-west-1': '027434742980',
  'us-west-2': '797873946194',
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
    const excluded = new Set([...strings(config['exclude_names']), ...strings(config['exclude_zone_ids'])]);
    const zones = zonesOf(region).filter(({ name, id }) => !excluded.has(name) && !excluded.has(id));
    return { id: region, names: zones.map(({ name }) => name), zone_ids: zones.map(({ id }) => id), group_names: [region] };
  },
  aws_elb_service_account: ({ settings: { values } }, config) => {
    const region = String(config['region'] ?? values['region'] ?? '');
    const account = loadBalancerAccounts[region];
    if (account === undefined) throw new Refusal('reading aws_elb_service_account', `unsupported AWS Region: ${region}`);
    return { id: account, arn: `arn:${values['partition'] ?? ''}:iam::${account}:root` };
  },
  aws_iam_policy_document: (_, config) => policyDocument(config),
  aws_secretsmanager_secret: secretDataSource,
};

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
