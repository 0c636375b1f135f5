import { isIPv4 } from 'node:net';
import type { Problem } from 'terrace';

import { locationsIn, networkZoneOf, type Location, type NetworkZone } from './locations';
import { retiredServerTypes, serverTypes } from './server-types';

/** Hetzner's limit of `user_data`, in bytes. */
export const userDataLimit = 32 * 1024;

/** A server as the checks see it. */
export interface PlacedHost {
  readonly name: string;
  /** Absent for a load balancer. */
  readonly serverType?: string;
  readonly location: Location;
  readonly address: string;
  readonly subnet: string;
}

/** E2401, E2407 and E2402: a type that was retired, is not known, or cannot be ordered in the location. */
export function serverTypeProblems(
  place: string,
  host: { readonly name: string; readonly serverType: string; readonly location: Location },
): readonly Problem[] {
  const { name, serverType, location } = host;
  const successor = retiredServerTypes[serverType];
  if (successor !== undefined)
    return [
      {
        code: 'E2401',
        title: 'retired server type',
        place,
        found: `${name}: ${serverType} can no longer be ordered`,
        expected: `its successor ${successor}`,
        todo: 'choose another type; modules/hetzner/server-types.ts lists them',
      },
    ];
  const known = serverTypes[serverType];
  if (known === undefined)
    return [
      {
        code: 'E2407',
        title: 'unknown server type',
        place,
        found: `${name}: ${serverType} is not a known server type`,
        expected: Object.keys(serverTypes).join(', '),
        todo: 'correct the name, or add the type to modules/hetzner/server-types.ts',
      },
    ];
  if (known.locations.includes(location)) return [];
  const here = Object.entries(serverTypes)
    .filter(([, other]) => other.locations.includes(location))
    .map(([other]) => other);
  return [
    {
      code: 'E2402',
      title: 'server type not in this location',
      place,
      found: `${name}: ${serverType} is not offered in ${location}`,
      expected: here.join(', '),
      todo: `choose one of these, or a location of ${serverType}: ${known.locations.join(', ')}`,
    },
  ];
}

/** E2406: a server can only join subnets of its location's network zone. */
export function zoneProblems(place: string, location: Location, zone: NetworkZone): readonly Problem[] {
  if (networkZoneOf(location) === zone) return [];
  return [
    {
      code: 'E2406',
      title: 'location outside the network zone',
      place,
      found: `location ${location} lies in ${networkZoneOf(location)}, the subnets in ${zone}`,
      expected: `${locationsIn(zone).join(', ')} for ${zone}`,
      todo: 'correct the location or the zone',
    },
  ];
}

/** E2403, E2404, E2409: addresses outside their subnet, taken twice, or kept by the provider (first and last of a subnet). */
export function addressProblems(place: string, hosts: readonly PlacedHost[]): readonly Problem[] {
  const problems: Problem[] = [];
  const taken = new Map<string, string>();
  for (const { name, address, subnet } of hosts) {
    const block = parseBlock(subnet);
    const value = isIPv4(address) ? toNumber(address) : undefined;
    if (block === undefined || value === undefined || value < block.first || value > block.last) {
      problems.push({
        code: 'E2403',
        title: 'address outside its subnet',
        place,
        found: `${name}: ${address} is not in ${subnet}`,
        expected: `an IPv4 address of ${subnet}`,
        todo: 'correct the address or the subnet',
      });
      continue;
    }
    if (value === block.first || value === block.first + 1 || value === block.last)
      problems.push({
        code: 'E2409',
        title: 'reserved address',
        place,
        found: `${name}: ${address} is reserved by Hetzner in ${subnet}`,
        expected: 'neither the first two nor the last address of a subnet',
        todo: 'choose another address',
      });
    const owner = taken.get(address);
    if (owner !== undefined)
      problems.push({
        code: 'E2404',
        title: 'address taken twice',
        place,
        found: `${address}: ${owner} and ${name}`,
        expected: 'one host per address',
        todo: 'give one of them another address',
      });
    taken.set(address, owner ?? name);
  }
  return problems;
}

/** E2410: Hetzner refuses a route whose gateway is the network's first address (its own gateway) or lies outside. */
export function routeProblems(place: string, network: string, gateway: string): readonly Problem[] {
  const block = parseBlock(network);
  const value = isIPv4(gateway) ? toNumber(gateway) : undefined;
  if (block !== undefined && value !== undefined && value > block.first + 1 && value < block.last) return [];
  return [
    {
      code: 'E2410',
      title: 'route gateway not usable',
      place,
      found: `gateway ${gateway} of network ${network}`,
      expected: `an address of ${network} that belongs to a server; not its first, which is Hetzner's own gateway`,
      todo: 'name the address of the NAT server',
    },
  ];
}

/**
 * E2405: user data over 32 KiB. `reserve` are the bytes kept for what terraform fills in (CIDRs, a public key), since only
 * terraform knows their length.
 */
export function userDataProblems(place: string, name: string, userData: string, reserve = 0): readonly Problem[] {
  const bytes = Buffer.byteLength(userData) + reserve;
  if (bytes <= userDataLimit) return [];
  return [
    {
      code: 'E2405',
      title: 'user data too long',
      place,
      found: `${name}: ${bytes} bytes${reserve > 0 ? `, ${reserve} of them kept for variables` : ''}`,
      expected: `at most ${userDataLimit} bytes`,
      todo: 'move what is not needed at first boot to Ansible',
    },
  ];
}

/** The address that Hetzner's own gateway has in a network: the first after the network's base. */
export function networkGateway(network: string): string {
  const block = parseBlock(network);
  if (block === undefined) throw new RangeError(`${network} is not an IPv4 block`);
  return [24, 16, 8, 0].map((shift) => ((block.first + 1) >>> shift) & 255).join('.');
}

function parseBlock(cidr: string): { readonly first: number; readonly last: number } | undefined {
  const [address = '', bits = ''] = cidr.split('/');
  if (!isIPv4(address) || !/^\d{1,2}$/.test(bits) || Number(bits) > 32) return undefined;
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(toNumber(address) / size) * size;
  return { first, last: first + size - 1 };
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
