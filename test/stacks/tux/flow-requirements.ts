import { judge } from '../../_helpers/nftables';
import { environments, holds, same, type Requirement } from './requirement';
import { at, only, resources, target, type TuxTree } from './tux-tree';
import { filterOf, userData, writtenFile } from './user-data';

/** Who may open a connection to a port of a host, by evaluating the packet filter that its user data installs. */
function admitted(tree: TuxTree, environment: 'production' | 'staging', host: string, port: number): readonly string[] {
  const second = environments[environment];
  const ruleset = filterOf(userData(tree, environment)[`tux-${environment}-${host}`]);
  const candidates = ['1.10', '1.20', '1.99', '2.10', '2.11', '2.12', '2.20', '2.21', '2.30', '2.99'].map((end) => `10.${second}.${end}`);
  return [...candidates, '203.0.113.99', '198.51.100.7'].filter(
    (source) => judge(ruleset, 'input', { source, destination: 'host', protocol: 'tcp', port }) === 'accept',
  );
}

const both = (check: (environment: 'production' | 'staging', prefix: string) => readonly string[]): readonly string[] =>
  (['production', 'staging'] as const).flatMap((environment) => check(environment, `10.${environments[environment]}`));

export const flowRequirements: Readonly<Record<string, Requirement>> = {
  'T-08': {
    title: 'only the web servers reach database and cache, by their host firewalls',
    check: (tree) =>
      both((environment, prefix) => [
        ...same(`${environment}: 5432`, admitted(tree, environment, 'db', 5432), [`${prefix}.2.10`, `${prefix}.2.11`]),
        ...same(`${environment}: 6379`, admitted(tree, environment, 'redis', 6379), [`${prefix}.2.10`, `${prefix}.2.11`]),
        ...same(`${environment}: redis on the database`, admitted(tree, environment, 'db', 6379), []),
      ]),
  },
  'T-09': {
    title: 'SSH leads through the bastion only, which only the administrators reach',
    check: (tree) =>
      both((environment, prefix) => {
        const firewalls = resources(tree, `${environment}/`, 'hcloud_firewall');
        const bastion = firewalls.find(({ body }) => body['name'] === `tux-${environment}-bastion`);
        const closed = firewalls.find(({ body }) => body['name'] === `tux-${environment}-private`);
        const attachment = only(tree, `${environment}/`, 'hcloud_firewall_attachment');
        return [
          ...['web-1', 'web-2', 'db', 'redis', 'monitoring'].flatMap((host) =>
            same(`${environment}: SSH to ${host}`, admitted(tree, environment, host, 22), [`${prefix}.1.20`]),
          ),
          ...same(`${environment}: SSH to the bastion`, admitted(tree, environment, 'bastion', 22), ['198.51.100.7']),
          ...resources(tree, `${environment}/`, 'hcloud_server').flatMap(({ body }) => {
            const isPublic = body['name'] === `tux-${environment}-bastion`;
            return same(
              `${environment}: ${String(body['name'])} in public`,
              [at(body, 'public_net', 0, 'ipv4_enabled'), at(body, 'public_net', 0, 'ipv6_enabled')],
              [isPublic, isPublic],
            );
          }),
          ...same(
            `${environment}: bastion firewall`,
            at<readonly object[]>(bastion?.body, 'rule')?.map((rule) => [
              at(rule, 'direction'),
              at(rule, 'protocol'),
              at(rule, 'port'),
              at(rule, 'source_ips'),
            ]),
            [['in', 'tcp', '22', '${var.admin_cidrs}']],
          ),
          ...same(
            `${environment}: attached to`,
            target(tree, attachment.unit, at(attachment.body, 'server_ids', 0))?.['name'],
            `tux-${environment}-bastion`,
          ),
          ...same(
            `${environment}: private firewall`,
            [closed?.body['rule'], at(closed?.body, 'apply_to', 0, 'label_selector')],
            [undefined, `environment=${environment},exposure=private`],
          ),
          ...holds(
            `${environment}: the variable has a default`,
            at(tree.units[`${environment}/eu-central/network/firewall`], 'variable', 'admin_cidrs', 'default') === undefined,
          ),
        ];
      }).concat(
        holds(
          'production accepts everybody',
          JSON.stringify(at(tree.units['production/eu-central/network/firewall'], 'variable', 'admin_cidrs', 'validation')).includes(
            'split(',
          ),
        ),
      ),
  },
  'T-10': {
    title: 'private servers reach the internet through the bastion, and nothing else that way',
    check: (tree) =>
      both((environment, prefix) => {
        const route = only(tree, `${environment}/`, 'hcloud_network_route').body;
        const data = userData(tree, environment);
        const bastion = data[`tux-${environment}-bastion`];
        const ruleset = filterOf(bastion);
        const leaves = (source: string, destination: string, port: number): readonly string[] => {
          const packet = { source, destination, protocol: 'tcp', port } as const;
          return [judge(ruleset, 'forward', packet), judge(ruleset, 'postrouting', packet)];
        };
        const hardening = tree.files[`${environment}/artifacts/ansible/roles/system/vars/main.yml`] ?? '';
        return [
          ...same(`${environment}: route`, [route['destination'], route['gateway']], ['0.0.0.0/0', `${prefix}.1.20`]),
          ...same(`${environment}: HTTPS from a web server`, leaves(`${prefix}.2.10`, '162.159.1.1', 443), ['accept', 'masquerade']),
          ...same(`${environment}: mail from a web server`, leaves(`${prefix}.2.10`, '192.0.2.25', 587)[0], 'drop'),
          ...same(`${environment}: mail from the monitoring server`, leaves(`${prefix}.2.30`, '192.0.2.25', 587), ['accept', 'masquerade']),
          ...same(`${environment}: from web to database through the bastion`, leaves(`${prefix}.2.10`, `${prefix}.2.20`, 443)[0], 'drop'),
          ...same(`${environment}: a stranger through the bastion`, leaves('203.0.113.9', '192.0.2.80', 443)[0], 'drop'),
          ...holds(
            `${environment}: the bastion does not forward`,
            writtenFile(bastion, '/etc/sysctl.d/60-forwarding.conf')?.includes('net.ipv4.ip_forward = 1') === true,
          ),
          ...holds(`${environment}: hardening stops forwarding`, hardening.includes('net.ipv4.ip_forward: 1')),
          ...['web-1', 'web-2', 'db', 'redis', 'monitoring'].flatMap((host) => {
            const one = data[`tux-${environment}-${host}`];
            return [
              ...holds(
                `${environment}: ${host} has no way out`,
                writtenFile(one, '/etc/systemd/network/05-egress.network')?.includes(`Gateway=${prefix}.0.1`) === true,
              ),
              ...holds(
                `${environment}: ${host} sets no route`,
                JSON.stringify(one?.['runcmd']).includes(`"route","replace","default","via","${prefix}.0.1"`),
              ),
            ];
          }),
        ];
      }),
  },
  'T-17': {
    title: 'each layer of defence is there',
    check: (tree) =>
      both((environment) => {
        const role = (file: string): string => tree.files[`${environment}/artifacts/ansible/roles/${file}`] ?? '';
        return [
          ...Object.entries(userData(tree, environment)).flatMap(([host, data]) => [
            ...same(
              `${host}: policies`,
              [...filterOf(data).values()]
                .filter((chain) => chain.hook === 'input' || chain.hook === 'forward')
                .map(({ policy }) => policy),
              ['drop', 'drop'],
            ),
            ...holds(
              `${host}: root may log in`,
              writtenFile(data, '/etc/ssh/sshd_config.d/10-terrace.conf')?.includes('PermitRootLogin no\nPasswordAuthentication no') ===
                true,
            ),
            ...holds(
              `${host}: nobody is banned`,
              writtenFile(data, '/etc/fail2ban/jail.d/sshd.local')?.includes('enabled = true') === true,
            ),
          ]),
          ...holds(`${environment}: volumes are not encrypted`, role('tux/tasks/volume.yml').includes('community.crypto.luks_device')),
          ...holds(
            `${environment}: hardening sets no kernel parameters`,
            role('system/tasks/hardening.yml').includes('ansible.posix.sysctl'),
          ),
          ...holds(
            `${environment}: a database role is shared`,
            ['tux', 'api', 'auth'].every((name) =>
              role('tux/files/db/postgres/init/10-roles.sh').includes(`CREATE SCHEMA ${name} AUTHORIZATION ${name};`),
            ),
          ),
          ...holds(
            `${environment}: the database takes plain text`,
            !/^host\s/m.test(role('tux/files/db/postgres/pg_hba.conf')) &&
              role('tux/files/db/postgres/postgresql.conf').includes('ssl = on'),
          ),
          ...holds(
            `${environment}: a literal secret`,
            !/(?:password|token|secret)\s*[:=]\s*["']?[A-Za-z0-9+/]{12,}/i.test(
              JSON.stringify(Object.entries(tree.units).filter(([unit]) => unit.startsWith(`${environment}/eu-central`))),
            ),
          ),
        ];
      }),
  },
};
