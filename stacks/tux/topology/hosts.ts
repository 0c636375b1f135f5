/** What a host is for; also its group in the inventory. */
export type Role = 'bastion' | 'web' | 'db' | 'redis' | 'monitoring';

export const roles: readonly Role[] = ['bastion', 'web', 'db', 'redis', 'monitoring'];

export type SubnetName = 'public' | 'private';

/** Addresses of one environment: the same host numbers everywhere, another network for each. */
export interface AddressPlan {
  readonly network: string;
  readonly subnets: Readonly<Record<SubnetName, string>>;
  readonly loadBalancer: string;
  readonly hosts: readonly Host[];
}

export interface Host {
  /** Unique over all environments; also the host's name. */
  readonly name: string;
  /** The name without system and environment: `web-1`. */
  readonly id: string;
  readonly role: Role;
  readonly subnet: SubnetName;
  readonly address: string;
}

export interface AddressPlanOptions {
  /** Before each name: `tux-production`. */
  readonly prefix: string;
  readonly network: string;
  readonly publicSubnet: string;
  readonly privateSubnet: string;
  /** Servers beside the first that follow the database. */
  readonly databaseReplicas: number;
}

/** Last number of each host's address, as in the network diagram of the system; the monitoring server has none there. */
const numbers = { loadBalancer: 10, bastion: 20, web: [10, 11], db: 20, redis: 21, standby: 22, monitoring: 30 } as const;

/** The most standbys that fit below the monitoring server. */
export const mostDatabaseReplicas = numbers.monitoring - numbers.standby;

/** Who has which address. */
export function addressPlan({ prefix, network, publicSubnet, privateSubnet, databaseReplicas }: AddressPlanOptions): AddressPlan {
  const host = (id: string, role: Role, subnet: SubnetName, number: number): Host => ({
    name: `${prefix}-${id}`,
    id,
    role,
    subnet,
    address: within(subnet === 'public' ? publicSubnet : privateSubnet, number),
  });
  return {
    network,
    subnets: { public: publicSubnet, private: privateSubnet },
    loadBalancer: within(publicSubnet, numbers.loadBalancer),
    hosts: [
      host('bastion', 'bastion', 'public', numbers.bastion),
      ...numbers.web.map((number, index) => host(`web-${index + 1}`, 'web', 'private', number)),
      host('db', 'db', 'private', numbers.db),
      ...Array.from({ length: databaseReplicas }, (_, index) => host(`db-standby-${index + 1}`, 'db', 'private', numbers.standby + index)),
      host('redis', 'redis', 'private', numbers.redis),
      host('monitoring', 'monitoring', 'private', numbers.monitoring),
    ],
  };
}

/** The hosts of a role, in the order of their addresses. */
export function hostsOf(plan: AddressPlan, role: Role): readonly Host[] {
  return plan.hosts.filter((host) => host.role === role);
}

/** The only host of its kind, by its id. Throws a RangeError for an id that the plan has not. */
export function hostCalled(plan: AddressPlan, id: string): Host {
  const host = plan.hosts.find((one) => one.id === id);
  if (host === undefined) throw new RangeError(`no host ${id}: ${plan.hosts.map((one) => one.id).join(', ')}`);
  return host;
}

/** True for a database server that follows the first. */
export function isStandby(host: Host): boolean {
  return host.role === 'db' && host.id !== 'db';
}

function within(subnet: string, number: number): string {
  return `${subnet.split('/')[0]?.split('.').slice(0, 3).join('.')}.${number}`;
}
