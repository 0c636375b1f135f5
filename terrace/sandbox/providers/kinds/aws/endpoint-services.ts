import type { DataBehaviour, ResourceCall } from '../../engine/context';
import { wildcard } from '../../engine/matching';
import { Refusal } from '../../engine/refusal';
import type { ObjectValue } from '../../protocol/value';
import { awsTable } from '../../tables/aws';
import { RandomStream } from '../../values/random-stream';
import { filtersOf, given } from './arguments';
import { partitionOf } from './facts';
import { zonesOf } from './zones';

type Kind = 'Gateway' | 'Interface';

/**
 * The endpoint service of AWS that a name, a type and filters select, from a table of services. A service that has both types needs one of them
 * said, as in reality.
 */
export const endpointService: DataBehaviour = (call, config) => {
  const region = given(config['region']) ?? call.settings.values['region'] ?? '';
  const name = given(config['service_name']) ?? filtersOf(config).find((one) => one.name === 'service-name')?.values[0];
  const service = given(config['service']) ?? name?.replace(new RegExp(`^(com|cn\\.com)\\.amazonaws\\.${region}\\.`), '');
  if (service === undefined) throw new Refusal(`reading ${call.type}`, 'one of service, service_name must be given', 'service');
  const [type, more] = kindsOf(call, config, service);
  if (more !== undefined)
    throw new Refusal(
      `reading ${call.type}`,
      'multiple EC2 VPC Endpoint Services matched; use additional constraints to reduce matches to a single EC2 VPC Endpoint Service',
    );
  if (type === undefined)
    throw new Refusal(
      `reading ${call.type}`,
      `no matching VPC Endpoint Service found: the table has none of ${service}${given(config['service_type']) === undefined ? '' : ` of type ${given(config['service_type'])}`}`,
    );
  const { partition, suffix } = partitionOf(region);
  const id = `vpce-svc-${new RandomStream(`endpoint service ${service} ${type} ${region}`).hex(17)}`;
  const dns = `${service}.${region}.${suffix}`;
  return {
    id,
    service_id: id,
    service_name: nameOf(service, region),
    service_type: type,
    service_region: region,
    region,
    owner: 'amazon',
    arn: `arn:${partition}:ec2:${region}:${call.settings.values['account'] ?? ''}:vpc-endpoint-service/${id}`,
    acceptance_required: false,
    manages_vpc_endpoints: false,
    availability_zones: zonesOf(region).map((one) => one.name),
    base_endpoint_dns_names: [`${service}.${region}.vpce.${suffix}`],
    private_dns_name: type === 'Interface' ? dns : '',
    private_dns_names: type === 'Interface' ? [dns] : [],
    supported_ip_address_types: ['ipv4'],
    vpc_endpoint_policy_supported: true,
    tags: {},
  };
};

/** Types in which a service is offered and which fit the arguments. */
function kindsOf(call: ResourceCall, config: ObjectValue, service: string): Kind[] {
  const { gateway, interface: faces } = awsTable().endpoints;
  const offered: Kind[] = [
    ...(gateway.includes(service) ? ['Gateway' as const] : []),
    ...(faces.includes(service) ? ['Interface' as const] : []),
  ];
  const region = given(config['region']) ?? call.settings.values['region'] ?? '';
  return offered.filter(
    (type) =>
      (given(config['service_type']) ?? type) === type &&
      filtersOf(config).every(({ name, values }) => {
        const value = {
          'service-type': type,
          'service-name': nameOf(service, region),
          'service-region': region,
          'supported-ip-address-types': 'ipv4',
          owner: 'amazon',
        }[name];
        if (value === undefined)
          throw new Refusal(`reading ${call.type}`, `the simulation does not know the filter ${JSON.stringify(name)}`, 'filter');
        return values.some((one) => wildcard(one).test(value));
      }),
  );
}

function nameOf(service: string, region: string): string {
  return `com.amazonaws.${region}.${service}`;
}
