/** The ports that hosts of a Docker Swarm use among themselves, on any cloud (docs.docker.com, "Open protocols and ports between the hosts"). */
export const swarmPorts = [
  { name: 'management', protocol: 'Tcp', port: 2377 },
  { name: 'gossip', protocol: 'Tcp', port: 7946 },
  { name: 'gossip', protocol: 'Udp', port: 7946 },
  { name: 'overlay', protocol: 'Udp', port: 4789 },
] as const;

/** What an address plan needs. */
export interface NetworkNeeds {
  /** A /16: the tiers are /24s in it. */
  readonly cidr: string;
  readonly zones: readonly string[];
}

/** One tier of subnets, one per zone, and where its traffic leaves. */
export interface TierSettings {
  readonly name: 'public' | 'private' | 'database' | 'cache';
  readonly cidrs: readonly string[];
  readonly route: 'internet' | 'nat' | 'none';
}

export interface NetworkSettings extends NetworkNeeds {
  readonly tiers: readonly TierSettings[];
}

/** Third octet of each tier's first subnet; the following zones count up. Ten apart at least, so a tier can grow to ten zones. */
const tiers = [
  { name: 'private', octet: 1, route: 'nat' },
  { name: 'public', octet: 101, route: 'internet' },
  { name: 'database', octet: 201, route: 'none' },
  { name: 'cache', octet: 211, route: 'none' },
] as const;

/** The address plan of a /16: for each tier one /24 per zone. Raises an error for a block of another size, and for more than ten zones. */
export function network(needs: NetworkNeeds): NetworkSettings {
  const [first, second, ...rest] = needs.cidr.split('.');
  if (first === undefined || second === undefined || rest.join('.') !== '0.0/16')
    throw new Error(`address plan: '${needs.cidr}' is not a /16`);
  if (needs.zones.length > 10) throw new Error(`address plan: ${needs.zones.length} zones, there is room for 10`);
  return {
    ...needs,
    tiers: tiers.map(({ name, octet, route }) => ({
      name,
      route,
      cidrs: needs.zones.map((_, zone) => `${first}.${second}.${octet + zone}.0/24`),
    })),
  };
}

/** The plan as addresses, for the checks of the tree: each subnet with its name and zone. */
export function addresses(unit: string, plan: NetworkSettings) {
  return {
    unit,
    cidr: plan.cidr,
    subnets: plan.tiers.flatMap((tier) =>
      tier.cidrs.map((cidr, index) => ({
        name: `${tier.name}-${(plan.zones[index] ?? '').slice(-1)}`,
        cidr,
        zone: plan.zones[index] ?? '',
      })),
    ),
  };
}

export interface TrafficNeeds {
  /** NAT gateways: one for all zones, one in each, or a number. */
  readonly nat: 'single' | 'per-az' | number;
  /** In how many zones interface endpoints have an address; one costs as much as a small NAT gateway. */
  readonly endpointZones: number;
  /** @default 30 */
  readonly flowLogDays?: number;
}

/** Services reached by a route, free of charge. */
const gatewayEndpoints = ['s3', 'dynamodb'];
/** Services reached by an address in the private subnets: what tasks, their deployment and their operators call. */
const interfaceEndpoints = [
  'secretsmanager',
  'kms',
  'ecs',
  'ecs-agent',
  'ecs-telemetry',
  'ecr.api',
  'ecr.dkr',
  'logs',
  'sns',
  'sqs',
  'ssm',
  'ssmmessages',
  'ec2',
  'ec2messages',
  'elasticloadbalancing',
];

/** How traffic leaves a network, and how long it is remembered. */
export function traffic(needs: TrafficNeeds) {
  return { nat: needs.nat, endpointZones: needs.endpointZones, flowLogDays: needs.flowLogDays ?? 30, gatewayEndpoints, interfaceEndpoints };
}

export interface LoadBalancerNeeds {
  readonly deletionProtection: boolean;
  readonly accessLogs: boolean;
  /** How long a target that goes away may finish its requests. @default 10 */
  readonly deregistrationSeconds?: number;
  /** Requests of one address in five minutes. @default 2000 */
  readonly rateLimit?: number;
}

/** Managed rule groups in the order in which they judge: known bad addresses first, the costly common set late. */
const managedRuleGroups = [
  'AWSManagedRulesAmazonIpReputationList',
  'AWSManagedRulesKnownBadInputsRuleSet',
  'AWSManagedRulesSQLiRuleSet',
  'AWSManagedRulesCommonRuleSet',
];

/** How a load balancer or a proxy of any cloud finds out that a service answers on a path. */
export function webHealth(path: string) {
  return { path, intervalSeconds: 30, timeoutSeconds: 5, healthyThreshold: 2, unhealthyThreshold: 2, matcher: '200' };
}

/** What stands between the internet and the services. */
export function loadBalancer(needs: LoadBalancerNeeds) {
  return {
    deletionProtection: needs.deletionProtection,
    accessLogs: needs.accessLogs,
    deregistrationSeconds: needs.deregistrationSeconds ?? 10,
    rateLimit: needs.rateLimit ?? 2000,
    managedRuleGroups,
    healthCheck: webHealth('/health'),
  };
}
