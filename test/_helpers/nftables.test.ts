import { expect, test } from '@jest/globals';

import { judge, parseNftables, type Packet } from './nftables';

const packet: Packet = { source: '10.0.2.10', destination: '10.0.2.20', protocol: 'tcp', port: 5432 };
const ruleset = (rules: string, policy = 'drop') =>
  parseNftables(
    `table inet t\ndelete table inet t\ntable inet t {\n  chain services {\n    ip saddr 10.0.2.0/24 tcp dport { 22, 5432 } accept\n  }\n  chain input {\n    type filter hook input priority filter; policy ${policy};\n    ${rules}\n  }\n}\n`,
  );

test('a rule passes what all its parts match', () => {
  const rules = ruleset('ip saddr { 10.0.2.10, 10.0.2.11 } tcp dport 5432 accept');
  expect(judge(rules, 'input', packet)).toBe('accept');
  expect(judge(rules, 'input', { ...packet, source: '10.0.2.12' })).toBe('drop');
  expect(judge(rules, 'input', { ...packet, port: 5433 })).toBe('drop');
  expect(judge(rules, 'input', { ...packet, protocol: 'udp' })).toBe('drop');
});

test('the first verdict counts, then the policy', () => {
  expect(judge(ruleset('tcp dport 5432 drop\n    tcp dport 5432 accept'), 'input', packet)).toBe('drop');
  expect(judge(ruleset('tcp dport 1 accept', 'accept'), 'input', packet)).toBe('accept');
});

test('a jump comes back when the other chain says nothing', () => {
  const rules = ruleset('jump services\n    udp dport 53 accept');
  expect(judge(rules, 'input', packet)).toBe('accept');
  expect(judge(rules, 'input', { ...packet, protocol: 'udp', port: 53 })).toBe('accept');
  expect(judge(rules, 'input', { ...packet, source: '10.0.1.1' })).toBe('drop');
});

test('negation, IPv6, interfaces and several statements on a line', () => {
  expect(judge(ruleset('ip saddr != 10.0.0.0/16 accept'), 'input', packet)).toBe('drop');
  expect(
    judge(ruleset('ip saddr 192.0.2.1 tcp dport 22 accept; ip6 saddr 2001:db8::/32 tcp dport 22 accept'), 'input', {
      ...packet,
      source: '2001:db8::7',
      port: 22,
    }),
  ).toBe('accept');
  expect(judge(ruleset('iifname "br-*" accept'), 'input', { ...packet, interface: 'br-1' })).toBe('accept');
  expect(judge(ruleset('iifname "lo" accept'), 'input', packet)).toBe('drop');
  expect(
    judge(ruleset('ct state established,related accept\n    ct status dnat jump services'), 'input', { ...packet, translated: true }),
  ).toBe('accept');
});

test('what it does not know is an error, not a pass', () => {
  expect(() => judge(ruleset('meta mark 1 accept'), 'input', packet)).toThrow('not understood');
  expect(() => judge(ruleset('tcp dport 5432'), 'input', packet)).toThrow('without a verdict');
  expect(() => parseNftables('flush ruleset')).toThrow('not understood');
});
