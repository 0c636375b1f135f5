import { environments, holds, same, type Requirement } from './requirement';
import { at, follow, only, resources, target, type Resource, type TuxTree } from './tux-tree';

const each = (check: (environment: 'production' | 'staging', second: number) => readonly string[]): readonly string[] =>
  Object.entries(environments).flatMap(([environment, second]) => check(environment as 'production' | 'staging', second));

const server = (tree: TuxTree, environment: string, suffix: string): Resource | undefined =>
  resources(tree, environment, 'hcloud_server').find(({ body }) => body['name'] === `tux-${environment}-${suffix}`);

const reference = (tree: TuxTree, unit: string, expression: unknown): string => {
  const found = follow(tree, unit, expression);
  return found === undefined ? 'nothing' : `${found.type}.${found.attribute}`;
};

/** Address and subnet block of a server, both as written. */
function placed(tree: TuxTree, { unit, body }: Resource): readonly unknown[] {
  const network = at(body, 'network', 0);
  return [at(network, 'ip'), target(tree, unit, at(network, 'subnet_id'))?.['ip_range']];
}

export const resourceRequirements: Readonly<Record<string, Requirement>> = {
  'T-02': {
    title: 'every record is proxied by Cloudflare and leads to the load balancer',
    check: (tree) =>
      each((environment) => {
        const records = resources(tree, `${environment}/`, 'cloudflare_dns_record');
        return [
          ...same(`${environment}: record types`, records.map(({ body }) => String(body['type'])).sort(), ['A', 'AAAA']),
          ...records.flatMap(({ unit, body }) => [
            ...same(
              `${environment}: content`,
              reference(tree, unit, body['content']),
              `hcloud_load_balancer.${body['type'] === 'A' ? 'ipv4' : 'ipv6'}`,
            ),
            ...same(`${environment}: proxied, ttl`, [body['proxied'], body['ttl']], [true, 1]),
            ...same(
              `${environment}: name`,
              body['name'],
              environment === 'production' ? 'tux.allthingslinux.org' : 'staging.tux.allthingslinux.org',
            ),
            ...same(`${environment}: zone`, follow(tree, unit, body['zone_id'])?.unit, 'production/global/dns/zone'),
            ...same(`${environment}: zone's name`, target(tree, unit, body['zone_id'])?.['name'], 'allthingslinux.org'),
            ...holds(`${environment}: a record has tags`, body['tags'] === undefined),
          ]),
        ];
      }),
  },
  'T-03': {
    title: 'there is one load balancer, and exactly the servers of the picture and the monitoring server',
    check: (tree) =>
      each((environment) => [
        ...same(
          `${environment}: servers`,
          resources(tree, `${environment}/`, 'hcloud_server')
            .map(({ body }) => String(body['name']))
            .sort(),
          ['bastion', 'db', 'monitoring', 'redis', 'web-1', 'web-2'].map((id) => `tux-${environment}-${id}`),
        ),
        ...same(`${environment}: load balancers`, resources(tree, `${environment}/`, 'hcloud_load_balancer').length, 1),
        ...resources(tree, `${environment}/`, 'hcloud_server').flatMap(({ body }) =>
          same(`${environment}: location and image`, [body['location'], body['image']], ['nbg1', 'ubuntu-24.04']),
        ),
      ]),
  },
  'T-04': {
    title: 'one /16 network holds exactly a public and a private subnet',
    check: (tree) =>
      each((environment, second) => [
        ...same(`${environment}: network`, only(tree, `${environment}/`, 'hcloud_network').body['ip_range'], `10.${second}.0.0/16`),
        ...same(
          `${environment}: subnets`,
          resources(tree, `${environment}/`, 'hcloud_network_subnet').map(({ unit, body }) => [
            body['ip_range'],
            body['type'],
            body['network_zone'],
            reference(tree, unit, body['network_id']),
          ]),
          [
            [`10.${second}.2.0/24`, 'cloud', 'eu-central', 'hcloud_network.id'],
            [`10.${second}.1.0/24`, 'cloud', 'eu-central', 'hcloud_network.id'],
          ],
        ),
      ]),
  },
  'T-05': {
    title: 'every host has its address in its subnet',
    check: (tree) =>
      each((environment, second) => {
        const balancer = only(tree, `${environment}/`, 'hcloud_load_balancer_network');
        const expected = { bastion: [1, 20], 'web-1': [2, 10], 'web-2': [2, 11], db: [2, 20], redis: [2, 21], monitoring: [2, 30] };
        return [
          ...same(
            `${environment}: load balancer`,
            [balancer.body['ip'], target(tree, balancer.unit, balancer.body['subnet_id'])?.['ip_range']],
            [`10.${second}.1.10`, `10.${second}.1.0/24`],
          ),
          ...Object.entries(expected).flatMap(([id, [third, fourth]]) => {
            const found = server(tree, environment, id);
            return same(`${environment}: ${id}`, found && placed(tree, found), [
              `10.${second}.${third}.${fourth}`,
              `10.${second}.${third}.0/24`,
            ]);
          }),
        ];
      }),
  },
  'T-06': {
    title: 'requests pass the WAF, the DDoS rules and strict TLS, and an origin answers only to Cloudflare',
    check: (tree) => [
      ...same(
        'phases',
        resources(tree, '', 'cloudflare_ruleset').map(({ unit, body }) => [unit, body['phase']]),
        [
          ['production/eu-central/security/cloudflare', 'ddos_l7'],
          ['production/eu-central/security/cloudflare', 'http_request_firewall_managed'],
        ],
      ),
      ...resources(tree, '', 'cloudflare_ruleset').flatMap(({ body }) =>
        same(
          `${String(body['phase'])}: actions`,
          [...new Set(at<readonly object[]>(body, 'rules')?.map((rule) => [at(rule, 'action'), at(rule, 'enabled')].join()))],
          ['execute,true'],
        ),
      ),
      ...same(
        'ssl',
        resources(tree, '', 'cloudflare_zone_setting')
          .filter(({ body }) => body['setting_id'] === 'ssl')
          .map(({ body }) => body['value']),
        ['strict'],
      ),
      ...each((environment) => {
        const pulls = only(tree, `${environment}/`, 'cloudflare_authenticated_origin_pulls').body;
        const services = resources(tree, `${environment}/`, 'hcloud_load_balancer_service').map(({ body }) => [
          body['listen_port'],
          body['protocol'],
          body['proxyprotocol'],
        ]);
        const nginx = tree.files[`${environment}/artifacts/ansible/roles/tux/files/web/nginx/nginx.conf`] ?? '';
        const hostname = environment === 'production' ? 'tux.allthingslinux.org' : 'staging.tux.allthingslinux.org';
        return [
          ...same(
            `${environment}: origin pulls`,
            [at(pulls, 'config', 0, 'enabled'), at(pulls, 'config', 0, 'hostname')],
            [true, hostname],
          ),
          ...same(
            `${environment}: origin certificate`,
            only(tree, `${environment}/`, 'cloudflare_origin_ca_certificate').body['hostnames'],
            [hostname],
          ),
          ...holds(
            `${environment}: 443 is not passed through`,
            services.some(([port, protocol, proxy]) => port === 443 && protocol === 'tcp' && proxy === true),
          ),
          ...holds(
            `${environment}: nginx asks for no client certificate`,
            /^ {4}ssl_verify_client on;$/m.test(nginx) && nginx.includes('listen 443 ssl proxy_protocol;'),
          ),
          ...holds(`${environment}: nginx does not redirect`, nginx.includes('return 301 https://')),
        ];
      }),
    ],
  },
  'T-07': {
    title: 'the load balancer sends to both web servers, over private addresses, on 80 and 443, and asks how they are',
    check: (tree) =>
      each((environment) => [
        ...same(
          `${environment}: targets`,
          resources(tree, `${environment}/`, 'hcloud_load_balancer_target').map(({ unit, body }) => [
            target(tree, unit, body['server_id'])?.['name'],
            body['use_private_ip'],
            body['type'],
          ]),
          [
            [`tux-${environment}-web-1`, true, 'server'],
            [`tux-${environment}-web-2`, true, 'server'],
          ],
        ),
        ...same(
          `${environment}: services`,
          resources(tree, `${environment}/`, 'hcloud_load_balancer_service').map(({ body }) => [
            body['listen_port'],
            body['destination_port'],
            at(body, 'health_check', 'port'),
            at(body, 'health_check', 'interval'),
          ]),
          [
            [80, 80, 80, 15],
            [443, 443, 443, 15],
          ],
        ),
      ]),
  },
  'T-11': {
    title: 'what the picture of dependencies draws is a reference in that direction',
    check: (tree) =>
      each((environment) => {
        const refers = (type: string, attribute: (resource: Resource) => unknown, expected: string): readonly string[] =>
          resources(tree, `${environment}/`, type).length === 0
            ? [`${environment}: no ${type}`]
            : resources(tree, `${environment}/`, type).flatMap((one) =>
                same(`${environment}: ${type} ${one.name}`, reference(tree, one.unit, attribute(one)), expected),
              );
        return [
          ...refers('hcloud_network_subnet', ({ body }) => body['network_id'], 'hcloud_network.id'),
          ...refers('hcloud_load_balancer_network', ({ body }) => body['subnet_id'], 'hcloud_network_subnet.id'),
          ...refers('hcloud_server', ({ body }) => at(body, 'network', 0, 'subnet_id'), 'hcloud_network_subnet.id'),
          ...refers('hcloud_volume_attachment', ({ body }) => body['server_id'], 'hcloud_server.id'),
          ...refers('hcloud_volume_attachment', ({ body }) => body['volume_id'], 'hcloud_volume.id'),
          ...refers('hcloud_firewall_attachment', ({ body }) => at(body, 'server_ids', 0), 'hcloud_server.id'),
          ...refers('hcloud_firewall_attachment', ({ body }) => body['firewall_id'], 'hcloud_firewall.id'),
          ...refers('cloudflare_dns_record', ({ body }) => body['content'], 'hcloud_load_balancer.ipv4').filter(
            (problem) => !problem.includes('_aaaa_'),
          ),
          ...Object.entries(tree.units)
            .filter(([unit]) => unit.startsWith(`${environment}/eu-central`))
            .flatMap(([unit, json]) => holds(`${unit} names no provider`, Object.keys(at<object>(json, 'provider') ?? {}).length > 0)),
        ];
      }),
  },
  'T-12': {
    title: 'staging is production with other data, and local has no unit',
    check: (tree) => {
      const types = (environment: string): readonly string[] =>
        [
          ...new Set(
            Object.entries(tree.units)
              .filter(([unit]) => unit.startsWith(`${environment}/eu-central/`))
              .flatMap(([, json]) => Object.keys(at<object>(json, 'resource') ?? {})),
          ),
        ].sort();
      const units = (environment: string): readonly string[] =>
        Object.keys(tree.units)
          .filter((unit) => unit.startsWith(`${environment}/eu-central/`))
          .map((unit) => unit.slice(environment.length))
          .sort();
      const zoneWide = new Set(['cloudflare_ruleset', 'cloudflare_zone_setting', 'cloudflare_r2_bucket_lock']);
      const text = (environment: string): string =>
        JSON.stringify(Object.entries(tree.units).filter(([unit]) => unit.startsWith(`${environment}/`)));
      return [
        ...same('units', units('staging'), units('production')),
        ...same(
          'types',
          types('staging'),
          types('production').filter((type) => !zoneWide.has(type)),
        ),
        ...holds('staging names an address of production', !/\b10\.0\.\d+\.\d+/.test(text('staging'))),
        ...holds('production names an address of staging', !/\b10\.2\.\d+\.\d+\/16/.test(text('production'))),
        ...same('environments', [...new Set(Object.keys(tree.units).map((unit) => unit.split('/')[0] ?? ''))].sort(), [
          'production',
          'staging',
        ]),
        ...holds('no machines for local', tree.files['staging/artifacts/local/Vagrantfile']?.includes("'192.168.58.10'") === true),
        ...holds(
          'no Compose project for local',
          tree.files['staging/artifacts/local/compose.yml']?.includes('127.0.0.1:8080:8080') === true,
        ),
        ...Object.entries(tree.units).flatMap(([unit, json]) =>
          same(`${unit}: bucket`, at(json, 'terraform', 'backend', 's3', 'bucket'), 'terraform-state-789012345678-eu-central-1'),
        ),
      ];
    },
  },
  'T-19': {
    title: 'the web servers are spread over machines',
    check: (tree) =>
      each((environment) => [
        ...same(`${environment}: group`, only(tree, `${environment}/`, 'hcloud_placement_group').body['type'], 'spread'),
        ...['web-1', 'web-2'].flatMap((id) => {
          const found = server(tree, environment, id);
          return same(
            `${environment}: ${id}`,
            found && reference(tree, found.unit, found.body['placement_group_id']),
            'hcloud_placement_group.id',
          );
        }),
      ]),
  },
};
