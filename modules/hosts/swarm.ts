import { createHash } from 'node:crypto';

/** How Docker Swarm runs a service. */
export interface Deployment {
  /** A number of tasks, or one on each machine. */
  readonly replicas: number | 'global';
  /** The most that each task may use: CPUs as in `0.50`, memory as in `512M`. */
  readonly limits: { readonly cpus: string; readonly memory: string };
  /** Where tasks may run, as in `node.role == manager`. @default anywhere */
  readonly constraints?: readonly string[];
  /** Labels of the service, which a proxy reads. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** What an update does first; a database must stop before its successor starts. @default 'start-first' */
  readonly order?: 'start-first' | 'stop-first';
}

/** The `deploy` section: failed tasks start again, an update that fails is taken back. */
export function deploySection({ replicas, limits, constraints, labels, order = 'start-first' }: Deployment) {
  return {
    ...(replicas === 'global' ? { mode: 'global' } : { mode: 'replicated', replicas }),
    ...(labels === undefined ? {} : { labels }),
    resources: { limits },
    restart_policy: { condition: 'any', delay: '5s', window: '60s' },
    // One task on each machine has nowhere to start beside itself.
    update_config: { parallelism: 1, delay: '10s', order: replicas === 'global' ? 'stop-first' : order, failure_action: 'rollback' },
    rollback_config: { parallelism: 1, order: 'stop-first' },
    ...(constraints === undefined ? {} : { placement: { constraints } }),
  };
}

/** A health check of a container. */
export function healthSection(test: readonly string[], options: { readonly startSeconds?: number } = {}) {
  return { test, interval: '30s', timeout: '5s', retries: 3, start_period: `${options.startSeconds ?? 30}s` };
}

/** The overlay network `name` of a stack: made by one stack, found by the others. */
export function overlay(name: string, own: boolean, internal = false) {
  return own ? { name, driver: 'overlay', ...(internal ? { internal: true } : {}) } : { name, external: true };
}

/**
 * A configuration file of a stack. Swarm never changes one: its name carries the content's digest, so that another content is another
 * one, and the services that mount it are updated.
 */
export function versionedConfig(name: string, file: string, content: string) {
  return { name: `${name}-${createHash('sha256').update(content).digest('hex').slice(0, 12)}`, file };
}

/** Variable that holds the version of a secret when a stack is deployed: `jwt-secret` → `JWT_SECRET_VERSION`. */
export function versionVariable(secret: string): string {
  return `${secret.replaceAll('-', '_').toUpperCase()}_VERSION`;
}

/** A secret of a stack, put into Swarm from outside under its name and version; a deployment without the version is refused. */
export function versionedSecret(secret: string) {
  return { name: `${secret}-\${${versionVariable(secret)}:?the version of the secret is not known}`, external: true };
}
