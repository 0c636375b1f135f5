import { execFileSync } from 'node:child_process';
import { accessSync, chownSync, constants, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { temporaryFolder } from './sandbox';

/** A Postgres of its own, empty, reached over a socket in its folder. */
export interface ScratchPostgres {
  /** Address for psql and pg_dump, of a database of the given name. */
  url(database: string): string;
  /** Runs SQL; gives the rows, columns parted by `|`, or throws what psql says. */
  sql(text: string, database?: string): readonly string[];
  /** Runs a file; throws what psql says. */
  file(name: string, database?: string): void;
  stop(): void;
}

/** Postgres refuses to run as root. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** Folder with initdb and pg_ctl; undefined where Postgres is not installed. */
export function postgresPrograms(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => path.join(debian, version, 'bin')), ...(process.env['PATH'] ?? '').split(path.delimiter)];
  const found = folders.find((folder) => ['initdb', 'pg_ctl', 'psql', 'pg_dump'].every((name) => isProgram(path.join(folder, name))));
  if (found === undefined && process.env['CI'] === 'true') throw new Error('Postgres is missing: run scripts/setup-ci.sh');
  return found;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts a Postgres without durability, which only a test may do. */
export function scratchPostgres(programs: string): ScratchPostgres {
  const home = temporaryFolder('terrace-pg-');
  if (nobody.uid !== undefined) chownSync(home, nobody.uid, nobody.gid);
  const data = path.join(home, 'data');
  const run = (program: string, args: readonly string[]): string =>
    execFileSync(path.join(programs, program), args, {
      ...nobody,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: programs, LC_ALL: 'C', TZ: 'UTC' },
    });
  run('initdb', ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--no-sync', '--encoding', 'UTF8', '--locale', 'C']);
  const options = `-k ${home} -h '' -F -c max_connections=10 -c shared_buffers=16MB`;
  execFileSync(
    path.join(programs, 'pg_ctl'),
    ['--pgdata', data, '--wait', '--log', path.join(home, 'log'), '--options', options, 'start'],
    {
      ...nobody,
      stdio: 'ignore',
    },
  );
  const url = (database: string): string => `postgresql:///${database}?host=${encodeURIComponent(home)}&user=postgres`;
  const psql = (database: string, args: readonly string[]): string =>
    run('psql', ['--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '--set', 'ON_ERROR_STOP=1', url(database), ...args]);
  return {
    url,
    sql: (text, database = 'postgres') =>
      psql(database, ['--command', text])
        .split('\n')
        .filter((line) => line !== ''),
    file: (name, database = 'postgres') => void psql(database, ['--file', name]),
    stop: () => void run('pg_ctl', ['--pgdata', data, '--mode', 'immediate', 'stop']),
  };
}
