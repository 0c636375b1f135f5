import { stringify } from 'yaml';

import { hostsOf, isStandby, roles, type AddressPlan } from '../topology/hosts';
import { backupJobs, archive, retention } from '../topology/backup';
import { serviceNames, services } from '../topology/services';

const clients = (of: 'postgres' | 'redis'): readonly string[] => serviceNames.filter((name) => services[name].needs.includes(of));

/** PostgreSQL's settings: TLS for everybody who comes over the network, and what a standby needs. */
export function renderPostgresConfiguration(): string {
  const settings = [
    "data_directory = '/var/lib/postgresql/data/pgdata'",
    "hba_file = '/etc/postgresql/pg_hba.conf'",
    "listen_addresses = '*'",
    'port = 5432',
    'ssl = on',
    "ssl_cert_file = '/etc/postgresql-tls/server.crt'",
    "ssl_key_file = '/etc/postgresql-tls/server.private'",
    "ssl_min_protocol_version = 'TLSv1.2'",
    "password_encryption = 'scram-sha-256'",
    'max_connections = 200',
    "shared_buffers = '1GB'",
    "wal_level = 'replica'",
    'max_wal_senders = 10',
    "wal_keep_size = '1GB'",
    'hot_standby = on',
    'log_connections = on',
    "log_min_duration_statement = '500ms'",
  ];
  return `${settings.join('\n')}\n`;
}

/** Who may log in to PostgreSQL from where: one role for each service that needs it, from the web servers, over TLS. */
export function renderPostgresAccess(plan: AddressPlan): string {
  const web = hostsOf(plan, 'web').map(({ address }) => `${address}/32`);
  const standbys = hostsOf(plan, 'db')
    .filter(isStandby)
    .map(({ address }) => `${address}/32`);
  const lines = [
    '# The socket is inside the container.',
    'local all postgres trust',
    ...clients('postgres').flatMap((name) => web.map((address) => `hostssl tux ${name} ${address} scram-sha-256`)),
    ...standbys.map((address) => `hostssl replication replication ${address} scram-sha-256`),
    'hostssl tux exporter samenet scram-sha-256',
  ];
  return `${lines.join('\n')}\n`;
}

/** What a new database gets: a role and a schema for each service, which no other may touch. */
export function renderPostgresRoles(): string {
  const names = clients('postgres');
  return [
    '#!/bin/sh',
    '# Run by the image once, on an empty volume; the passwords are in its environment.',
    'psql --username postgres --dbname postgres --set ON_ERROR_STOP=1 \\',
    ...[...names, 'exporter', 'replication'].map((name) => `  --set ${name}="$${name.toUpperCase()}_PASSWORD" \\`),
    "  <<'SQL'",
    ...names.map((name) => `CREATE ROLE ${name} LOGIN PASSWORD :'${name}';`),
    "CREATE ROLE exporter LOGIN PASSWORD :'exporter' IN ROLE pg_monitor;",
    "CREATE ROLE replication LOGIN REPLICATION PASSWORD :'replication';",
    'CREATE DATABASE tux;',
    'REVOKE ALL ON DATABASE tux FROM PUBLIC;',
    `GRANT CONNECT ON DATABASE tux TO ${[...names, 'exporter'].join(', ')};`,
    '\\connect tux',
    'REVOKE ALL ON SCHEMA public FROM PUBLIC;',
    ...names.map((name) => `CREATE SCHEMA ${name} AUTHORIZATION ${name};`),
    'SQL',
    '',
  ].join('\n');
}

/** Redis: a cache that survives a restart, for named users only. */
export function renderRedisConfiguration(): string {
  const settings = [
    'bind 0.0.0.0',
    'port 6379',
    'protected-mode yes',
    'aclfile /etc/redis/users.acl',
    'dir /data',
    'appendonly yes',
    'appendfsync everysec',
    'maxmemory 1gb',
    'maxmemory-policy allkeys-lru',
  ];
  return `${settings.join('\n')}\n`;
}

/** Variables of the role that backs up: what each role's hosts do when, and how long snapshots are kept. */
export function renderBackupVariables(): string {
  const runs = Object.fromEntries(
    roles.map((role) => [
      role,
      [
        ...backupJobs.filter((job) => job.roles.includes(role)).map(({ source, schedule, paths }) => ({ source, schedule, paths })),
        { source: 'archive', schedule: archive.schedule, paths: [] },
      ],
    ]),
  );
  return `---\n${stringify({ tux_postgres_image: services.postgres.image, tux_backup_retention: retention, tux_backup_runs: runs }, { lineWidth: 0, aliasDuplicateObjects: false, version: '1.1' })}`;
}
