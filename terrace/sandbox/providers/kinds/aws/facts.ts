import type { DataBehaviour, ResourceCall } from '../../engine/context';
import { wildcard } from '../../engine/matching';
import { Refusal } from '../../engine/refusal';
import type { ObjectValue } from '../../protocol/value';
import { addressRanges, awsTable } from '../../tables/aws';
import { RandomStream } from '../../values/random-stream';
import { filtersOf, given, strings } from './arguments';
import { prefixLists } from './owned';
import { shortRegion, zonesOf } from './zones';

const regionOf = ({ settings: { values } }: ResourceCall, config: ObjectValue): string =>
  String(config['region'] ?? values['region'] ?? '');

/** Suffix of names of services in a region, and the partition that it is in. */
export function partitionOf(region: string): { readonly partition: string; readonly suffix: string } {
  if (region.startsWith('cn-')) return { partition: 'aws-cn', suffix: 'amazonaws.com.cn' };
  return { partition: region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws', suffix: 'amazonaws.com' };
}

function inRegion(call: ResourceCall, table: Readonly<Record<string, string>>, region: string): string {
  const found = table[region];
  if (found === undefined) throw new Refusal(`reading ${call.type}`, `unsupported AWS Region: ${region}`, 'region');
  return found;
}

const zone =
  (table: 'application' | 'beanstalk'): DataBehaviour =>
  (call, config) => {
    const region = regionOf(call, config);
    const kind = table === 'application' && config['load_balancer_type'] === 'network' ? 'network' : table;
    return { id: inRegion(call, awsTable().hostedZones[kind], region), region };
  };

const account =
  (table: 'cloudtrail' | 'loadBalancer'): DataBehaviour =>
  (call, config) => {
    const region = regionOf(call, config);
    const id = inRegion(call, awsTable().accounts[table], region);
    return { id, region, arn: `arn:${partitionOf(region).partition}:iam::${id}:root` };
  };

/** Data sources of aws that follow from their arguments, the connection and tables. */
export const awsFacts: Readonly<Record<string, DataBehaviour>> = {
  aws_region: (call, config) => {
    const byEndpoint = /^ec2\.([a-z0-9-]+)\./.exec(given(config['endpoint']) ?? '')?.[1];
    const region = byEndpoint ?? given(config['name']) ?? regionOf(call, config);
    const description = inRegion(call, awsTable().regions, region);
    return { id: region, name: region, region, endpoint: `ec2.${region}.${partitionOf(region).suffix}`, description };
  },
  aws_regions: (call, config) => {
    const { regions, optIn } = awsTable();
    const status = (region: string): string => (optIn.includes(region) ? 'not-opted-in' : 'opt-in-not-required');
    const names = Object.keys(regions).filter(
      (region) =>
        (config['all_regions'] === true || !optIn.includes(region)) &&
        filtersOf(config).every(({ name, values }) => {
          const value = { 'region-name': region, endpoint: `ec2.${region}.amazonaws.com`, 'opt-in-status': status(region) }[name];
          if (value === undefined)
            throw new Refusal(`reading ${call.type}`, `the simulation does not know the filter ${JSON.stringify(name)}`, 'filter');
          return values.some((one) => wildcard(one).test(value));
        }),
    );
    return { id: call.settings.values['partition'] ?? 'aws', names };
  },
  aws_arn: (call, config) => {
    const parts = String(config['arn'] ?? '').split(':');
    const [prefix, partition = '', service = '', region = '', owner = '', ...resource] = parts;
    if (prefix !== 'arn' || parts.length < 6)
      throw new Refusal(`reading ${call.type}`, `${JSON.stringify(config['arn'])} is no ARN`, 'arn');
    return { id: String(config['arn']), partition, service, region, account: owner, resource: resource.join(':') };
  },
  aws_service: (call, config) => {
    const reverse = given(config['reverse_dns_name']) ?? given(config['dns_name'])?.split('.').reverse().join('.');
    const parts = reverse?.split('.') ?? [];
    const at = parts.findIndex((part) => awsTable().regions[part] !== undefined || /^(us-gov|us-iso[bef]?|cn)-[a-z]+-\d$/.test(part));
    const region = at > 0 ? (parts[at] ?? '') : regionOf(call, config);
    const service = at > 0 ? parts.slice(at + 1).join('.') : given(config['service_id']);
    if (service === undefined)
      throw new Refusal(`reading ${call.type}`, 'one of dns_name, reverse_dns_name, service_id must be given', 'service_id');
    const { partition, suffix } = partitionOf(region);
    const prefix = given(config['reverse_dns_prefix']) ?? (at > 0 ? parts.slice(0, at).join('.') : suffix.split('.').reverse().join('.'));
    const name = `${prefix}.${region}.${service}`;
    return {
      id: name,
      service_id: service,
      region,
      partition,
      reverse_dns_prefix: prefix,
      reverse_dns_name: name,
      dns_name: name.split('.').reverse().join('.'),
      supported: true,
    };
  },
  aws_service_principal: (call, config) => {
    const region = regionOf(call, config);
    const service = String(config['service_name'] ?? '');
    // Most services have one principal everywhere; these have one of their own in China (AWS SDK base, service principals).
    const china = new Set(['ec2', 'elasticmapreduce', 'codedeploy', 'logs']);
    const suffix = region.startsWith('cn-') && china.has(service) ? 'amazonaws.com.cn' : 'amazonaws.com';
    const name = `${service}.${suffix}`;
    return { id: `${service}.${region}.${suffix}`, name, service_name: service, suffix, region };
  },
  aws_availability_zones: (call, config) => {
    const excluded = new Set([...strings(config['exclude_names']), ...strings(config['exclude_zone_ids'])]);
    const region = regionOf(call, config);
    const zones = zonesOf(region).filter(
      ({ name, id }) => !excluded.has(name) && !excluded.has(id) && fitsZone(call, config, { name, id }),
    );
    const listed = given(config['state']) === undefined || config['state'] === 'available' ? zones : [];
    return {
      id: region,
      names: listed.map(({ name }) => name),
      zone_ids: listed.map(({ id }) => id),
      group_names: listed.length === 0 ? [] : [groupOf(region)],
    };
  },
  aws_availability_zone: (call, config) => {
    const region = given(config['name'])?.replace(/[a-z]$/, '') ?? regionOf(call, config);
    const found = zonesOf(region).filter(
      ({ name, id }) => (config['name'] ?? name) === name && (config['zone_id'] ?? id) === id && fitsZone(call, config, { name, id }),
    );
    const [one] = found;
    if (one === undefined) throw new Refusal(`reading ${call.type}`, 'no matching EC2 Availability Zone found');
    if (found.length > 1)
      throw new Refusal(
        `reading ${call.type}`,
        'multiple EC2 Availability Zones matched; use additional constraints to reduce matches to a single EC2 Availability Zone',
      );
    return {
      id: one.name,
      name: one.name,
      zone_id: one.id,
      region,
      name_suffix: one.name.slice(region.length),
      group_name: groupOf(region),
      group_long_name: `${awsTable().regions[region] ?? region} 1`,
      network_border_group: region,
      opt_in_status: 'opt-in-not-required',
      state: 'available',
      zone_type: 'availability-zone',
      parent_zone_id: '',
      parent_zone_name: '',
    };
  },
  aws_ip_ranges: (call, config) => {
    const { services, syncToken, createDate } = addressRanges();
    const wanted = strings(config['services']).map((one) => one.toUpperCase());
    const unknown = wanted.filter((one) => services[one] === undefined);
    if (unknown.length > 0)
      throw new Refusal(
        `reading ${call.type}`,
        `the table has no ranges of ${unknown.join(', ')}; it has those of ${Object.keys(services).join(', ')}`,
        'services',
      );
    const regions = strings(config['regions']).map((one) => one.toLowerCase());
    const found = wanted.flatMap((service) =>
      Object.entries(services[service] ?? {}).filter(([region]) => regions.length === 0 || regions.includes(region.toLowerCase())),
    );
    const sorted = (index: 0 | 1): string[] => [...new Set(found.flatMap(([, ranges]) => ranges[index]))].sort();
    if (found.length === 0) throw new Refusal(`reading ${call.type}`, 'no IP ranges result from filters');
    return { id: String(syncToken), sync_token: syncToken, create_date: createDate, cidr_blocks: sorted(0), ipv6_cidr_blocks: sorted(1) };
  },
  aws_iam_session_context: (call, config) => {
    const arn = String(config['arn'] ?? '');
    const session = /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\/([^/]+)$/.exec(arn);
    if (session === null) return { id: arn, issuer_arn: arn, issuer_id: '', issuer_name: '', session_name: '' };
    const [, partition = '', owner = '', role = '', name = ''] = session;
    const record = call.provider.cloud
      .list(call.provider.name, 'aws_iam_role')
      .find(({ record: { values, scope } }) => values['name'] === role && scope.startsWith(owner))?.record;
    const path = typeof record?.values['path'] === 'string' ? record.values['path'] : '/';
    const id =
      record?.values['unique_id'] ?? `AROA${new RandomStream(`role ${owner} ${role}`).text(17, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`;
    return {
      id: arn,
      issuer_arn: `arn:${partition}:iam::${owner}:role${path}${role}`,
      issuer_id: String(id),
      issuer_name: role,
      session_name: name,
    };
  },
  aws_default_tags: ({ settings: { defaultTags, values } }) => ({ id: values['partition'] ?? 'aws', tags: defaultTags }),
  aws_canonical_user_id: ({ settings: { values } }) => ({
    id: new RandomStream(`canonical user of ${values['account'] ?? ''}`).hex(64),
    display_name: '',
  }),
  // The account that writes CloudFront's logs (CloudFront developer guide, "Permissions required to configure standard logging").
  aws_cloudfront_log_delivery_canonical_user_id: () => ({ id: 'c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0' }),
  // The account that writes billing reports (AWS billing guide).
  aws_billing_service_account: ({ settings: { values } }) => ({
    id: '386209384616',
    arn: `arn:${values['partition'] ?? 'aws'}:iam::386209384616:root`,
  }),
  aws_cloudtrail_service_account: account('cloudtrail'),
  aws_elb_service_account: account('loadBalancer'),
  aws_lb_hosted_zone_id: zone('application'),
  aws_elb_hosted_zone_id: zone('application'),
  aws_elastic_beanstalk_hosted_zone: zone('beanstalk'),
  aws_prefix_list: (call, config) => {
    const region = regionOf(call, config);
    const named = given(config['name']) ?? filtersOf(config).find(({ name }) => name === 'prefix-list-name')?.values[0];
    const id = given(config['prefix_list_id']) ?? filtersOf(config).find(({ name }) => name === 'prefix-list-id')?.values[0];
    const found = prefixLists(region, partitionOf(region).partition).filter(
      (one) => (id ?? one.id) === one.id && (named === undefined || wildcard(named).test(String(one.values['name']))),
    );
    const [one] = found;
    if (one === undefined || found.length > 1)
      throw new Refusal(
        `reading ${call.type}`,
        one === undefined
          ? 'no matching EC2 Prefix List found'
          : 'multiple EC2 Prefix Lists matched; use additional constraints to reduce matches to a single EC2 Prefix List',
      );
    return { id: one.id, name: String(one.values['name']), cidr_blocks: strings(one.values['cidr_blocks']), region };
  },
};

function groupOf(region: string): string {
  return shortRegion(region) === 'use1' ? 'us-east-1-zg-1' : `${region}-zg-1`;
}

function fitsZone(call: ResourceCall, config: ObjectValue, { name, id }: { readonly name: string; readonly id: string }): boolean {
  const region = name.replace(/[a-z]$/, '');
  return filtersOf(config).every((filter) => {
    const value = {
      'zone-name': name,
      'zone-id': id,
      'region-name': region,
      state: 'available',
      'opt-in-status': 'opt-in-not-required',
      'group-name': groupOf(region),
      'zone-type': 'availability-zone',
    }[filter.name];
    if (value === undefined)
      throw new Refusal(`reading ${call.type}`, `the simulation does not know the filter ${JSON.stringify(filter.name)}`, 'filter');
    return filter.values.some((one) => wildcard(one).test(value));
  });
}
