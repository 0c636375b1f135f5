import { expect, test } from '@jest/globals';
import { parseCidr } from 'cidr-tools';
import fc from 'fast-check';

import { isCidr, networkProblems, overlappingNetworks } from '../../terrace/tree/networks';
import type { NetworkValues } from '../../terrace/tree/values';

const check = (network: Partial<NetworkValues>, zones: readonly string[] = []) =>
  networkProblems('stacks/demo/dev/eu-central-1/region.ts', {
    region: 'eu-central-1',
    awsRegion: 'eu-central-1',
    availabilityZones: zones,
    networks: [{ unit: 'network/vpc', cidr: '10.0.0.0/16', subnets: [], ...network }],
  }).map(({ code, found }) => [code, found]);

test.each(['10.0.0.0/16', '0.0.0.0/0', '192.168.1.1/32', 'fd00::/8'])('%s is an address block', (text) => expect(isCidr(text)).toBe(true));
test.each([
  '10.0.0.1/16',
  '300.1.1.1/8',
  '10.0.0.0',
  '10.0.0.0/33',
  '10.0.0.0/08',
  '10.0.0.0/16/2',
  'banana',
  '',
  '10.0.0.0/-1',
  'fd00::1/8',
])('%s is no address block', (text) => expect(isCidr(text)).toBe(false));

test('a subnet outside its network is named with both blocks', () => {
  expect(check({ subnets: [{ name: 'private-1', cidr: '10.1.0.0/24' }] })).toEqual([
    ['E2102', 'network/vpc: private-1 10.1.0.0/24 is not inside 10.0.0.0/16'],
  ]);
});

test('overlapping subnets are named as a pair', () => {
  const subnets = [
    { name: 'a', cidr: '10.0.1.0/24' },
    { name: 'b', cidr: '10.0.1.128/25' },
    { name: 'c', cidr: '10.0.2.0/24' },
  ];
  expect(check({ subnets })).toEqual([['E2103', 'network/vpc: a 10.0.1.0/24 overlaps b 10.0.1.128/25']]);
});

test('zones of another region are refused, in the list and at a subnet', () => {
  expect(check({ subnets: [{ name: 'a', cidr: '10.0.1.0/24', zone: 'eu-central-2a' }] }, ['eu-central-1a', 'eu-central-1'])).toEqual([
    ['E2105', 'availability zone eu-central-1'],
    ['E2105', 'network/vpc: a lies in eu-central-2a'],
  ]);
});

test('malformed blocks are all named, and nothing is concluded from them', () => {
  expect(check({ cidr: '10.0.0.0/40', subnets: [{ name: 'a', cidr: 'x' }] })).toEqual([
    ['E2101', "network/vpc: '10.0.0.0/40'"],
    ['E2101', "network/vpc: 'x'"],
  ]);
});

const block = fc.tuple(fc.integer({ min: 0, max: 2 ** 16 - 1 }), fc.integer({ min: 16, max: 32 })).map(([low, bits]) => {
  const address = (2 ** 31 + low * 2 ** 8) & (bits === 32 ? -1 : ~(2 ** (32 - bits) - 1));
  return `${(address >>> 24) & 255}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}/${bits}`;
});

test('a set of networks is refused exactly when two of them share an address', () => {
  fc.assert(
    fc.property(fc.array(block, { maxLength: 8 }), (cidrs) => {
      const ranges = cidrs.map((cidr) => ({ start: parseCidr(cidr).start, end: parseCidr(cidr).end }));
      const shared = ranges.some((a, i) => ranges.some((b, j) => i < j && a.start <= b.end && b.start <= a.end));
      const regions = cidrs.map((cidr, index) => ({
        path: `demo/dev/r${index}`,
        values: { region: `r${index}`, stateRegion: 'eu-central-1', networks: [{ unit: 'network/vpc', cidr, subnets: [] }] },
      }));
      expect(overlappingNetworks(regions).length > 0).toBe(shared);
    }),
  );
});
