import { versionedConfig } from '../../../modules/hosts/swarm';
import type { DevValues } from '../values';
import {
  databasePaths,
  renderFollowPrimary,
  renderPool,
  renderPostgresAccess,
  renderPostgresConfiguration,
  renderPostgresRoles,
} from './database-files';
import { prometheusOf, renderGrafanaSources, renderRules } from './monitoring-files';

/** A configuration file that services mount. */
export interface ConfigFile {
  /** Below `docker/configs/`. */
  readonly file: string;
  readonly target: string;
  /** Rendered when it is first asked for, and then kept: an artifact, and each stack that mounts it, ask. */
  readonly content: () => string;
  /** Whether it is run. */
  readonly executable?: boolean;
}

export type ConfigName =
  | 'postgres-configuration'
  | 'postgres-access'
  | 'postgres-roles'
  | 'follow-primary'
  | 'pgbouncer'
  | 'prometheus'
  | 'prometheus-rules'
  | 'grafana-sources';

export type ConfigFiles = Readonly<Record<ConfigName, ConfigFile>>;

/** Every configuration file of development. */
export function configFiles(values: DevValues): ConfigFiles {
  return {
    'postgres-configuration': {
      file: 'postgresql.conf',
      target: databasePaths.configuration,
      content: once(() => renderPostgresConfiguration()),
    },
    'postgres-access': { file: 'pg_hba.conf', target: databasePaths.access, content: once(() => renderPostgresAccess()) },
    'postgres-roles': { file: '10-roles.sh', target: databasePaths.roles, content: once(() => renderPostgresRoles()), executable: true },
    'follow-primary': {
      file: 'follow-primary.sh',
      target: databasePaths.follow,
      content: once(() => renderFollowPrimary()),
      executable: true,
    },
    pgbouncer: { file: 'pgbouncer.ini', target: '/etc/pgbouncer/pgbouncer.ini', content: once(() => renderPool(values)) },
    prometheus: { file: 'prometheus.yml', target: '/etc/prometheus/prometheus.yml', content: once(() => prometheusOf(values)) },
    'prometheus-rules': { file: 'rules.yml', target: '/etc/prometheus/rules.yml', content: once(() => renderRules(values)) },
    'grafana-sources': {
      file: 'grafana-sources.yml',
      target: '/etc/grafana/provisioning/datasources/sources.yml',
      content: once(() => renderGrafanaSources()),
    },
  };
}

function once(render: () => string): () => string {
  let kept: string | undefined;
  return () => (kept ??= render());
}

/** How a service mounts one. */
export function mountedConfig(name: ConfigName, { target, executable }: ConfigFile) {
  return { source: name, target, mode: executable === true ? 0o555 : 0o444 };
}

/** How a stack brings one. */
export function stackConfig(name: ConfigName, { file, content }: ConfigFile) {
  return versionedConfig(`promata-${name}`, `../configs/${file}`, content());
}
