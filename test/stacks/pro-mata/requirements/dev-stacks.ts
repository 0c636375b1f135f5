import { requirement, sameSet } from '../../olechka/requirements/requirement';
import type { Json } from '../../olechka/tree';
import { artifact, machines, services, stackNames, yaml } from '../tree';

const argumentsOf = (service: Json): readonly string[] => [service?.command ?? []].flat();
const networksOf = (service: Json): readonly string[] => service?.networks ?? [];
const dataServices = ['postgres-primary', 'postgres-replica', 'pgbouncer', 'redis'];

/** Development's services on Docker Swarm. */
export const devStacks = [
  requirement('P-06', "Traefik gets its certificates from Let's Encrypt, and everything else is sent to HTTPS", (tree, demand) => {
    const traefik = argumentsOf(services(tree).traefik);
    for (const wanted of [
      '--certificatesresolvers.letsencrypt.acme.httpchallenge.entrypoint=web',
      '--entrypoints.web.address=:80',
      '--entrypoints.websecure.address=:443',
      '--entrypoints.web.http.redirections.entrypoint.to=websecure',
    ])
      demand(traefik.includes(wanted), `traefik lacks ${wanted}`);
    for (const name of ['frontend', 'backend'])
      demand(
        services(tree)[name]?.deploy?.labels?.[`traefik.http.routers.${name}.tls.certresolver`] === 'letsencrypt' &&
          services(tree)[name]?.deploy?.labels?.[`traefik.http.routers.${name}.entrypoints`] === 'websecure',
        `${name} without TLS`,
      );
  }),
  requirement('P-07', 'PostgreSQL has a streaming replica on another machine, and is reached through PgBouncer', (tree, demand) => {
    const all = services(tree);
    for (const name of ['postgres-primary', 'postgres-replica', 'pgbouncer']) demand(all[name]?.image !== undefined, `no ${name}`);
    demand(/^postgresql:\/\/[^@]+@pgbouncer:6432\//.test(all.backend?.environment?.DATABASE_URL ?? ''), 'the backend goes past the pool');
    const pool = artifact(tree, 'docker/configs/pgbouncer.ini');
    for (const wanted of [
      'promata = host=postgres-primary port=5432',
      'listen_port = 6432',
      'pool_mode = session',
      'default_pool_size = 20',
      'max_client_conn = 100',
      'server_tls_sslmode = require',
    ])
      demand(pool.includes(wanted), `pgbouncer lacks ${wanted}`);
    demand(/wal_level = 'replica'/.test(artifact(tree, 'docker/configs/postgresql.conf')), 'the primary writes no log for replicas');
    const follow = artifact(tree, 'docker/configs/follow-primary.sh');
    demand(
      /pg_basebackup .*--write-recovery-conf .*--wal-method stream/.test(follow) && follow.includes('host=postgres-primary'),
      'the replica follows nobody',
    );
    const places = ['primary', 'replica'].map((part) => all[`postgres-${part}`]?.deploy?.placement?.constraints?.join());
    demand(sameSet(places, ['node.labels.database.primary == true', 'node.labels.database.replica == true']), `placed ${places.join()}`);
    const hosts = Object.values<Json>(yaml(tree, 'ansible/inventory/hosts.json').all.children).flatMap((group) =>
      Object.values<Json>(group.hosts),
    );
    const labels = hosts.map((host) => Object.keys(host.promata_labels).join());
    demand(
      labels.filter((one) => one === 'database.primary').length === 1 && labels.filter((one) => one === 'database.replica').length === 1,
      'labels',
    );
    demand(
      all['postgres-primary']?.volumes?.some((one: string) => one.startsWith('/opt/promata/data/')),
      'the database is not on the data disk',
    );
  }),
  requirement('P-08', 'Prometheus watches machines, backend and database, and Grafana shows it', (tree, demand) => {
    const jobs: readonly Json[] = yaml(tree, 'docker/configs/prometheus.yml').scrape_configs ?? [];
    for (const job of ['backend', 'node-exporter', 'postgres-exporter'])
      demand(
        jobs.some(({ job_name: name, dns_sd_configs: sd }) => name === job && sd?.[0]?.names?.[0] === `tasks.${job}`),
        `no job ${job}`,
      );
    demand(services(tree)['node-exporter']?.deploy?.mode === 'global', 'not every machine is watched');
    demand(argumentsOf(services(tree).prometheus).includes('--storage.tsdb.retention.time=15d'), 'retention');
    demand(yaml(tree, 'docker/configs/prometheus.yml').global?.scrape_interval === '15s', 'interval');
    const sources: readonly Json[] = yaml(tree, 'docker/configs/grafana-sources.yml').datasources ?? [];
    demand(sources[0]?.url === 'http://prometheus:9090', 'Grafana shows nothing');
    const rules: readonly Json[] = yaml(tree, 'docker/configs/rules.yml').groups?.[0]?.rules ?? [];
    demand(
      rules.some(({ alert, for: duration }) => alert === 'ServiceDown' && duration === '2m') &&
        rules.some(({ alert, expr }) => alert === 'DiskFull' && expr.endsWith('> 85')) &&
        rules.some(({ alert, expr }) => alert === 'CertificateEnds' && expr.endsWith('< 7')),
      'thresholds',
    );
  }),
  requirement('P-15/dev', 'frontend and backend answer on the public name, the backend below /api', (tree, demand) => {
    const rule = (name: string): string => services(tree)[name]?.deploy?.labels?.[`traefik.http.routers.${name}.rule`] ?? '';
    demand(rule('frontend') === 'Host(`promata-dev.duckdns.org`)', `frontend: ${rule('frontend')}`);
    demand(rule('backend') === 'Host(`promata-dev.duckdns.org`) && PathPrefix(`/api`)', `backend: ${rule('backend')}`);
    for (const [name, port] of [
      ['frontend', '8080'],
      ['backend', '3000'],
    ] as const) {
      const service = services(tree)[name];
      demand(
        service?.deploy?.labels?.[`traefik.http.services.${name}.loadbalancer.server.port`] === port && service.environment.PORT === port,
        `${name}: port`,
      );
      demand(service?.deploy?.replicas === 2 && service.healthcheck !== undefined, `${name}: tasks`);
    }
  }),
  requirement('P-16/dev', 'Traefik alone publishes ports, 80 and 443, and reaches no data', (tree, demand) => {
    for (const [name, service] of Object.entries(services(tree)))
      demand(
        name === 'traefik'
          ? sameSet(
              service.ports.map((one: Json) => one.published),
              [80, 443],
            )
          : service.ports === undefined,
        `${name} publishes ${JSON.stringify(service.ports)}`,
      );
    const reached = networksOf(services(tree).traefik);
    for (const name of dataServices)
      demand(!networksOf(services(tree)[name]).some((one) => reached.includes(one)), `traefik reaches ${name}`);
    for (const name of ['frontend', 'backend'])
      demand(
        networksOf(services(tree)[name]).some((one) => reached.includes(one)),
        `traefik does not reach ${name}`,
      );
  }),
  requirement('P-17/dev', 'Redis keeps the sessions, with a password', (tree, demand) => {
    const { redis, backend } = services(tree);
    demand(redis?.image?.startsWith('redis:'), 'no redis');
    demand(backend?.environment?.REDIS_URL === 'redis://redis:6379', 'the backend looks elsewhere');
    demand(
      argumentsOf(redis).some((one) => one.includes('requirepass') && one.includes('/run/secrets/redis-password')),
      'no password',
    );
    demand(
      networksOf(redis).some((one) => networksOf(backend).includes(one)),
      'the backend does not reach redis',
    );
  }),
  requirement('P-18/dev', 'Ansible makes the machines a Swarm: managers and workers, the latter through the manager', (tree, demand) => {
    const { all } = yaml(tree, 'ansible/inventory/hosts.json');
    demand(sameSet(Object.keys(all?.children ?? {}), ['managers', 'workers']), 'groups');
    for (const host of Object.values<Json>(all?.children?.managers?.hosts ?? {}))
      demand(host.ansible_host.includes('SWARM_MANAGER_PUBLIC_IP'), 'manager');
    for (const host of Object.values<Json>(all?.children?.workers?.hosts ?? {}))
      demand(
        host.ansible_host === host.private_ip && /ProxyJump=promata@.*SWARM_MANAGER_PUBLIC_IP/.test(host.ansible_ssh_common_args ?? ''),
        `worker ${host.ansible_host}`,
      );
    const addresses = Object.values<Json>(all?.children ?? {}).flatMap((group) =>
      Object.values<Json>(group.hosts).map((host) => host.private_ip),
    );
    demand(
      sameSet(
        addresses,
        machines(tree).map(({ port }) => port.private_ip_address),
      ),
      `machines ${addresses.join()}`,
    );
    const plays: readonly Json[] = yaml(tree, 'ansible/playbooks/site.yml');
    demand(
      JSON.stringify(plays.map(({ hosts }) => hosts)) === '["all","managers","workers","managers"]' &&
        artifact(tree, 'ansible/playbooks/site.yml').includes('tasks_from: deploy'),
      'order of the plays',
    );
  }),
  requirement('P-19/dev', 'every service logs through Docker, into files that end', (tree, demand) => {
    for (const [name, service] of Object.entries(services(tree)))
      demand(
        service.logging?.driver === 'json-file' &&
          service.logging.options['max-size'] === '10m' &&
          service.logging.options['max-file'] === '3',
        `${name}: logs`,
      );
    demand(yaml(tree, 'ansible/roles/docker/files/daemon.json')['log-driver'] === 'json-file', 'daemon');
  }),
  requirement('P-27/dev', 'the secret of the sessions goes to the backend alone', (tree, demand) => {
    const holders = Object.entries(services(tree)).filter(([, service]) =>
      (service.secrets ?? []).some((one: Json) => one.source === 'jwt-secret'),
    );
    demand(holders.map(([name]) => name).join() === 'backend', `held by ${holders.map(([name]) => name).join()}`);
    demand(services(tree).backend?.environment?.JWT_SECRET_FILE === '/run/secrets/jwt-secret', 'not read');
  }),
  requirement('P-20/stacks', 'what the stacks mount is in the vault, and no password stands in them', (tree, demand) => {
    const held = new Set(tree.resources('azurerm_key_vault_secret', 'dev').map(({ attrs }) => attrs.name));
    for (const stack of stackNames) {
      const file = yaml(tree, `docker/stacks/${stack}.yml`);
      for (const [name, secret] of Object.entries<Json>(file.secrets ?? {}))
        demand(held.has(name) && secret.external === true, `${stack}: ${name}`);
      for (const [name, service] of Object.entries<Json>(file.services ?? {}))
        for (const [variable, value] of Object.entries(service.environment ?? {}))
          demand(!/PASSWORD|SECRET|TOKEN/.test(variable) || /_FILE$|__FILE$/.test(variable), `${name}: ${variable}=${String(value)}`);
    }
  }),
  requirement('P-21/dev', 'PostgreSQL takes nobody without TLS', (tree, demand) => {
    const access = artifact(tree, 'docker/configs/pg_hba.conf').split('\n');
    demand(
      access.every((line) => line === '' || /^(?:#|local|hostssl|hostnossl all all all reject$)/.test(line)),
      'somebody may come without',
    );
    demand(
      access.some((line) => line.startsWith('hostssl replication replication')),
      'the replica',
    );
    demand(/^ssl = on$/m.test(artifact(tree, 'docker/configs/postgresql.conf')), 'TLS is off');
  }),
  requirement(
    'P-32',
    'each arrow of the document has a network: visitors to services, backend to data, Prometheus to what it asks',
    (tree, demand) => {
      const all = services(tree);
      const meets = (a: string, b: string): boolean => networksOf(all[a]).some((one) => networksOf(all[b]).includes(one));
      for (const [from, to] of [
        ['traefik', 'frontend'],
        ['traefik', 'backend'],
        ['backend', 'pgbouncer'],
        ['pgbouncer', 'postgres-primary'],
        ['postgres-replica', 'postgres-primary'],
        ['backend', 'redis'],
        ['prometheus', 'backend'],
        ['prometheus', 'postgres-exporter'],
        ['postgres-exporter', 'postgres-primary'],
        ['prometheus', 'node-exporter'],
        ['grafana', 'prometheus'],
      ] as const)
        demand(meets(from, to), `${from} does not reach ${to}`);
      demand(
        !meets('backend', 'postgres-primary') && !meets('frontend', 'redis') && !meets('frontend', 'pgbouncer'),
        'an arrow that is not there',
      );
      const made = stackNames
        .flatMap((stack) => Object.values<Json>(yaml(tree, `docker/stacks/${stack}.yml`).networks ?? {}))
        .filter((one) => one.external !== true);
      demand(
        sameSet(
          made.map(({ name, driver }) => `${name} ${driver}`),
          ['promata_public overlay', 'promata_internal overlay', 'promata_database overlay'],
        ) && made.length === 3,
        'overlay networks',
      );
    },
  ),
];
