import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

import { inventory, staticInventory, throughHost } from '../../../modules/hosts/ansible-inventory';
import { installPackages, renderCloudConfig } from '../../../modules/hosts/cloud-init';
import { literal, renderCompose } from '../../../modules/hosts/compose';
import { dockerRole } from '../../../modules/hosts/files';
import { renderPgBouncer } from '../../../modules/hosts/pgbouncer';
import { renderPlaybook } from '../../../modules/hosts/playbook';
import { renderAlertRules, renderPrometheus } from '../../../modules/hosts/prometheus';
import { sshdSettings, sshJail } from '../../../modules/hosts/ssh';
import { deploySection, healthSection, overlay, versionedConfig, versionedSecret } from '../../../modules/hosts/swarm';
import { traefikArguments, traefikLabels } from '../../../modules/hosts/traefik';

const yaml = (text: string) => parse(text, { version: '1.1' });

test('both forms of an inventory hold the same hosts in the same groups', () => {
  const props = {
    hosts: { a: { ansible_host: '10.0.0.1' }, b: throughHost('ops', '192.0.2.1') },
    vars: { x: 1 },
    groups: { web: ['a'], data: ['b'] },
  };
  expect(inventory(props)).toEqual({
    _meta: { hostvars: props.hosts },
    all: { children: ['web', 'data'], vars: { x: 1 } },
    web: { hosts: ['a'] },
    data: { hosts: ['b'] },
  });
  expect(staticInventory(props)).toEqual({
    all: {
      vars: { x: 1 },
      children: {
        web: { hosts: { a: { ansible_host: '10.0.0.1' } } },
        data: { hosts: { b: { ansible_ssh_common_args: '-o ProxyJump=ops@192.0.2.1' } } },
      },
    },
  });
});

test('a host lets its operators in by key, nobody by password, and root not at all', () => {
  const config = renderCloudConfig({
    hostname: 'web-1',
    operator: 'ops',
    authorizedKey: 'ssh-ed25519 AAAA ops',
    files: [
      { path: '/etc/a', content: 'yes\n', permissions: '0600' },
      { path: '/etc/b', content: '' },
    ],
    commands: installPackages(['docker-ce']),
  });
  expect(config.startsWith('#cloud-config\n')).toBe(true);
  expect(yaml(config)).toMatchObject({
    hostname: 'web-1',
    disable_root: true,
    ssh_pwauth: false,
    users: [{ name: 'ops', lock_passwd: true, ssh_authorized_keys: ['ssh-ed25519 AAAA ops'] }],
    write_files: [
      { path: '/etc/a', permissions: '0600', content: 'yes\n' },
      { path: '/etc/b', permissions: '0644' },
    ],
    runcmd: [['apt-get', 'update'], expect.arrayContaining(['DEBIAN_FRONTEND=noninteractive', 'docker-ce'])],
  });
  expect(sshdSettings({ operator: 'ops', forwarding: 'local' }).split('\n')).toEqual(
    expect.arrayContaining(['PermitRootLogin no', 'PasswordAuthentication no', 'AllowTcpForwarding local', 'AllowUsers ops']),
  );
  expect(sshJail).toContain('bantime = 1h');
});

test('words that YAML 1.1 takes for booleans stay words, and a dollar is no variable where it should not be', () => {
  expect(
    yaml(renderCompose({ services: { web: { image: 'web:1', environment: { A: 'yes', B: 'on', C: '022' } } } })).services.web.environment,
  ).toEqual({
    A: 'yes',
    B: 'on',
    C: '022',
  });
  expect(literal('echo "$HOME" $(id)')).toBe('echo "$$HOME" $$(id)');
});

test('a service of a Swarm is restarted, limited, and taken back when its update fails', () => {
  expect(deploySection({ replicas: 2, limits: { cpus: '0.50', memory: '512M' }, constraints: ['node.role == manager'] })).toMatchObject({
    mode: 'replicated',
    replicas: 2,
    resources: { limits: { cpus: '0.50', memory: '512M' } },
    update_config: { order: 'start-first', failure_action: 'rollback' },
    placement: { constraints: ['node.role == manager'] },
  });
  expect(deploySection({ replicas: 'global', limits: { cpus: '0.10', memory: '64M' } })).toMatchObject({
    mode: 'global',
    update_config: { order: 'stop-first' },
  });
  expect(healthSection(['CMD', 'true'])).toEqual({
    test: ['CMD', 'true'],
    interval: '30s',
    timeout: '5s',
    retries: 3,
    start_period: '30s',
  });
});

test('a network is made by one stack and found by the others; other content is another configuration, another version another secret', () => {
  expect([overlay('shop_db', true, true), overlay('shop_db', false)]).toEqual([
    { name: 'shop_db', driver: 'overlay', internal: true },
    { name: 'shop_db', external: true },
  ]);
  const [one, same, other] = ['a', 'a', 'b'].map((content) => versionedConfig('prometheus', './prometheus.yml', content).name);
  expect(one).toMatch(/^prometheus-[0-9a-f]{12}$/);
  expect([one === same, one === other]).toEqual([true, false]);
  expect(versionedSecret('jwt-secret')).toEqual({
    name: 'jwt-secret-${JWT_SECRET_VERSION:?the version of the secret is not known}',
    external: true,
  });
});

test('Traefik redirects to HTTPS, asks Let’s Encrypt, shows no dashboard, and publishes only what says so', () => {
  const words = traefikArguments({ network: 'shop_public', email: 'ops@example.org', storage: '/certificates/acme.json' });
  expect(words).toEqual(
    expect.arrayContaining([
      '--providers.swarm.exposedbydefault=false',
      '--providers.swarm.network=shop_public',
      '--entrypoints.web.http.redirections.entrypoint.to=websecure',
      '--certificatesresolvers.letsencrypt.acme.email=ops@example.org',
      '--certificatesresolvers.letsencrypt.acme.storage=/certificates/acme.json',
    ]),
  );
  expect(words.filter((word) => /dashboard|api/.test(word))).toEqual([]);
  const route = { service: 'api', host: 'shop.example.org', port: 3000, healthPath: '/health' };
  const rule = 'traefik.http.routers.api.rule';
  expect(traefikLabels(route)[rule]).toBe('Host(`shop.example.org`)');
  expect(traefikLabels({ ...route, prefix: '/api' })).toMatchObject({
    [rule]: 'Host(`shop.example.org`) && PathPrefix(`/api`)',
    'traefik.http.routers.api.tls.certresolver': 'letsencrypt',
    'traefik.http.services.api.loadbalancer.server.port': '3000',
    'traefik.http.services.api.loadbalancer.healthcheck.path': '/health',
  });
});

test('PgBouncer pools as it is told, logs in by SCRAM, and speaks TLS with the server', () => {
  const lines = renderPgBouncer({
    database: 'shop',
    server: { host: 'primary', port: 5432 },
    port: 6432,
    mode: 'session',
    size: 20,
    clients: 100,
    userlist: '/run/secrets/users',
  }).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'shop = host=primary port=5432 dbname=shop',
      'listen_port = 6432',
      'auth_type = scram-sha-256',
      'auth_file = /run/secrets/users',
      'pool_mode = session',
      'default_pool_size = 20',
      'max_client_conn = 100',
      'server_tls_sslmode = require',
    ]),
  );
});

test('Prometheus scrapes and judges at one pace, and tells Alertmanager where there is one', () => {
  const props = { scrapeSeconds: 15, labels: { environment: 'dev' }, rules: '/etc/rules.yml', jobs: [{ job_name: 'api' }] };
  expect(yaml(renderPrometheus(props))).toEqual({
    global: { scrape_interval: '15s', evaluation_interval: '15s', external_labels: { environment: 'dev' } },
    rule_files: ['/etc/rules.yml'],
    scrape_configs: [{ job_name: 'api' }],
  });
  expect(yaml(renderPrometheus({ ...props, alertmanager: 'alerts:9093' })).alerting).toEqual({
    alertmanagers: [{ static_configs: [{ targets: ['alerts:9093'] }] }],
  });
  const rule = { alert: 'Down', expression: 'up == 0', for: '2m', severity: 'critical', summary: 'it is down' } as const;
  expect(yaml(renderAlertRules('shop', [rule])).groups).toEqual([
    {
      name: 'shop',
      rules: [{ alert: 'Down', expr: 'up == 0', for: '2m', labels: { severity: 'critical' }, annotations: { summary: 'it is down' } }],
    },
  ]);
});

test('a playbook imports others first; a play with other tasks than main imports its roles by tasks', () => {
  const plays = [
    { name: 'All', hosts: 'all', roles: [{ role: 'docker' }] },
    { name: 'Web', hosts: 'web', serial: 1, roles: [{ role: 'docker' }, { role: 'app', tasks: 'deploy' }] },
  ] as const;
  expect(yaml(renderPlaybook({ imports: ['site'], plays }))).toEqual([
    { name: 'Run site', 'ansible.builtin.import_playbook': 'site.yml' },
    { name: 'All', hosts: 'all', become: true, roles: [{ role: 'docker' }] },
    {
      name: 'Web',
      hosts: 'web',
      become: true,
      serial: 1,
      tasks: [
        { name: 'Run main of docker', 'ansible.builtin.import_role': { name: 'docker', tasks_from: 'main' } },
        { name: 'Run deploy of app', 'ansible.builtin.import_role': { name: 'app', tasks_from: 'deploy' } },
      ],
    },
  ]);
});

test('the role of Docker is handed over whole', () => {
  expect(dockerRole().map(({ path }) => path)).toEqual(['defaults', 'handlers', 'tasks'].map((part) => `roles/docker/${part}/main.yml`));
});
