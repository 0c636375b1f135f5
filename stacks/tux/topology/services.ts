import type { Role } from './hosts';

export type Tier = 'frontend' | 'application' | 'data' | 'external';

export type ServiceName = 'nginx' | 'static' | 'tux' | 'api' | 'auth' | 'postgres' | 'redis' | 'files' | 'discord' | 'github';

/** A part of the product, what it needs and where it runs. */
export interface Service {
  readonly title: string;
  readonly tier: Tier;
  /** Absent for what others run. */
  readonly role?: Role;
  /** Absent for what is no container: the file share is the kernel's own NFS server. */
  readonly image?: string;
  /** Ports it listens on. */
  readonly ports: readonly number[];
  /** True when other hosts reach it; else only containers beside it do. */
  readonly published: boolean;
  readonly needs: readonly ServiceName[];
}

/** The product's own images carry the release that Ansible (or .env) names. */
const release = '${TUX_VERSION:-latest}';

/** The product's services. Everything that depends on who talks to whom is made from this: Compose, Vagrant, roles, firewalls, diagrams. */
export const services: Readonly<Record<ServiceName, Service>> = {
  nginx: {
    title: 'Nginx Reverse Proxy',
    tier: 'frontend',
    role: 'web',
    image: 'nginx:1.29.3-alpine',
    ports: [80, 443],
    published: true,
    needs: ['tux', 'api', 'static'],
  },
  static: {
    title: 'Static File Server',
    tier: 'frontend',
    role: 'web',
    image: 'joseluisq/static-web-server:2.38.0',
    ports: [8081],
    published: false,
    needs: ['files'],
  },
  tux: {
    title: 'Tux Bot Service',
    tier: 'application',
    role: 'web',
    image: `ghcr.io/allthingslinux/tux:${release}`,
    ports: [8080],
    published: false,
    needs: ['auth', 'postgres', 'redis', 'discord'],
  },
  api: {
    title: 'API Service',
    tier: 'application',
    role: 'web',
    image: `ghcr.io/allthingslinux/tux-api:${release}`,
    ports: [8000],
    published: false,
    needs: ['auth', 'postgres', 'redis', 'github'],
  },
  auth: {
    title: 'Authentication Service',
    tier: 'application',
    role: 'web',
    image: `ghcr.io/allthingslinux/tux-auth:${release}`,
    ports: [9000],
    published: false,
    needs: ['postgres'],
  },
  postgres: { title: 'PostgreSQL', tier: 'data', role: 'db', image: 'postgres:17.6-alpine', ports: [5432], published: true, needs: [] },
  redis: { title: 'Redis Cache', tier: 'data', role: 'redis', image: 'redis:7.4.6-alpine', ports: [6379], published: true, needs: [] },
  files: { title: 'File Storage', tier: 'data', role: 'db', ports: [2049], published: true, needs: [] },
  discord: { title: 'Discord API', tier: 'external', ports: [443], published: true, needs: [] },
  github: { title: 'GitHub API', tier: 'external', ports: [443], published: true, needs: [] },
};

export const serviceNames = Object.keys(services) as readonly ServiceName[];

/** The containers of a role, in the order in which they start. */
export function containersOf(role: Role): readonly ServiceName[] {
  return serviceNames.filter((name) => services[name].role === role && services[name].image !== undefined);
}
