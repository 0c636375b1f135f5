import type { AzureRegionValues, DevValues } from '../values';

export type SubnetName = 'swarm' | 'database';

/** What a machine keeps of the database, if anything. */
export type DatabasePart = 'primary' | 'replica';

/** A machine of the Swarm. */
export interface Node {
  /** Also the machine's name: `promata-swarm-worker-1`. */
  readonly name: string;
  /** The name without the system: `worker-1`. */
  readonly id: string;
  readonly role: 'manager' | 'worker';
  readonly subnet: SubnetName;
  readonly address: string;
  readonly database?: DatabasePart;
}

export interface Cluster {
  readonly cidr: string;
  readonly subnets: Readonly<Record<SubnetName, string>>;
  readonly manager: Node;
  readonly workers: readonly Node[];
}

/** The most workers that the address plan holds. */
export const mostWorkers = 9;

/** Last number of the manager's address; workers count up after it. Azure keeps the first four and the last of each subnet. */
const firstNumber = 10;

/**
 * The machines of development. The first worker keeps the database and the second its replica, both in the subnet of the
 * database; with one worker the manager keeps the replica, so that the two are never on one machine.
 */
export function clusterOf(environment: Pick<DevValues, 'workerCount'>, region: Pick<AzureRegionValues, 'network'>): Cluster {
  const { cidr, subnets } = region.network;
  const { workerCount } = environment;
  const node = (id: string, role: Node['role'], number: number, database?: DatabasePart): Node => {
    const subnet = role === 'worker' && database !== undefined ? 'database' : 'swarm';
    return {
      name: `promata-swarm-${id}`,
      id,
      role,
      subnet,
      address: within(subnets[subnet], number),
      ...(database === undefined ? {} : { database }),
    };
  };
  const parts: readonly (DatabasePart | undefined)[] = ['primary', 'replica'];
  return {
    cidr,
    subnets,
    manager: node('manager', 'manager', firstNumber, workerCount < 2 ? 'replica' : undefined),
    workers: Array.from({ length: workerCount }, (_, index) =>
      node(`worker-${index + 1}`, 'worker', firstNumber + 1 + index, parts[index]),
    ),
  };
}

/** All machines, the manager first. */
export function nodesOf(cluster: Cluster): readonly Node[] {
  return [cluster.manager, ...cluster.workers];
}

function within(subnet: string, number: number): string {
  return `${subnet.split('/')[0]?.split('.').slice(0, 3).join('.')}.${number}`;
}
