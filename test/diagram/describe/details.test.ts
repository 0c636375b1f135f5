import { expect, test } from '@jest/globals';

import type { JsonObject } from '../../../terrace/diagram/read/configuration';
import { detailOf, displayName, literalOf } from '../../../terrace/diagram/describe/details';
import { graphOf } from '../_fixtures';

function resource(type: string, body: JsonObject, name = 'it') {
  const [first] = graphOf([{ path: 's/e/r/l/u', json: { resource: { [type]: { [name]: body } } } }]).resources;
  if (first === undefined) throw new Error('the fixture has one resource');
  return first;
}

test.each([
  ['hcloud_server', { server_type: 'cx33', location: 'nbg1', network: [{ ip: '10.0.2.10' }] }, '10.0.2.10 · cx33 · nbg1'],
  ['hcloud_volume', { size: 100, location: 'nbg1' }, '100 GB · nbg1'],
  ['azurerm_linux_virtual_machine', { size: 'Standard_B2s' }, 'Standard_B2s'],
  ['aws_cloudwatch_log_group', { retention_in_days: 30 }, '30 d'],
  ['cloudflare_dns_record', { type: 'AAAA' }, 'AAAA'],
  ['hcloud_network_subnet', { type: 'cloud', ip_range: '10.0.1.0/24' }, '10.0.1.0/24'],
  ['azurerm_virtual_network', { address_space: ['10.1.0.0/16'] }, '10.1.0.0/16'],
  ['aws_instance', { count: 3, instance_type: 't3.micro' }, 't3.micro · × 3'],
  ['aws_instance', { for_each: '${var.all}' }, 'for each'],
  ['aws_vpc', { cidr_block: '${var.cidr}' }, undefined],
])('%s with %j is told by %s', (type, body, detail) => {
  expect(detailOf(resource(type, body))).toBe(detail);
});

test('a line has at most three facts and stays short', () => {
  const detail = detailOf(
    resource('aws_x', { cidr_block: '10.0.0.0/16', server_type: 'a', location: 'b', protocol: 'tcp', engine: 'x'.repeat(50) }),
  );
  expect(detail).toBe('10.0.0.0/16 · a · b');
});

test('a name is the way to the construct, without a repetition, or the name without its hash', () => {
  const named = (path: string | undefined, name: string): string =>
    displayName(resource('aws_x', path === undefined ? {} : { '//': { metadata: { path } } }, name));
  expect(named('stack/web/balancer', 'web_balancer_981EE062')).toBe('web/balancer');
  expect(named('stack/key/key', 'key_12345678')).toBe('key');
  expect(named(undefined, 'web_balancer_981EE062')).toBe('web_balancer');
  expect(named(undefined, 'plain')).toBe('plain');
});

test('only literals are given back', () => {
  expect(literalOf({ a: [{ b: 'x' }], c: '${d}', e: {} }, 'a.b')).toBe('x');
  expect(literalOf({ c: '${d}' }, 'c')).toBeUndefined();
  expect(literalOf({ e: {} }, 'e.f')).toBeUndefined();
});
