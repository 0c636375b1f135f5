import { postgresMajor } from '../../../envcommon/storage';
import { cache, database, product, type ProductService, type SecretName } from './product';

/** A file of services that is deployed as one, in this order: each finds the networks of those before it. */
export const stacks = ['proxy', 'database', 'app', 'monitoring'] as const;
export type StackName = (typeof stacks)[number];

/** Overlay networks: what Traefik reaches, what the services reach among themselves, what only the pool reaches. */
export type NetworkName = 'public' | 'internal' | 'database';

/** The stack that makes each network. */
export const networks: Readonly<Record<NetworkName, StackName>> = { public: 'proxy', internal: 'database', database: 'database' };

export type SwarmServiceName =
  | 'traefik'
  | ProductService
  | 'redis'
  | 'pgbouncer'
  | 'postgres-primary'
  | 'postgres-replica'
  | 'prometheus'
  | 'grafana'
  | 'node-exporter'
  | 'postgres-exporter';

/** A service of development's Swarm: what it is, where it runs, what it needs. */
export interface SwarmServiceFacts {
  readonly title: string;
  readonly stack: StackName;
  readonly networks: readonly NetworkName[];
  /** The port that others ask. */
  readonly port: number;
  /** Services that it opens connections to. */
  readonly needs: readonly SwarmServiceName[];
  readonly secrets: readonly SecretName[];
  /** Absent for the product's own, whose images carry a release. */
  readonly image?: string;
}

const postgres = `postgres:${postgresMajor}.6-alpine`;

/** Everything that depends on who talks to whom in development is made from this: stacks, networks, Prometheus, pictures. */
export const swarmServices: Readonly<Record<SwarmServiceName, SwarmServiceFacts>> = {
  traefik: {
    title: 'Traefik',
    stack: 'proxy',
    image: 'traefik:v3.6.23',
    networks: ['public'],
    port: 443,
    needs: ['frontend', 'backend', 'grafana'],
    secrets: [],
  },
  frontend: { title: product.frontend.title, stack: 'app', networks: ['public'], port: product.frontend.port, needs: [], secrets: [] },
  backend: {
    title: product.backend.title,
    stack: 'app',
    networks: ['public', 'internal'],
    port: product.backend.port,
    needs: ['pgbouncer', 'redis'],
    secrets: ['jwt-secret', 'postgres-password', 'redis-password'],
  },
  redis: {
    title: 'Redis, sessions',
    stack: 'database',
    image: 'redis:7.4.6-alpine',
    networks: ['internal'],
    port: cache.port,
    needs: [],
    secrets: ['redis-password'],
  },
  pgbouncer: {
    title: 'PgBouncer',
    stack: 'database',
    image: 'edoburu/pgbouncer:v1.24.1-p1',
    networks: ['internal', 'database'],
    port: 6432,
    needs: ['postgres-primary'],
    secrets: ['pgbouncer-userlist'],
  },
  'postgres-primary': {
    title: 'PostgreSQL, primary',
    stack: 'database',
    image: postgres,
    networks: ['database'],
    port: database.port,
    needs: [],
    secrets: ['postgres-password', 'postgres-admin-password', 'postgres-replication-password', 'postgres-exporter-password'],
  },
  'postgres-replica': {
    title: 'PostgreSQL, streaming replica',
    stack: 'database',
    image: postgres,
    networks: ['database'],
    port: database.port,
    needs: ['postgres-primary'],
    secrets: ['postgres-replication-password'],
  },
  prometheus: {
    title: 'Prometheus',
    stack: 'monitoring',
    image: 'prom/prometheus:v3.7.2',
    networks: ['public', 'internal'],
    port: 9090,
    needs: ['backend', 'postgres-exporter', 'node-exporter', 'traefik'],
    secrets: [],
  },
  grafana: {
    title: 'Grafana',
    stack: 'monitoring',
    image: 'grafana/grafana:12.2.1',
    networks: ['public', 'internal'],
    port: 3000,
    needs: ['prometheus'],
    secrets: ['grafana-password'],
  },
  'node-exporter': {
    title: 'Metrics of each machine',
    stack: 'monitoring',
    image: 'prom/node-exporter:v1.10.2',
    networks: ['internal'],
    port: 9100,
    needs: [],
    secrets: [],
  },
  'postgres-exporter': {
    title: 'Metrics of PostgreSQL',
    stack: 'monitoring',
    image: 'prometheuscommunity/postgres-exporter:v0.18.1',
    networks: ['internal', 'database'],
    port: 9187,
    needs: ['postgres-primary'],
    secrets: ['postgres-exporter-password'],
  },
};

export const swarmServiceNames = Object.keys(swarmServices) as readonly SwarmServiceName[];

/** The services of a stack, in the order of the table. */
export function servicesOf(stack: StackName): readonly SwarmServiceName[] {
  return swarmServiceNames.filter((name) => swarmServices[name].stack === stack);
}

/** Secrets that services mount, each once, sorted. */
export function mountedSecrets(): readonly SecretName[] {
  return [...new Set(swarmServiceNames.flatMap((name) => swarmServices[name].secrets))].sort();
}

/** Name of an overlay network on the Swarm. */
export function networkName(name: NetworkName): string {
  return `promata_${name}`;
}
