import type { CloudRecord } from '../../cloud/record';
import type { ResourceCall } from '../../engine/context';
import { RandomStream } from '../../values/random-stream';

type Described = (record: CloudRecord, call: ResourceCall) => unknown;

const available: Described = () => 'available';
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What services say of a resource beside what terraform's resource holds, by data source (API references of EC2, RDS, ECS, Route 53, S3). */
const descriptions: Readonly<Record<string, Readonly<Record<string, Described>>>> = {
  aws_vpc: {
    state: available,
    cidr_block_associations: ({ id, values }) => [
      {
        association_id: `vpc-cidr-assoc-${new RandomStream(`cidr of ${id}`).hex(17)}`,
        cidr_block: values['cidr_block'] ?? '',
        state: 'associated',
      },
    ],
  },
  aws_route_table: { routes: routesOf, associations: associationsOf },
  aws_subnet: { state: available, available_ip_address_count: freeAddresses },
  aws_ami: { state: available, root_device_type: () => 'ebs' },
  aws_nat_gateway: { state: available },
  aws_vpn_gateway: { state: available, attached_vpc_id: ({ values }) => values['vpc_id'] },
  aws_vpn_connection: { state: available },
  aws_dx_connection: { state: available },
  aws_ec2_transit_gateway_attachment: { state: available },
  aws_ebs_snapshot: { state: () => 'completed' },
  aws_vpc_peering_connection: {
    status: () => 'active',
    cidr_block: ({ values }, call) => blockOf(call, values['vpc_id']),
    peer_cidr_block: ({ values }, call) => blockOf(call, values['peer_vpc_id']),
    requester_region: ({ scope }) => scope.split('/')[1],
  },
  aws_db_subnet_group: { status: () => 'Complete' },
  aws_batch_job_queue: { status: () => 'VALID' },
  aws_api_gateway_vpc_link: { status: () => 'AVAILABLE' },
  aws_guardduty_detector: { status: () => 'ENABLED' },
  aws_route53_resolver_endpoint: { status: () => 'OPERATIONAL' },
  aws_route53_resolver_firewall_rule_group: { status: () => 'COMPLETE' },
  aws_elasticache_replication_group: { auth_token_enabled: ({ values }) => text(values['auth_token']) !== '' },
  aws_ecs_service: { running_count: ({ values }) => values['desired_count'] ?? 0 },
  aws_route53_zone: { resource_record_set_count: recordSets },
  aws_s3_object: { body: bodyOf, content_length: lengthOf },
  aws_s3_bucket_object: { body: bodyOf, content_length: lengthOf },
};

/** What a data source answers of a resource that the resource itself does not hold; undefined where nothing is known. */
export function describedAws(call: ResourceCall, name: string): ((record: CloudRecord) => unknown) | undefined {
  const described = descriptions[call.type]?.[name];
  return described === undefined ? undefined : (record) => described(record, call);
}

/** The addresses of a subnet that nothing stands at; AWS keeps five of each block for itself. */
function freeAddresses({ id, scope, values }: CloudRecord, { provider: { cloud, name } }: ResourceCall): number | undefined {
  const bits = /\/(\d+)$/.exec(text(values['cidr_block']))?.[1];
  const taken = cloud.list(name, 'aws_network_interface', scope).filter(({ record }) => record.values['subnet_id'] === id).length;
  return bits === undefined ? undefined : 2 ** (32 - Number(bits)) - 5 - taken;
}

/** The routes of a table but the local one, those that resources of their own make too. */
function routesOf({ id, scope, values }: CloudRecord, { provider: { cloud, name } }: ResourceCall): unknown[] {
  const own = Array.isArray(values['route']) ? values['route'] : [];
  const beside = cloud.list(name, 'aws_route', scope).filter(({ record }) => record.values['route_table_id'] === id);
  const other = beside.map(({ record: { values: route } }) => ({
    ...route,
    cidr_block: route['destination_cidr_block'],
    ipv6_cidr_block: route['destination_ipv6_cidr_block'],
  }));
  return [...own, ...other];
}

function associationsOf({ id, scope }: CloudRecord, { provider: { cloud, name } }: ResourceCall): unknown[] {
  return cloud
    .list(name, 'aws_route_table_association', scope)
    .filter(({ record }) => record.values['route_table_id'] === id)
    .map(({ record: { id: association, values } }) => ({ ...values, route_table_association_id: association, main: false }));
}

function blockOf({ provider: { cloud, name } }: ResourceCall, vpc: unknown): unknown {
  return cloud.list(name, 'aws_vpc').find(({ record }) => record.id === vpc)?.record.values['cidr_block'];
}

/** A zone has an NS and an SOA record of its own. */
function recordSets({ id, scope }: CloudRecord, { provider: { cloud, name } }: ResourceCall): number {
  return 2 + cloud.list(name, 'aws_route53_record', scope).filter(({ record }) => record.values['zone_id'] === id).length;
}

function contentOf({ values }: CloudRecord): Buffer | undefined {
  const [plain, encoded] = [values['content'], values['content_base64']];
  if (typeof plain === 'string') return Buffer.from(plain);
  return typeof encoded === 'string' ? Buffer.from(encoded, 'base64') : undefined;
}

/** The provider reads bodies of texts and JSON alone. */
function bodyOf(record: CloudRecord): string | undefined {
  return /^(text\/|application\/(json|.*\+json|x-sql|ld\+json|xml|.*\+xml))/.test(text(record.values['content_type']))
    ? contentOf(record)?.toString()
    : undefined;
}

function lengthOf(record: CloudRecord): number | undefined {
  return contentOf(record)?.length;
}
