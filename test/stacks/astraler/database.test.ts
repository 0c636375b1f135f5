import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { parse } from 'yaml';

import { settings } from '../../../stacks/astraler/topology/settings';
import { inOrder } from '../../_helpers/in-order';
import { postgresPrograms, scratchPostgres, type ScratchPostgres } from '../../_helpers/postgres';
import { projectRoot } from '../../_helpers/project-root';
import { temporaryFolder } from '../../_helpers/sandbox';
import { runTool } from '../../_helpers/tools';
import { whereAvailable } from '../../_helpers/where-available';
import { backupEnvironment } from './backup-stubs';
import { runbookCommands } from './runbook';

const programs = postgresPrograms();
const stack = path.join(projectRoot, 'stacks', 'astraler');

if (programs === undefined)
  test('Postgres is not installed: what needs it is left out', () => {
    process.stderr.write('left out, since Postgres is missing (scripts/setup-ci.sh provides it): the audit log and the dump\n');
    expect(programs).toBeUndefined();
  });
else
  describe('in a scratch Postgres', () => {
    const step = inOrder();
    let postgres: ScratchPostgres;
    beforeAll(() => {
      postgres = scratchPostgres(programs);
      postgres.sql('create database application');
      postgres.file(path.join(stack, 'database', 'audit.sql'), 'application');
    }, 600_000);
    afterAll(() => postgres?.stop());

    const sql = (text: string): readonly string[] => postgres.sql(text, 'application');
    const event = (subject: string, days: number): string =>
      `insert into audit.events (happened_at, actor, action, subject) values (now() - interval '${days} days', 'ann', 'read', '${subject}')`;

    step('the audit log is made twice without harm', () => {
      expect(() => postgres.file(path.join(stack, 'database', 'audit.sql'), 'application')).not.toThrow();
    });

    step('an event of the last year can be neither changed nor deleted', () => {
      sql(event('fresh', 364));
      for (const change of [
        "update audit.events set actor = 'bob'",
        "delete from audit.events where subject = 'fresh'",
        'truncate audit.events',
      ])
        expect(() => sql(change)).toThrow('audit.events is written once');
      expect(sql("select actor from audit.events where subject = 'fresh'")).toEqual(['ann']);
    });

    step('the job forgets what is older than a year, and nothing else', () => {
      sql(event('old', 366));
      sql(event('older', 900));
      expect(sql('select audit.forget()')).toEqual(['2']);
      expect(sql('select subject from audit.events order by subject')).toEqual(['fresh']);
      expect(sql('select audit.forget()')).toEqual(['0']);
    });

    step('an event without an actor is refused', () => {
      expect(() => sql("insert into audit.events (actor, action, subject) values ('', 'read', 'x')")).toThrow('check constraint');
    });

    const dump = (more: Readonly<Record<string, string>> = {}) => {
      const env = backupEnvironment({
        DATABASE_URL: postgres.url('application'),
        SCRATCH_URL: postgres.url('scratch'),
        DUMP_BUCKET: 'dumps',
        ...more,
      });
      return { env, ...runTool(path.join(stack, 'backup', 'backup-database.sh'), [], { env }) };
    };

    step(
      'a dump is stored encrypted for the restorer, read back, restored and compared',
      () => {
        sql('create table if not exists public.orders (id int primary key); insert into public.orders select generate_series(1, 500)');
        postgres.sql('create database scratch');
        const { env, code, output } = dump();
        expect([code, output]).toEqual([
          0,
          expect.stringMatching(/^daily\/staging-2026-01-07T021700Z\.dump\.zst\.age: \d+ bytes, restored: audit\.events public\.orders$/m),
        ]);
        expect(postgres.sql('select count(*) from public.orders', 'scratch')).toEqual(['500']);
        const stored = readFileSync(path.join(env['STORE'] ?? '', 'dumps', 'daily', 'staging-2026-01-07T021700Z.dump.zst.age'));
        expect(stored.subarray(0, stored.indexOf(10)).toString()).toBe('public-restorer public-once');
        expect(stored.includes('orders')).toBe(false);
      },
      600_000,
    );

    step(
      'the commands of the runbook bring the database back from the stored dump',
      () => {
        const { env } = dump({ DUMP_BUCKET: 'astraler-staging-backup-database' });
        postgres.sql('create database recovered');
        postgres.sql('drop schema public cascade', 'recovered');
        const identity = path.join(temporaryFolder('terrace-restorer-'), 'restorer.txt');
        writeFileSync(identity, 'secret-restorer');
        const commands = runbookCommands('Database', {
          '<environment>': 'staging',
          '<object>': 'staging-2026-01-07T021700Z.dump.zst.age',
          'AWS_ACCESS_KEY_ID=…': 'AWS_ACCESS_KEY_ID=id',
          'AWS_SECRET_ACCESS_KEY=…': 'AWS_SECRET_ACCESS_KEY=key',
          'restorer.txt': identity,
        });
        const done = runTool('bash', ['-c', commands], { env: { ...env, DATABASE_URL: postgres.url('recovered') } });
        expect([done.code, done.output]).toEqual([0, expect.stringContaining('staging-2026-01-07T021700Z.dump.zst.age')]);
        expect(postgres.sql('select count(*) from public.orders', 'recovered')).toEqual(['500']);
        expect(postgres.sql("select count(*) from pg_tables where schemaname = 'audit'", 'recovered')).toEqual(['1']);
      },
      600_000,
    );

    step(
      'the dump of a Sunday is kept longer',
      () => {
        const { env, code } = dump({ BACKUP_TIME: '2026-01-04T021700Z' });
        expect(code).toBe(0);
        expect(readdirSync(path.join(env['STORE'] ?? '', 'dumps'))).toEqual(['weekly']);
      },
      600_000,
    );

    step(
      'a dump that comes back damaged fails the run',
      () => {
        expect(dump({ DAMAGE: '1' }).code).not.toBe(0);
      },
      600_000,
    );

    step(
      'a database that does not answer fails the run',
      () => {
        expect(dump({ DATABASE_URL: postgres.url('nowhere') }).code).not.toBe(0);
      },
      600_000,
    );
  });

describe('the backup of secrets', () => {
  const script = path.join(stack, 'backup', 'backup-vault.sh');

  test('is one object, encrypted, with every secret by its name, and prints none', () => {
    const env = backupEnvironment({ VAULT_BUCKET: 'vault', JWT_SECRET: 'jwt-value', SENTRY_DSN: 'dsn "value"' });
    expect(runTool(script, ['JWT_SECRET', 'SENTRY_DSN'], { env })).toEqual({
      code: 0,
      output: 'staging-2026-01-07T021700Z.json.age: 2 secrets\n',
    });
    const stored = readFileSync(path.join(env['STORE'] ?? '', 'vault', 'staging-2026-01-07T021700Z.json.age'));
    expect(stored.includes('jwt-value')).toBe(false);
    const plain = Buffer.from(stored.subarray(stored.indexOf(10) + 1).map((byte) => byte ^ 255)).toString();
    expect(JSON.parse(plain)).toEqual({ JWT_SECRET: 'jwt-value', SENTRY_DSN: 'dsn "value"' });
  });

  test('refuses to leave one out', () => {
    const env = backupEnvironment({ VAULT_BUCKET: 'vault', JWT_SECRET: 'jwt-value' });
    const { code, output } = runTool(script, ['JWT_SECRET', 'SENTRY_DSN'], { env });
    expect([code, output]).toEqual([1, 'not set: SENTRY_DSN; a backup without them would be none\n']);
    expect(existsSync(path.join(env['STORE'] ?? '', 'vault'))).toBe(false);
  });

  test('of the workflow names every secret of the application that is a variable, and gives it its value', () => {
    const file = path.join(projectRoot, '.github', 'workflows', 'astraler-backup-secrets.yml');
    const workflow = parse(readFileSync(file, 'utf8')) as {
      readonly jobs: Readonly<
        Record<string, { readonly steps: readonly { readonly run?: string; readonly env?: Readonly<Record<string, string>> }[] }>
      >;
    };
    const step = workflow.jobs['backup']?.steps.find(({ run }) => run?.includes('backup-vault.sh'));
    const names = settings.flatMap(({ name, secret, origin }) => (secret && origin.from === 'variable' ? [name] : []));
    expect(step?.run?.trim().split(/\s+/).slice(2)).toEqual(names);
    for (const name of names) expect([name, step?.env?.[name]]).toEqual([name, `\${{ secrets.${name} }}`]);
  });
});

whereAvailable('shellcheck', (shellcheck) => {
  test('the scripts are clean shell', () => {
    const scripts = ['backup/backup-database.sh', 'backup/backup-vault.sh', 'pipeline/deploy-workers.sh', 'pipeline/running-modules.sh'];
    expect(
      runTool(
        shellcheck,
        scripts.map((name) => path.join(stack, name)),
      ),
    ).toEqual({ code: 0, output: '' });
  });
});
