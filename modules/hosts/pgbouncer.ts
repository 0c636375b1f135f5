export interface PgBouncerProps {
  readonly database: string;
  readonly server: { readonly host: string; readonly port: number };
  readonly port: number;
  /** A server connection is a client's for a `session`, a `transaction` or a `statement`. */
  readonly mode: 'session' | 'transaction' | 'statement';
  /** Connections to the server for each user and database. */
  readonly size: number;
  /** Clients that may be connected at once. */
  readonly clients: number;
  /** Path of the users and their passwords. */
  readonly userlist: string;
}

/** PgBouncer's settings: it logs in by SCRAM, and speaks TLS with the server. */
export function renderPgBouncer(props: PgBouncerProps): string {
  const settings = [
    '[databases]',
    `${props.database} = host=${props.server.host} port=${props.server.port} dbname=${props.database}`,
    '',
    '[pgbouncer]',
    'listen_addr = 0.0.0.0',
    `listen_port = ${props.port}`,
    'unix_socket_dir =',
    'auth_type = scram-sha-256',
    `auth_file = ${props.userlist}`,
    `pool_mode = ${props.mode}`,
    `default_pool_size = ${props.size}`,
    `max_client_conn = ${props.clients}`,
    'server_tls_sslmode = require',
    'server_check_query = select 1',
    // node-postgres and JDBC send it in every connection; a pool cannot keep it per client.
    'ignore_startup_parameters = extra_float_digits',
    'log_connections = 0',
    'log_disconnections = 0',
  ];
  return `${settings.join('\n')}\n`;
}
