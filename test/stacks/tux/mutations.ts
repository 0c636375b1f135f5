import { at, resources, type Json, type TuxTree } from './tux-tree';

/** One way to break a requirement: what a mistake in the source would look like in the output. */
export interface Mutation {
  readonly what: string;
  apply(tree: TuxTree): void;
}

const first = (tree: TuxTree, environment: string, type: string, where: (body: Json) => boolean = () => true): Json => {
  const found = resources(tree, environment, type).find(({ body }) => where(body));
  if (found === undefined) throw new Error(`nothing to mutate: ${type} in ${environment}`);
  return found.body;
};

/** Resources of this name. */
export const named =
  (name: string) =>
  (body: Json): boolean =>
    body['name'] === name;

/** Changes a value at the end of a way. */
const set = (value: unknown, way: readonly (string | number)[], to: unknown): void => {
  const parent = at<Record<string | number, unknown>>(value, ...way.slice(0, -1));
  const last = way.at(-1);
  if (parent === undefined || last === undefined) throw new Error(`nothing at ${way.join('.')}`);
  parent[last] = to;
};

/** Sets a value of the first resource of a type. */
export const resource = (
  what: string,
  environment: string,
  type: string,
  way: readonly (string | number)[],
  to: unknown,
  where?: (body: Json) => boolean,
): Mutation => ({
  what,
  apply: (tree) => set(first(tree, environment, type, where), way, to),
});

/** Replaces text in a file, or in the user data of a server. */
const text = (what: string, file: string, from: string | RegExp, to: string): Mutation => ({
  what,
  apply: (tree) => {
    const before = tree.files[file];
    if (before === undefined || before.replace(from, to) === before) throw new Error(`nothing to mutate in ${file}`);
    tree.files[file] = before.replace(from, to);
  },
});

const bootText = (what: string, server: string, from: string, to: string): Mutation => ({
  what,
  apply: (tree) => {
    const body = first(tree, '', 'hcloud_server', named(server));
    const before = String(body['user_data']);
    if (!before.includes(from)) throw new Error(`nothing to mutate in the user data of ${server}`);
    body['user_data'] = before.replace(from, to);
  },
});

const gone = (what: string, environment: string, type: string, where: (body: Json) => boolean = () => true): Mutation => ({
  what,
  apply: (tree) => {
    const found = resources(tree, environment, type).find(({ body }) => where(body));
    if (found === undefined) throw new Error(`nothing to remove: ${type}`);
    delete at<Record<string, unknown>>(tree.units[found.unit], 'resource', type)?.[found.name];
  },
});

const roles = 'production/artifacts/ansible/roles';

/** At least one mutation for each requirement. */
export const mutations: Readonly<Record<string, readonly Mutation[]>> = {
  'T-02': [
    resource('a record beside the proxy', 'production/', 'cloudflare_dns_record', ['proxied'], false),
    resource('a TTL on a proxied record', 'staging/', 'cloudflare_dns_record', ['ttl'], 300),
    resource('a literal address', 'production/', 'cloudflare_dns_record', ['content'], '203.0.113.10'),
    resource('a record with tags', 'production/', 'cloudflare_dns_record', ['tags'], ['paid']),
  ],
  'T-03': [
    gone('no second web server', 'production/', 'hcloud_server', named('tux-production-web-2')),
    resource('a location overseas', 'staging/', 'hcloud_server', ['location'], 'ash'),
  ],
  'T-04': [
    resource('another private subnet', 'production/', 'hcloud_network_subnet', ['ip_range'], '10.0.3.0/24'),
    resource('a network that is too small', 'staging/', 'hcloud_network', ['ip_range'], '10.2.0.0/17'),
  ],
  'T-05': [
    resource('the load balancer elsewhere', 'production/', 'hcloud_load_balancer_network', ['ip'], '10.0.1.11'),
    resource(
      'the database at another address',
      'production/',
      'hcloud_server',
      ['network', 0, 'ip'],
      '10.0.2.22',
      named('tux-production-db'),
    ),
    resource(
      'the bastion in the private subnet',
      'production/',
      'hcloud_server',
      ['network', 0, 'subnet_id'],
      '${data.terraform_remote_state.network_private_network.outputs.private_subnet_id}',
      named('tux-production-bastion'),
    ),
  ],
  'T-06': [
    resource('flexible TLS', 'production/', 'cloudflare_zone_setting', ['value'], 'flexible', (body) => body['setting_id'] === 'ssl'),
    gone('no DDoS rules', 'production/', 'cloudflare_ruleset', (body) => body['phase'] === 'ddos_l7'),
    resource('origin pulls off', 'staging/', 'cloudflare_authenticated_origin_pulls', ['config', 0, 'enabled'], false),
    text('anybody may ask the origin', `${roles}/tux/files/web/nginx/nginx.conf`, 'ssl_verify_client on;', 'ssl_verify_client optional;'),
    resource(
      'no proxy protocol',
      'production/',
      'hcloud_load_balancer_service',
      ['proxyprotocol'],
      false,
      (body) => body['listen_port'] === 443,
    ),
  ],
  'T-07': [
    resource('a target over its public address', 'production/', 'hcloud_load_balancer_target', ['use_private_ip'], false),
    gone('only one target', 'staging/', 'hcloud_load_balancer_target'),
    resource('a health check of another port', 'production/', 'hcloud_load_balancer_service', ['health_check', 'port'], 8080),
  ],
  'T-08': [
    bootText(
      'the database open to the network',
      'tux-production-db',
      'ip saddr { 10.0.2.10, 10.0.2.11 } tcp dport 5432',
      'ip saddr 10.0.0.0/16 tcp dport 5432',
    ),
    bootText('the cache closed to one web server', 'tux-staging-redis', '{ 10.2.2.10, 10.2.2.11 }', '10.2.2.10'),
  ],
  'T-09': [
    bootText(
      'SSH from the load balancer too',
      'tux-production-web-1',
      'ip saddr 10.0.1.20 tcp dport 22',
      'ip saddr 10.0.1.0/24 tcp dport 22',
    ),
    resource(
      'a private server in public',
      'production/',
      'hcloud_server',
      ['public_net', 0, 'ipv4_enabled'],
      true,
      named('tux-production-redis'),
    ),
    resource(
      'the bastion open to everybody',
      'production/',
      'hcloud_firewall',
      ['rule', 0, 'source_ips'],
      ['0.0.0.0/0'],
      named('tux-production-bastion'),
    ),
    resource(
      'a public rule for private servers',
      'staging/',
      'hcloud_firewall',
      ['rule'],
      [{ direction: 'in' }],
      named('tux-staging-private'),
    ),
  ],
  'T-10': [
    resource('the way out through somebody else', 'production/', 'hcloud_network_route', ['gateway'], '10.0.1.10'),
    bootText('no masquerade', 'tux-production-bastion', 'ip daddr != 10.0.0.0/16 masquerade', 'ip daddr 10.0.0.0/16 masquerade'),
    bootText('no forwarding', 'tux-staging-bastion', 'net.ipv4.ip_forward = 1', 'net.ipv4.ip_forward = 0'),
    bootText('a gateway that is none', 'tux-production-db', 'Gateway=10.0.0.1', 'Gateway=10.0.2.1'),
    text('hardening that breaks containers', `${roles}/system/vars/main.yml`, 'net.ipv4.ip_forward: 1', 'net.ipv4.ip_forward: 0'),
  ],
  'T-11': [
    resource('a volume attached by number', 'production/', 'hcloud_volume_attachment', ['server_id'], 4711),
    resource('a firewall attached to nothing', 'production/', 'hcloud_firewall_attachment', ['server_ids'], []),
    resource('a subnet of a literal network', 'staging/', 'hcloud_network_subnet', ['network_id'], 1),
  ],
  'T-12': [
    { what: 'staging without a monitoring server', apply: (tree) => delete tree.units['staging/eu-central/monitoring/stack'] },
    resource('staging in the block of production', 'staging/', 'hcloud_network_route', ['gateway'], '10.0.1.20'),
    { what: 'no machines for local', apply: (tree) => delete tree.files['staging/artifacts/local/Vagrantfile'] },
  ],
  'T-13': [
    {
      what: 'production without the manual gate',
      apply: (tree) =>
        (tree.files['workflow'] =
          'jobs: { detect: {}, test: { needs: detect }, staging-1: { needs: test }, production-1: { needs: staging-1, with: { target: tux/production }, uses: o/n/.github/workflows/_round.yml@main }, monitor: { needs: production-1 } }'),
    },
  ],
  'T-14': [
    text(
      'api looks for the database elsewhere',
      `${roles}/tux/files/web/compose.yml`,
      /DATABASE_HOST: 10\.0\.2\.20/g,
      'DATABASE_HOST: 10.0.2.21',
    ),
    text('no static files', `${roles}/tux/files/web/compose.yml`, '/srv/files:/srv/files:ro', '/tmp:/srv/files:ro'),
    text('nginx without api', `${roles}/tux/files/web/nginx/nginx.conf`, 'http://api:', 'http://tux:'),
    gone('no volume for files', 'production/', 'hcloud_volume', named('tux-production-files')),
  ],
  'T-15': [
    {
      what: 'a host reached directly',
      apply: (tree) =>
        set(
          tree.units['production/eu-central/monitoring/stack'],
          ['output', 'ansible_inventory', 'value', '_meta', 'hostvars', 'tux-production-web-1', 'ansible_ssh_common_args'],
          '',
        ),
    },
    text('a site without hardening', 'staging/artifacts/ansible/playbooks/site.yml', 'hardening.yml', 'bootstrap.yml'),
    text('a deployment without the role tux', 'production/artifacts/ansible/playbooks/dynamic-deploy.yml', /role: tux/g, 'role: docker'),
  ],
  'T-16': [
    text('a web server that is not watched', `${roles}/tux/files/monitoring/prometheus/prometheus.yml`, '10.0.2.11:9100', '10.0.2.99:9100'),
    text('logs that go nowhere', `${roles}/tux/files/web/fluent-bit/agent.yaml`, '10.0.2.30', '10.0.2.31'),
    text('nobody hears an alert by mail', `${roles}/tux/templates/alertmanager.yml.j2`, '- name: email', '- name: nobody'),
  ],
  'T-17': [
    bootText(
      'a host firewall that lets everything in',
      'tux-production-web-2',
      'hook input priority filter; policy drop',
      'hook input priority filter; policy accept',
    ),
    bootText('root may log in', 'tux-staging-bastion', 'PermitRootLogin no', 'PermitRootLogin yes'),
    text('a database that takes plain text', `${roles}/tux/files/db/postgres/pg_hba.conf`, 'hostssl tux api', 'host tux api'),
    text('volumes in the clear', `${roles}/tux/tasks/volume.yml`, 'community.crypto.luks_device', 'ansible.builtin.debug'),
  ],
  'T-18': [
    resource(
      'a volume that anybody can delete',
      'production/',
      'hcloud_volume',
      ['delete_protection'],
      false,
      named('tux-production-postgres'),
    ),
    resource('a database without image backups', 'production/', 'hcloud_server', ['backups'], false, named('tux-production-db')),
    gone('no archive', 'production/', 'cloudflare_r2_bucket', named('tux-production-archive')),
    text('secrets are not backed up', `${roles}/tux/vars/main/backup.yml`, /source: secrets/g, 'source: configuration'),
    text('a backup that nobody checks', `${roles}/tux/files/scripts/tux-backup`, 'check --read-data-subset', 'cat config #'),
  ],
  'T-19': [
    resource('no spreading', 'production/', 'hcloud_placement_group', ['type'], 'none'),
    {
      what: 'a web server outside the group',
      apply: (tree) => delete first(tree, 'production/', 'hcloud_server', named('tux-production-web-2'))['placement_group_id'],
    },
  ],
  'T-20': [{ what: 'an empty overview', apply: (tree) => (tree.files['docs/infrastructure/overview.md'] = '# Overview') }],
};
