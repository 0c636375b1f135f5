import { isIP } from 'node:net';

import { containsCidr, overlapCidr, parseCidr } from 'cidr-tools';

import type { Problem } from '../base/errors';
import type { NetworkValues, RegionValues } from './values';

/** True for an address block that starts at its own address: `10.0.0.0/16`, not `10.0.0.1/16`. */
export function isCidr(text: string): boolean {
  const [address = '', prefix = ''] = text.split('/');
  const version = isIP(address);
  const bits = version === 4 ? 32 : 128;
  if (version === 0 || !/^(?:0|[1-9]\d*)$/.test(prefix) || Number(prefix) > bits || text.split('/').length !== 2) return false;
  return parseCidr(text).start === parseCidr(`${address}/${bits}`).start;
}

/** What is wrong with the networks and zones of one region's values: syntax, subnets outside or over each other, foreign zones. */
export function networkProblems(place: string, values: RegionValues): readonly Problem[] {
  const problems: Problem[] = [];
  const { awsRegion } = values;
  const foreign = (zone: string): boolean =>
    awsRegion !== undefined && !(zone.startsWith(awsRegion) && /^[a-z]$/.test(zone.slice(awsRegion.length)));
  for (const zone of values.availabilityZones ?? [])
    if (foreign(zone))
      problems.push({
        code: 'E2105',
        title: 'zone of another region',
        place,
        found: `availability zone ${zone}`,
        expected: `a zone of ${awsRegion}: ${awsRegion}a, ${awsRegion}b, …`,
        todo: 'correct availabilityZones',
      });
  for (const network of values.networks ?? []) problems.push(...problemsOfNetwork(place, network, foreign));
  return problems;
}

function problemsOfNetwork(place: string, network: NetworkValues, foreign: (zone: string) => boolean): readonly Problem[] {
  const problems: Problem[] = [];
  const malformed = [network.cidr, ...network.subnets.map(({ cidr }) => cidr)].filter((cidr) => !isCidr(cidr));
  for (const cidr of malformed)
    problems.push({
      code: 'E2101',
      title: 'malformed CIDR',
      place,
      found: `${network.unit}: '${cidr}'`,
      expected: 'an address block that starts at its first address, such as 10.0.0.0/16',
      todo: 'correct the block',
    });
  if (malformed.length > 0) return problems;
  for (const subnet of network.subnets) {
    if (!containsCidr(network.cidr, subnet.cidr))
      problems.push({
        code: 'E2102',
        title: 'subnet outside its network',
        place,
        found: `${network.unit}: ${subnet.name} ${subnet.cidr} is not inside ${network.cidr}`,
        expected: `a block inside ${network.cidr}`,
        todo: 'give the subnet another block, or the network a larger one',
      });
    if (subnet.zone !== undefined && foreign(subnet.zone))
      problems.push({
        code: 'E2105',
        title: 'zone of another region',
        place,
        found: `${network.unit}: ${subnet.name} lies in ${subnet.zone}`,
        expected: 'a zone of the region of its folder',
        todo: 'correct the zone',
      });
  }
  for (const [first, second] of overlaps(network.subnets.map((subnet) => ({ ...subnet, label: subnet.name }))))
    problems.push({
      code: 'E2103',
      title: 'overlapping subnets',
      place,
      found: `${network.unit}: ${first.label} ${first.cidr} overlaps ${second.label} ${second.cidr}`,
      expected: 'disjoint subnets',
      todo: 'give one of them another block',
    });
  return problems;
}

/** Networks of one system must be disjoint: they may be joined one day, and a wrong route table must not find an answer. */
export function overlappingNetworks(regions: readonly { readonly path: string; readonly values: RegionValues }[]): readonly Problem[] {
  const networks = regions.flatMap(({ path, values }) =>
    (values.networks ?? [])
      .filter(({ cidr }) => isCidr(cidr))
      .map(({ unit, cidr }) => ({ cidr, label: `${path}/${unit}`, place: `stacks/${path}/region.ts` })),
  );
  return overlaps(networks).map(([first, second]) => ({
    code: 'E2104',
    title: 'overlapping CIDR',
    place: second.place,
    found: `${second.label}: ${second.cidr} overlaps ${first.label} ${first.cidr}`,
    expected: 'disjoint networks over all environments and regions of a system',
    todo: 'give one of them another block',
  }));
}

interface Block {
  readonly cidr: string;
  readonly label: string;
}

/** Pairs of overlapping blocks: sorted by first address, each is compared with the widest block before it. */
function overlaps<T extends Block>(blocks: readonly T[]): readonly (readonly [T, T])[] {
  const sorted = blocks
    .map((block) => ({
      block,
      start: parseCidr(block.cidr).start,
      end: parseCidr(block.cidr).end,
      version: parseCidr(block.cidr).version,
    }))
    .sort((a, b) => a.version - b.version || (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const pairs: (readonly [T, T])[] = [];
  let widest = sorted[0];
  for (const next of sorted.slice(1)) {
    if (
      widest !== undefined &&
      widest.version === next.version &&
      next.start <= widest.end &&
      overlapCidr(widest.block.cidr, next.block.cidr)
    )
      pairs.push([widest.block, next.block]);
    if (widest === undefined || widest.version !== next.version || next.end > widest.end) widest = next;
  }
  return pairs;
}
