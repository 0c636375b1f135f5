import { renderPgBouncer } from '../../../modules/hosts/pgbouncer';
import { postgresContainer } from '../../../envcommon/storage';
import { database } from '../topology/product';
import { swarmServices } from '../topology/services';
import type { DevValues } from '../values';

/** Where the containers find their files. */
export const databasePaths = {
  data: '/var/lib/postgresql/data',
  tls: '/etc/postgresql-tls',
  configuration: '/etc/postgresql/postgresql.conf',
  access: '/etc/postgresql/pg_hba.conf',
  roles: '/docker-entrypoint-initdb.d/10-roles.sh',
  follow: '/usr/local/bin/follow-primary.sh',
} as const;

/** PostgreSQL's settings, of primary and replica alike: TLS for everybody, SCRAM passwords, and what streaming replication needs. */
export function renderPostgresConfiguration(): string {
  const settings = [
    `data_directory = '${databasePaths.data}/pgdata'`,
    `hba_file = '${databasePaths.access}'`,
    "listen_addresses = '*'",
    `port = ${database.port}`,
    'ssl = on',
    `ssl_cert_file = '${databasePaths.tls}/server.crt'`,
    `ssl_key_file = '${databasePaths.tls}/server.key'`,
    "ssl_min_protocol_version = 'TLSv1.2'",
    "password_encryption = 'scram-sha-256'",
    'max_connections = 100',
    "shared_buffers = '256MB'",
    "wal_level = 'replica'",
    'max_wal_senders = 5',
    'max_replication_slots = 5',
    // A replica that is away for longer is made anew rather than filling the primary's disk.
    "max_slot_wal_keep_size = '4GB'",
    'hot_standby = on',
    "log_min_duration_statement = '1s'",
    "log_statement = 'ddl'",
  ];
  return `${settings.join('\n')}\n`;
}

/** Who may log in: over the network with TLS only, each role to what it is for. */
export function renderPostgresAccess(): string {
  const lines = [
    '# The socket is inside the container.',
    'local all all trust',
    `hostssl ${database.name} ${database.user} samenet scram-sha-256`,
    'hostssl replication replication samenet scram-sha-256',
    'hostssl postgres exporter samenet scram-sha-256',
    'hostnossl all all all reject',
  ];
  return `${lines.join('\n')}\n`;
}

/** What an empty database gets: the application's role and database, the replica's role and slot, the exporter's role. */
export function renderPostgresRoles(): string {
  return [
    '#!/bin/sh',
    '# Run by the image once, on an empty volume.',
    'set -eu',
    'secret() { cat "/run/secrets/postgres-$1"; }',
    'psql --username postgres --dbname postgres --set ON_ERROR_STOP=1 \\',
    '  --set application="$(secret password)" \\',
    '  --set replication="$(secret replication-password)" \\',
    '  --set exporter="$(secret exporter-password)" <<\'SQL\'',
    `CREATE ROLE ${database.user} LOGIN PASSWORD :'application';`,
    `CREATE DATABASE ${database.name} OWNER ${database.user};`,
    `REVOKE ALL ON DATABASE ${database.name} FROM PUBLIC;`,
    "CREATE ROLE replication LOGIN REPLICATION PASSWORD :'replication';",
    "SELECT pg_create_physical_replication_slot('replica');",
    "CREATE ROLE exporter LOGIN PASSWORD :'exporter' IN ROLE pg_monitor;",
    'SQL',
    '',
  ].join('\n');
}

/** The replica's start: on an empty volume it copies the primary and follows it; later it only goes on. */
export function renderFollowPrimary(): string {
  const data = `${databasePaths.data}/pgdata`;
  return [
    '#!/bin/sh',
    'set -eu',
    'umask 077',
    // libpq reads it on every connection, also after a restart.
    `printf 'postgres-primary:${database.port}:*:replication:%s\\n' "$(cat /run/secrets/postgres-replication-password)" > /tmp/.pgpass`,
    'export PGPASSFILE=/tmp/.pgpass',
    `if [ ! -s ${data}/PG_VERSION ]; then`,
    `  until pg_isready --quiet --host postgres-primary --port ${database.port}; do sleep 5; done`,
    `  rm -rf ${data}`,
    `  pg_basebackup --pgdata ${data} --write-recovery-conf --wal-method stream --slot replica --checkpoint fast \\`,
    `    --dbname 'host=postgres-primary port=${database.port} user=replication sslmode=require'`,
    'fi',
    `exec postgres -D ${data} -c config_file=${databasePaths.configuration}`,
    '',
  ].join('\n');
}

/** PgBouncer before the primary. */
export function renderPool(values: DevValues): string {
  return renderPgBouncer({
    database: database.name,
    server: { host: 'postgres-primary', port: database.port },
    port: swarmServices.pgbouncer.port,
    ...postgresContainer(values.database).pool,
    mode: 'session',
    userlist: '/run/secrets/pgbouncer-userlist',
  });
}
