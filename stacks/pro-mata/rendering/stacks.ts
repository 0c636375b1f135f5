import { swarmService } from '../../../envcommon/compute';
import { hostWatch } from '../../../envcommon/monitoring';
import { literal, type ComposeFile, type ComposeService } from '../../../modules/hosts/compose';
import { deploySection, healthSection, overlay, versionedSecret, type Deployment } from '../../../modules/hosts/swarm';
import { traefikArguments, traefikLabels } from '../../../modules/hosts/traefik';
import { database, product, type ProductService } from '../topology/product';
import {
  networkName,
  networks,
  servicesOf,
  swarmServices,
  type NetworkName,
  type StackName,
  type SwarmServiceName,
} from '../topology/services';
import type { DevValues } from '../values';
import { mountedConfig, stackConfig, type ConfigFiles, type ConfigName } from './configs';
import { databasePaths } from './database-files';
import { grafanaPrefix } from './monitoring-files';

/** Registry of the product's images. */
const registry = 'ghcr.io/ages-pro-mata';

/** Where the machines keep what outlives containers. */
export const hostFolders = { postgres: '/opt/promata/data/postgres', tls: '/srv/postgres-tls' } as const;

const onManager = ['node.role == manager'];

/** What is particular to a service; the rest follows from the table. */
interface Particulars {
  readonly deploy: Deployment;
  readonly health?: { readonly test: readonly string[]; readonly startSeconds?: number };
  readonly configs?: readonly ConfigName[];
  readonly options?: Readonly<Record<string, unknown>>;
  /** Names of volumes of the stack that it mounts. */
  readonly volumes?: readonly string[];
}

/** One of development's stacks; `files` are those of the same values. */
export function stackOf(name: StackName, values: DevValues, files: ConfigFiles): ComposeFile {
  const members = servicesOf(name).map((member) => ({ member, own: particularsOf(member, values) }));
  const particulars = members.map(({ own }) => own);
  const configs = [...new Set(particulars.flatMap(({ configs: used }) => used ?? []))];
  const secrets = [...new Set(members.flatMap(({ member }) => swarmServices[member].secrets))];
  const volumes = particulars.flatMap(({ volumes: used }) => used ?? []);
  const joined = [...new Set(members.flatMap(({ member }) => swarmServices[member].networks))];
  return {
    services: Object.fromEntries(members.map(({ member, own }) => [member, containerOf(member, own, values, files)])),
    networks: Object.fromEntries(joined.map((network) => [network, networkOf(network, name)])),
    ...(volumes.length === 0 ? {} : { volumes: Object.fromEntries(volumes.map((volume) => [volume, {}])) }),
    ...(secrets.length === 0 ? {} : { secrets: Object.fromEntries(secrets.map((secret) => [secret, versionedSecret(secret)])) }),
    ...(configs.length === 0 ? {} : { configs: Object.fromEntries(configs.map((config) => [config, stackConfig(config, files[config])])) }),
  };
}

function networkOf(network: NetworkName, stack: StackName) {
  return overlay(networkName(network), networks[network] === stack, network === 'database');
}

function containerOf(
  name: SwarmServiceName,
  { deploy, health, configs, options }: Particulars,
  values: DevValues,
  files: ConfigFiles,
): ComposeService {
  const { image, networks: joined, secrets } = swarmServices[name];
  return {
    image: image ?? `${registry}/${product[name as ProductService].image}:${values.images[name as ProductService]}`,
    networks: joined,
    ...(secrets.length === 0 ? {} : { secrets: secrets.map((secret) => ({ source: secret, target: secret })) }),
    ...(configs === undefined ? {} : { configs: configs.map((config) => mountedConfig(config, files[config])) }),
    ...options,
    ...(health === undefined ? {} : { healthcheck: healthSection(health.test, health) }),
    logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
    deploy: deploySection(deploy),
  };
}

function particularsOf(name: SwarmServiceName, values: DevValues): Particulars {
  switch (name) {
    case 'traefik':
      return traefik();
    case 'frontend':
    case 'backend':
      return ownService(name, values);
    case 'redis':
      return {
        deploy: { replicas: 1, limits: { cpus: '0.25', memory: '256M' }, order: 'stop-first' },
        health: { test: ['CMD-SHELL', literal('REDISCLI_AUTH="$(cat /run/secrets/redis-password)" redis-cli ping | grep -q PONG')] },
        volumes: ['redis'],
        options: {
          // Its entrypoint changes to this user only for redis-server itself.
          user: 'redis',
          // The password stands in a file that the process alone reads, not in its arguments.
          command: [
            'sh',
            '-c',
            literal(
              'umask 077; printf "requirepass %s\\n" "$(cat /run/secrets/redis-password)" > /tmp/redis.conf; exec redis-server /tmp/redis.conf --appendonly yes --maxmemory 192mb --maxmemory-policy volatile-ttl',
            ),
          ],
          volumes: ['redis:/data'],
        },
      };
    case 'pgbouncer':
      return {
        deploy: { replicas: 2, limits: { cpus: '0.25', memory: '128M' } },
        health: { test: ['CMD', 'pg_isready', '--host', '127.0.0.1', '--port', String(swarmServices.pgbouncer.port)] },
        configs: ['pgbouncer'],
        options: { entrypoint: ['pgbouncer', '/etc/pgbouncer/pgbouncer.ini'] },
      };
    case 'postgres-primary':
    case 'postgres-replica':
      return postgres(name);
    case 'prometheus':
    case 'grafana':
    case 'node-exporter':
    case 'postgres-exporter':
      return watching(name, values);
  }
}

/** Ports are published at the host, not through Swarm's mesh, which would hide the visitors' addresses. */
function traefik(): Particulars {
  return {
    deploy: { replicas: 1, limits: { cpus: '0.50', memory: '256M' }, constraints: onManager, order: 'stop-first' },
    health: { test: ['CMD', 'traefik', 'healthcheck', '--ping', '--ping.entrypoint=metrics', '--entrypoints.metrics.address=:8082'] },
    volumes: ['certificates'],
    options: {
      command: traefikArguments({
        network: networkName('public'),
        email: "${ACME_EMAIL:?the address that Let's Encrypt writes to}",
        storage: '/certificates/acme.json',
      }),
      ports: [80, 443].map((port) => ({ target: port, published: port, protocol: 'tcp', mode: 'host' })),
      volumes: ['certificates:/certificates', '/var/run/docker.sock:/var/run/docker.sock:ro'],
    },
  };
}

function ownService(name: ProductService, values: DevValues): Particulars {
  const { port, healthPath, pathPrefix } = product[name];
  const { replicas, limits } = swarmService(values.containers[name]);
  return {
    deploy: {
      replicas,
      limits,
      labels: traefikLabels({
        service: name,
        host: values.domain,
        port,
        healthPath,
        ...(pathPrefix === undefined ? {} : { prefix: pathPrefix }),
      }),
    },
    health: { test: ['CMD', 'wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${port}${healthPath}`], startSeconds: 60 },
    options: { environment: { PORT: String(port), ...(name === 'backend' ? backendEnvironment() : {}), ...values.settings[name] } },
  };
}

/** Where the backend finds what it needs; passwords are files. */
function backendEnvironment(): Readonly<Record<string, string>> {
  const { pgbouncer, redis } = swarmServices;
  return {
    DATABASE_URL: `postgresql://${database.user}@pgbouncer:${pgbouncer.port}/${database.name}`,
    DATABASE_PASSWORD_FILE: '/run/secrets/postgres-password',
    REDIS_URL: `redis://redis:${redis.port}`,
    REDIS_PASSWORD_FILE: '/run/secrets/redis-password',
    JWT_SECRET_FILE: '/run/secrets/jwt-secret',
  };
}

function postgres(name: 'postgres-primary' | 'postgres-replica'): Particulars {
  const primary = name === 'postgres-primary';
  return {
    deploy: {
      replicas: 1,
      limits: { cpus: '1.00', memory: primary ? '1024M' : '768M' },
      constraints: [`node.labels.database.${primary ? 'primary' : 'replica'} == true`],
      order: 'stop-first',
    },
    health: { test: ['CMD', 'pg_isready', '--username', 'postgres'], startSeconds: 120 },
    configs: ['postgres-configuration', 'postgres-access', primary ? 'postgres-roles' : 'follow-primary'],
    options: {
      ...(primary
        ? { environment: { PGDATA: `${databasePaths.data}/pgdata`, POSTGRES_PASSWORD_FILE: '/run/secrets/postgres-admin-password' } }
        : { user: 'postgres', entrypoint: [databasePaths.follow] }),
      ...(primary ? { command: ['postgres', '-c', `config_file=${databasePaths.configuration}`] } : {}),
      volumes: [`${hostFolders.postgres}:${databasePaths.data}`, `${hostFolders.tls}:${databasePaths.tls}:ro`],
    },
  };
}

function watching(name: 'prometheus' | 'grafana' | 'node-exporter' | 'postgres-exporter', values: DevValues): Particulars {
  const { port } = swarmServices[name];
  switch (name) {
    case 'prometheus':
      return {
        deploy: { replicas: 1, limits: { cpus: '0.50', memory: '512M' }, constraints: onManager, order: 'stop-first' },
        health: { test: ['CMD', 'wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${port}/-/healthy`] },
        configs: ['prometheus', 'prometheus-rules'],
        volumes: ['prometheus'],
        options: {
          command: [
            '--config.file=/etc/prometheus/prometheus.yml',
            '--storage.tsdb.path=/prometheus',
            `--storage.tsdb.retention.time=${hostWatch(values.watch).retentionDays}d`,
          ],
          volumes: ['prometheus:/prometheus'],
        },
      };
    case 'grafana':
      return {
        deploy: {
          replicas: 1,
          limits: { cpus: '0.25', memory: '256M' },
          constraints: onManager,
          order: 'stop-first',
          labels: traefikLabels({
            service: name,
            host: values.domain,
            prefix: grafanaPrefix,
            port,
            healthPath: `${grafanaPrefix}/api/health`,
          }),
        },
        health: { test: ['CMD', 'wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${port}${grafanaPrefix}/api/health`] },
        configs: ['grafana-sources'],
        volumes: ['grafana'],
        options: {
          environment: {
            GF_SERVER_ROOT_URL: `https://${values.domain}${grafanaPrefix}/`,
            GF_SERVER_SERVE_FROM_SUB_PATH: 'true',
            GF_SECURITY_ADMIN_PASSWORD__FILE: '/run/secrets/grafana-password',
            GF_USERS_ALLOW_SIGN_UP: 'false',
            GF_ANALYTICS_REPORTING_ENABLED: 'false',
          },
          volumes: ['grafana:/var/lib/grafana'],
        },
      };
    case 'node-exporter':
      return {
        deploy: { replicas: 'global', limits: { cpus: '0.10', memory: '64M' } },
        options: { command: ['--path.rootfs=/host'], volumes: ['/:/host:ro,rslave'] },
      };
    case 'postgres-exporter':
      return {
        deploy: { replicas: 1, limits: { cpus: '0.10', memory: '64M' } },
        options: {
          environment: {
            DATA_SOURCE_URI: `postgres-primary:${database.port}/postgres?sslmode=require`,
            DATA_SOURCE_USER: 'exporter',
            DATA_SOURCE_PASS_FILE: '/run/secrets/postgres-exporter-password',
          },
        },
      };
  }
}
