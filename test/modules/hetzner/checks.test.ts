import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import {
  addressProblems,
  networkGateway,
  routeProblems,
  serverTypeProblems,
  userDataLimit,
  userDataProblems,
  zoneProblems,
} from '../../../modules/hetzner/checks';
import { locations, locationsIn, networkZoneOf } from '../../../modules/hetzner/locations';
import { retiredServerTypes, serverTypes } from '../../../modules/hetzner/server-types';

const codes = (problems: readonly { readonly code: string }[]): readonly string[] => problems.map(({ code }) => code);

test('a server type is taken in its locations and refused elsewhere', () => {
  for (const [serverType, { locations: offered }] of Object.entries(serverTypes))
    for (const location of locations)
      expect(codes(serverTypeProblems('here', { name: 'a', serverType, location }))).toEqual(offered.includes(location) ? [] : ['E2402']);
});

test('a retired type names a successor that can be ordered', () => {
  for (const [serverType, successor] of Object.entries(retiredServerTypes)) {
    expect(serverTypes).toHaveProperty(successor);
    expect(serverTypeProblems('here', { name: 'a', serverType, location: 'nbg1' })).toMatchObject([
      { code: 'E2401', expected: `its successor ${successor}` },
    ]);
  }
});

test('each location lies in one zone', () => {
  expect(locationsIn('eu-central')).toEqual(['fsn1', 'hel1', 'nbg1']);
  for (const location of locations) {
    expect(zoneProblems('here', location, networkZoneOf(location))).toEqual([]);
    expect(codes(zoneProblems('here', location, location === 'ash' ? 'eu-central' : 'us-east'))).toEqual(['E2406']);
  }
});

const host = (name: string, address: string, subnet = '10.0.2.0/24') => ({ name, address, subnet, location: 'nbg1' as const });

test('an address must lie in its subnet and belong to one host', () => {
  expect(addressProblems('here', [host('a', '10.0.2.10'), host('b', '10.0.2.11')])).toEqual([]);
  expect(codes(addressProblems('here', [host('a', '10.0.3.10')]))).toEqual(['E2403']);
  expect(codes(addressProblems('here', [host('a', '10.0.2.300')]))).toEqual(['E2403']);
  expect(codes(addressProblems('here', [host('a', '2001:db8::1')]))).toEqual(['E2403']);
  expect(codes(addressProblems('here', [host('a', '10.0.2.10'), host('b', '10.0.2.10')]))).toEqual(['E2404']);
});

test('Hetzner keeps the first two addresses and the last', () => {
  for (const last of [0, 1, 255]) expect(codes(addressProblems('here', [host('a', `10.0.2.${last}`)]))).toEqual(['E2409']);
});

test('of any hosts in a subnet, exactly those that share an address are reported', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 2, max: 254 }), { maxLength: 40 }), (numbers) => {
      const problems = addressProblems(
        'here',
        numbers.map((number, index) => host(`host-${index}`, `10.0.2.${number}`)),
      );
      expect(problems).toHaveLength(numbers.length - new Set(numbers).size);
    }),
  );
});

test('a route needs a gateway inside the network that is not its first address', () => {
  expect(routeProblems('here', '10.0.0.0/16', '10.0.1.20')).toEqual([]);
  for (const gateway of ['10.0.0.1', '10.0.0.0', '10.0.255.255', '10.1.0.20', 'bastion'])
    expect(codes(routeProblems('here', '10.0.0.0/16', gateway))).toEqual(['E2410']);
});

test("the network's gateway is its first address", () => {
  expect(networkGateway('10.2.0.0/16')).toBe('10.2.0.1');
  expect(networkGateway('192.168.56.0/21')).toBe('192.168.56.1');
  expect(() => networkGateway('10.2.0.0')).toThrow(RangeError);
});

test('user data is counted in bytes, with what terraform will add', () => {
  expect(userDataProblems('here', 'a', 'x'.repeat(userDataLimit))).toEqual([]);
  expect(codes(userDataProblems('here', 'a', 'x'.repeat(userDataLimit + 1)))).toEqual(['E2405']);
  expect(codes(userDataProblems('here', 'a', 'é'.repeat(userDataLimit / 2 + 1)))).toEqual(['E2405']);
  expect(codes(userDataProblems('here', 'a', 'x'.repeat(userDataLimit - 10), 11))).toEqual(['E2405']);
});
