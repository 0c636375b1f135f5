import { expect, test } from '@jest/globals';

import { literalLines, renderNftables } from '../../../modules/hosts/nftables';
import { renderCloudConfig } from '../../../modules/hosts/cloud-init';
import { judge, parseNftables } from '../../_helpers/nftables';
import { parse } from 'yaml';

test('without rules nothing comes in and nothing goes through', () => {
  const ruleset = parseNftables(renderNftables({ inbound: [], containers: false }));
  const packet = { source: '10.0.2.10', destination: '10.0.2.20', protocol: 'tcp', port: 22 } as const;
  expect(judge(ruleset, 'input', packet)).toBe('drop');
  expect(judge(ruleset, 'forward', { ...packet, interface: 'br-1' })).toBe('drop');
});

test('it replaces its own tables and flushes nobody else’s', () => {
  const text = renderNftables({ inbound: [], containers: true });
  expect(text).toContain('table inet terrace\ndelete table inet terrace\ntable inet terrace {');
  expect(text).not.toContain('flush');
});

test('networks of a variable come from terraform at first boot and from a list later', () => {
  const firewall = {
    inbound: [{ from: { variable: 'admins' }, protocol: 'tcp', ports: [22], comment: 'SSH' }],
    containers: false,
  } as const;
  expect(renderNftables(firewall)).toContain(
    '${join("; ", [for cidr in var.admins : "${strcontains(cidr, ":") ? "ip6" : "ip"} saddr ${cidr} tcp dport 22 accept"])}',
  );
  const ruleset = parseNftables(renderNftables(firewall, literalLines(['192.0.2.0/24', '2001:db8::/32'])));
  const from = (source: string) => judge(ruleset, 'input', { source, destination: 'host', protocol: 'tcp', port: 22 });
  expect([from('192.0.2.9'), from('2001:db8::9'), from('198.51.100.9')]).toEqual(['accept', 'accept', 'drop']);
  expect(
    judge(parseNftables(renderNftables(firewall, literalLines([]))), 'input', {
      source: '192.0.2.9',
      destination: 'host',
      protocol: 'tcp',
      port: 22,
    }),
  ).toBe('drop');
});

test('cloud-init keeps the text of files as it is, whatever is in it', () => {
  const content = 'a: "b"\n  indented\n\ttab\n# hash\n${join("; ", [1])}\n';
  const text = renderCloudConfig({
    hostname: 'a',
    operator: 'ops',
    authorizedKey: 'ssh-ed25519 AAAA',
    files: [{ path: '/x', content }],
    commands: [['true']],
  });
  expect(text.startsWith('#cloud-config\n')).toBe(true);
  expect(parse(text, { version: '1.1' })).toMatchObject({
    hostname: 'a',
    disable_root: true,
    ssh_pwauth: false,
    write_files: [{ path: '/x', content, permissions: '0644' }],
    runcmd: [['true']],
  });
});
