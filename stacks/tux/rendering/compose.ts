import type { ComposeFile, ComposeService } from '../../../modules/hosts/compose';
import { hostCalled, type AddressPlan, type Role } from '../topology/hosts';
import { collectors, exporters, traced, type CollectorName } from '../topology/monitoring';
import { containersOf, services, type ServiceName } from '../topology/services';

/** Where a container finds what it needs: addresses of other hosts, or names of containers beside it. */
export interface ServiceAddresses {
  readonly postgres: string;
  readonly redis: string;
  readonly monitoring: string;
}

/** Settings that every container has. Docker keeps logs in the journal, where Fluent Bit reads them. */
export const common = { restart: 'unless-stopped', logging: { driver: 'journald' }, security_opt: ['no-new-privileges:true'] } as const;

/** Folders on the hosts. */
export const folders = {
  configuration: '/opt/tux',
  secrets: '/opt/tux-secrets',
  files: '/srv/files',
  postgres: '/srv/postgres',
  redis: '/srv/redis',
} as const;

/** The Compose file of a role's hosts in one environment. */
export function composeOf(plan: AddressPlan, role: Role): ComposeFile {
  const addresses = {
    postgres: hostCalled(plan, 'db').address,
    redis: hostCalled(plan, 'redis').address,
    monitoring: hostCalled(plan, 'monitoring').address,
  };
  const stack =
    role === 'monitoring'
      ? monitoringStack()
      : Object.fromEntries(containersOf(role).map((name) => [name, productContainer(name, addresses)]));
  return {
    services: {
      ...stack,
      ...Object.fromEntries(
        exporters
          .filter(({ roles }) => roles.includes(role))
          .map((exporter) => [exporter.name, exporterContainer(role, exporter.name, exporter.image, exporter.port)]),
      ),
      ...agent(role),
    },
    ...(role === 'monitoring' ? { volumes: Object.fromEntries(Object.values(collectors).map(({ volume }) => [volume, {}])) } : {}),
  };
}

/** One of the product's containers; published ports keep their number, or the host's packet filter would judge another one. */
export function productContainer(name: ServiceName, addresses: ServiceAddresses): ComposeService {
  const { image, ports, published, needs } = services[name];
  if (image === undefined) throw new RangeError(`${name} is no container`);
  const beside = needs.filter((needed) => services[needed].image !== undefined && services[needed].role === services[name].role);
  return {
    image,
    ...common,
    ...(published ? { ports: ports.map((port) => `${port}:${port}`) } : {}),
    ...(beside.length === 0 ? {} : { depends_on: beside }),
    ...particulars(name, addresses),
  };
}

function particulars(name: ServiceName, addresses: ServiceAddresses): Readonly<Record<string, unknown>> {
  const { configuration, secrets, files, postgres, redis } = folders;
  switch (name) {
    case 'nginx':
      return { volumes: [`${configuration}/nginx/nginx.conf:/etc/nginx/nginx.conf:ro`, `${secrets}/nginx:/etc/nginx/tls:ro`] };
    case 'static':
      return {
        environment: { SERVER_ROOT: files, SERVER_PORT: String(services.static.ports[0]), SERVER_DIRECTORY_LISTING: 'false' },
        volumes: [`${files}:${files}:ro`],
        read_only: true,
        cap_drop: ['ALL'],
      };
    case 'postgres':
      return {
        env_file: [`${secrets}/postgres.env`],
        environment: { PGDATA: '/var/lib/postgresql/data/pgdata' },
        command: ['postgres', '-c', 'config_file=/etc/postgresql/postgresql.conf'],
        volumes: [
          `${postgres}:/var/lib/postgresql/data`,
          `${configuration}/postgres:/etc/postgresql:ro`,
          `${configuration}/postgres/init:/docker-entrypoint-initdb.d:ro`,
          `${secrets}/postgres-tls:/etc/postgresql-tls:ro`,
        ],
        shm_size: '256m',
      };
    case 'redis':
      return {
        command: ['redis-server', '/etc/redis/redis.conf'],
        volumes: [
          `${redis}:/data`,
          `${configuration}/redis/redis.conf:/etc/redis/redis.conf:ro`,
          `${secrets}/redis.acl:/etc/redis/users.acl:ro`,
        ],
      };
    case 'tux':
    case 'api':
    case 'auth':
      return {
        env_file: [`${secrets}/${name}.env`],
        environment: applicationEnvironment(name, addresses),
        read_only: true,
        tmpfs: ['/tmp'],
        cap_drop: ['ALL'],
      };
    default:
      throw new RangeError(`${name} is no container`);
  }
}

function applicationEnvironment(name: 'tux' | 'api' | 'auth', addresses: ServiceAddresses): Readonly<Record<string, string>> {
  const { needs, ports } = services[name];
  return {
    PORT: String(ports[0]),
    ...(needs.includes('postgres')
      ? { DATABASE_HOST: addresses.postgres, DATABASE_PORT: String(services.postgres.ports[0]), DATABASE_SSLMODE: 'require' }
      : {}),
    ...(needs.includes('redis') ? { REDIS_HOST: addresses.redis, REDIS_PORT: String(services.redis.ports[0]) } : {}),
    ...(needs.includes('auth') ? { AUTH_URL: `http://auth:${services.auth.ports[0]}` } : {}),
    ...(traced.includes(name)
      ? { OTEL_SERVICE_NAME: name, OTEL_EXPORTER_OTLP_ENDPOINT: `http://${addresses.monitoring}:${collectors.jaeger.receives[0]}` }
      : {}),
  };
}

function exporterContainer(role: Role, name: string, image: string, port: number): ComposeService {
  const published = { ports: [`${port}:${port}`] };
  switch (name) {
    case 'node-exporter':
      return {
        image,
        ...common,
        // Beside Prometheus it is asked over the containers' network: the host's packet filter admits nobody from there.
        ...(role === 'monitoring' ? {} : { network_mode: 'host' }),
        pid: 'host',
        command: ['--path.rootfs=/host', '--collector.textfile.directory=/host/var/lib/node-exporter'],
        volumes: ['/:/host:ro,rslave'],
      };
    case 'nginx-exporter':
      return { image, ...common, ...published, command: ['--nginx.scrape-uri=http://nginx:8082/stub_status'], depends_on: ['nginx'] };
    default:
      return { image, ...common, ...published, env_file: [`${folders.secrets}/${name}.env`] };
  }
}

/** Fluent Bit reads the journal and hands it to the one on the monitoring server. */
function agent(role: Role): Readonly<Record<string, ComposeService>> {
  if (role === 'monitoring') return {};
  const { image } = collectors['fluent-bit'];
  return {
    'fluent-bit': {
      image,
      ...common,
      command: ['-c', '/fluent-bit/etc/agent.yaml'],
      volumes: [
        `${folders.configuration}/fluent-bit:/fluent-bit/etc:ro`,
        '/var/log/journal:/var/log/journal:ro',
        '/etc/machine-id:/etc/machine-id:ro',
        '/var/lib/fluent-bit:/var/lib/fluent-bit',
      ],
    },
  };
}

function monitoringStack(): Readonly<Record<CollectorName, ComposeService>> {
  const { configuration, secrets } = folders;
  const base = (name: CollectorName): ComposeService => ({ image: collectors[name].image, ...common });
  const console = (name: CollectorName): { readonly ports: readonly string[] } => ({
    ports: [`127.0.0.1:${collectors[name].port}:${collectors[name].port}`],
  });
  const received = (name: CollectorName): readonly string[] => collectors[name].receives.map((port) => `${port}:${port}`);
  const elasticsearch = `http://elasticsearch:${collectors.elasticsearch.port}`;
  return {
    elasticsearch: {
      ...base('elasticsearch'),
      environment: { 'discovery.type': 'single-node', 'xpack.security.enabled': 'false', ES_JAVA_OPTS: '-Xms1g -Xmx1g' },
      volumes: ['elasticsearch:/usr/share/elasticsearch/data'],
    },
    'fluent-bit': {
      ...base('fluent-bit'),
      command: ['-c', '/fluent-bit/etc/aggregator.yaml'],
      ports: received('fluent-bit'),
      volumes: [
        `${configuration}/fluent-bit:/fluent-bit/etc:ro`,
        '/var/log/journal:/var/log/journal:ro',
        '/etc/machine-id:/etc/machine-id:ro',
        'fluent-bit:/var/lib/fluent-bit',
      ],
      depends_on: ['elasticsearch'],
    },
    kibana: {
      ...base('kibana'),
      ...console('kibana'),
      environment: { ELASTICSEARCH_HOSTS: elasticsearch },
      volumes: ['kibana:/usr/share/kibana/data'],
      depends_on: ['elasticsearch'],
    },
    prometheus: {
      ...base('prometheus'),
      ...console('prometheus'),
      command: [
        '--config.file=/etc/prometheus/prometheus.yml',
        '--storage.tsdb.path=/prometheus',
        '--storage.tsdb.retention.time=30d',
        '--storage.tsdb.retention.size=10GB',
      ],
      volumes: [`${configuration}/prometheus:/etc/prometheus:ro`, 'prometheus:/prometheus'],
      depends_on: ['alertmanager'],
    },
    grafana: {
      ...base('grafana'),
      ...console('grafana'),
      env_file: [`${secrets}/grafana.env`],
      volumes: [
        `${configuration}/grafana/datasources.yml:/etc/grafana/provisioning/datasources/datasources.yml:ro`,
        'grafana:/var/lib/grafana',
      ],
      depends_on: ['prometheus'],
    },
    alertmanager: {
      ...base('alertmanager'),
      ...console('alertmanager'),
      command: ['--config.file=/etc/alertmanager/alertmanager.yml', '--storage.path=/alertmanager'],
      volumes: [
        `${configuration}/alertmanager/alertmanager.yml:/etc/alertmanager/alertmanager.yml:ro`,
        `${secrets}/alertmanager:/etc/alertmanager/secrets:ro`,
        'alertmanager:/alertmanager',
      ],
    },
    jaeger: {
      ...base('jaeger'),
      ports: [...console('jaeger').ports, ...received('jaeger')],
      environment: {
        SPAN_STORAGE_TYPE: 'badger',
        BADGER_EPHEMERAL: 'false',
        BADGER_DIRECTORY_KEY: '/badger/key',
        BADGER_DIRECTORY_VALUE: '/badger/data',
        BADGER_SPAN_STORE_TTL: '168h',
      },
      user: 'root',
      volumes: ['jaeger:/badger'],
    },
  };
}
