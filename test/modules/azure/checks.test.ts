import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { administratorProblems, administratorValidation, vmSizeProblems } from '../../../modules/azure/checks';
import { vmSizes } from '../../../modules/azure/vm-sizes';

const octet = fc.nat(255);
const address = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'));

test('exactly the lists of IPv4 blocks from /8 to /32 may log in', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(address, fc.integer({ min: 0, max: 40 })), { minLength: 1, maxLength: 6 }), (blocks) => {
      const cidrs = blocks.map(([ip, bits]) => `${ip}/${bits}`);
      const wrong = blocks.flatMap(([, bits], index) => (bits >= 8 && bits <= 32 ? [] : [`SSH from ${cidrs[index]}`]));
      expect(administratorProblems('env.ts:1', cidrs).map(({ found }) => found)).toEqual(wrong);
    }),
  );
});

test.each([
  '',
  '0.0.0.0',
  '0.0.0.0/0',
  '*',
  'Internet',
  '10.0.0.0/7',
  '203.0.113.7',
  '203.0.113.7/33',
  '2001:db8::/48',
  '203.0.113.256/32',
])('SSH from %j is refused, with the place', (cidr) => {
  expect(administratorProblems('env.ts:1', [cidr])).toEqual([
    expect.objectContaining({ code: 'E2501', place: 'env.ts:1', found: `SSH from ${cidr}` }),
  ]);
});

test('nobody at all is refused too', () =>
  expect(administratorProblems('env.ts:1', []).map(({ code, found }) => [code, found])).toEqual([['E2501', 'no network may log in']]));

test('a variable carries the same limit', () => {
  const [block, width] = administratorValidation('admin_cidrs');
  expect(block?.condition).toContain('length(var.admin_cidrs) > 0');
  expect(width?.condition).toContain('tonumber(split("/", cidr)[1]) >= 8');
});

test('a size is known and takes Premium SSDs, or the known ones are named', () => {
  for (const [name, { premium }] of Object.entries(vmSizes))
    expect([name, vmSizeProblems('env.ts:1', name).length]).toEqual([name, premium ? 0 : 1]);
  expect(vmSizeProblems('env.ts:1', 'Standard_B2')).toEqual([
    expect.objectContaining({ code: 'E2502', found: "'Standard_B2'", expected: expect.stringContaining('Standard_B2s') }),
  ]);
});
