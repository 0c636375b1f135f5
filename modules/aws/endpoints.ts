import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { Construct } from 'constructs';

export interface EndpointsProps {
  /** Prefix of the `Name` tags. */
  readonly name: string;
  readonly region: string;
  readonly vpcId: string;
  /** Services with a gateway endpoint (`s3`, `dynamodb`): a route, free of charge. */
  readonly gateways: readonly string[];
  /** Route tables that get the gateway endpoints' routes. */
  readonly routeTableIds: string[];
  /** Services with an interface endpoint, as in `ecr.api`; each costs by the hour and subnet. */
  readonly interfaces: readonly string[];
  /** One subnet per zone that holds an address of each interface endpoint. */
  readonly subnetIds: string[];
  readonly securityGroupId: string;
}

/** Private ways to AWS services: gateway endpoints in the route tables, interface endpoints with private names in the subnets. */
export class Endpoints extends Construct {
  private readonly endpoints = new Map<string, VpcEndpoint>();

  constructor(scope: Construct, id: string, props: EndpointsProps) {
    super(scope, id);
    for (const service of props.gateways)
      this.endpoints.set(
        service,
        new VpcEndpoint(this, service, {
          vpcId: props.vpcId,
          serviceName: `com.amazonaws.${props.region}.${service}`,
          vpcEndpointType: 'Gateway',
          routeTableIds: props.routeTableIds,
          tags: { Name: `${props.name}-${service}` },
        }),
      );
    for (const service of props.interfaces)
      this.endpoints.set(
        service,
        new VpcEndpoint(this, service.replaceAll('.', '-'), {
          vpcId: props.vpcId,
          serviceName: `com.amazonaws.${props.region}.${service}`,
          vpcEndpointType: 'Interface',
          privateDnsEnabled: true,
          subnetIds: props.subnetIds,
          securityGroupIds: [props.securityGroupId],
          tags: { Name: `${props.name}-${service}` },
        }),
      );
  }

  /** Id of a service's endpoint; raises an error when the service has none. */
  endpointId(service: string): string {
    const endpoint = this.endpoints.get(service);
    if (endpoint === undefined) throw new Error(`no endpoint for ${service}; there are ${[...this.endpoints.keys()].join(', ')}`);
    return endpoint.id;
  }
}
