import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { temporaryFolder } from '../../_helpers/sandbox';
import { runTool, tool } from '../../_helpers/tools';
import { projectRoot } from '../../_helpers/project-root';

const script = path.join(projectRoot, 'stacks', 'tux', 'ansible', 'roles', 'tux', 'files', 'scripts', 'tux-backup');

let folder: string;
beforeEach(() => {
  folder = temporaryFolder('terrace-backup-');
  mkdirSync(path.join(folder, 'bin'));
  // restic and docker that write down what they are asked; a repository exists once it was made.
  stub(
    'restic',
    'case "$*" in *"cat config"*) [ -e "$STUBS/made-$(echo "$2" | tr -c "a-z0-9\\n" _)" ] ;; *" init "*) touch "$STUBS/made-$(echo "$2" | tr -c "a-z0-9\\n" _)" ;; *"$FAIL_AT"*) exit 1 ;; esac',
  );
  stub('docker', 'echo "dump of $*"');
  writeFileSync(
    path.join(folder, 'backup.conf'),
    [
      'export RESTIC_PASSWORD=secret',
      'local_repository=/local',
      'remote_repository=s3:remote/a',
      'archive_repository=s3:archive/a',
      'host=a',
      'sources=(database user-data)',
      'paths_database=(/dumps)',
      "paths_user_data=(/srv/files '/srv/more files')",
      'keep=(--keep-daily 7 --keep-yearly 1)',
      '',
    ].join('\n'),
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function stub(name: string, body: string): void {
  const file = path.join(folder, 'bin', name);
  writeFileSync(file, `#!/bin/bash\necho "${name} $*" >>"$STUBS/calls"\n${body}\n`);
  chmodSync(file, 0o755);
}

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): { readonly code: number; readonly output: string } {
  return runTool('bash', [script, ...args], {
    env: {
      ...process.env,
      // bash complains of a locale that is not installed.
      LC_ALL: 'C',
      PATH: `${path.join(folder, 'bin')}:${process.env['PATH']}`,
      STUBS: folder,
      FAIL_AT: 'never',
      TUX_BACKUP_CONFIGURATION: path.join(folder, 'backup.conf'),
      TUX_BACKUP_METRICS: path.join(folder, 'metrics'),
      TUX_BACKUP_DUMPS: path.join(folder, 'dumps'),
      ...env,
    },
  });
}

const calls = (): readonly string[] =>
  existsSync(path.join(folder, 'calls')) ? readFileSync(path.join(folder, 'calls'), 'utf8').trim().split('\n') : [];
const metric = (source: string): string => path.join(folder, 'metrics', `tux-backup-${source}.prom`);

test('a run compresses, encrypts, keeps here, copies elsewhere, forgets and checks, in this order', () => {
  expect(run(['user-data'])).toEqual({ code: 0, output: '' });
  expect(calls()).toEqual([
    'restic --repo /local cat config',
    'restic --repo /local init --repository-version 2',
    'restic --repo /local backup --compression max --host a --tag user-data /srv/files /srv/more files',
    'restic --repo s3:remote/a cat config',
    'restic --repo s3:remote/a init --repository-version 2 --from-repo /local --copy-chunker-params',
    'restic --repo s3:remote/a copy --from-repo /local --host a --tag user-data',
    'restic --repo /local forget --prune --host a --tag user-data --group-by host,tags --keep-daily 7 --keep-yearly 1',
    'restic --repo /local check --read-data-subset=5%',
    'restic --repo s3:remote/a forget --prune --host a --tag user-data --group-by host,tags --keep-daily 7 --keep-yearly 1',
    'restic --repo s3:remote/a check --read-data-subset=5%',
  ]);
  expect(readFileSync(metric('user-data'), 'utf8')).toMatch(/^tux_backup_last_success_seconds\{source="user-data"\} \d+$/m);
});

test('a second run makes no repository', () => {
  run(['user-data']);
  rmSync(path.join(folder, 'calls'));
  expect(run(['user-data']).code).toBe(0);
  expect(calls().filter((call) => call.includes(' init '))).toEqual([]);
});

test('the database is dumped before it is backed up, and an empty dump is no backup', () => {
  expect(run(['database']).code).toBe(0);
  expect(calls().slice(0, 2)).toEqual([
    expect.stringContaining('pg_dump --username=postgres --format=custom'),
    expect.stringContaining('pg_dumpall'),
  ]);
  expect(readFileSync(path.join(folder, 'dumps', 'tux.dump'), 'utf8')).toContain('pg_dump');
  rmSync(path.join(folder, 'calls'));
  stub('docker', 'true');
  expect(run(['database'])).toEqual({ code: 1, output: 'tux-backup: the dump is empty\n' });
  expect(calls().some((call) => call.startsWith('restic'))).toBe(false);
  expect(readFileSync(path.join(folder, 'dumps', 'tux.dump'), 'utf8')).toContain('pg_dump');
});

test.each(['backup --compression', 'copy --from-repo', 'forget --prune', 'check --read-data-subset'])(
  'a run that fails at "%s" ends there and does not count as a success',
  (step) => {
    expect(run(['user-data'], { FAIL_AT: step }).code).not.toBe(0);
    expect(calls().at(-1)).toContain(step);
    expect(existsSync(metric('user-data'))).toBe(false);
  },
);

test('the archive gets the newest snapshot of each source of the host', () => {
  expect(run(['archive']).code).toBe(0);
  expect(calls().filter((call) => call.includes(' copy '))).toEqual(
    ['database', 'user-data'].map((source) => `restic --repo s3:archive/a copy --from-repo /local --host a --tag ${source} latest`),
  );
});

test('a restore is verified by restic, from here or from elsewhere', () => {
  expect(run(['restore', 'user-data', 'remote', 'latest', path.join(folder, 'restored')]).code).toBe(0);
  expect(calls()).toEqual([
    `restic --repo s3:remote/a restore latest --host a --tag user-data --target ${path.join(folder, 'restored')} --verify`,
  ]);
  expect(run(['restore', 'user-data', 'elsewhere', 'latest', folder])).toEqual({
    code: 1,
    output: "tux-backup: restore from 'elsewhere': expected local or remote\n",
  });
});

test.each([
  [[], "unknown source ''"],
  [['everything'], "unknown source 'everything'"],
  [['secrets'], "nothing to back up for 'secrets' on this host"],
  [['database', 'now'], 'usage: tux-backup database'],
  [['restore', 'database'], 'usage: tux-backup restore'],
] as const)('%j is refused', (args, words) => {
  const done = run(args);
  expect(done.code).toBe(1);
  expect(done.output).toContain(words);
});

test('a missing configuration is named', () => {
  expect(run(['user-data'], { TUX_BACKUP_CONFIGURATION: '/nowhere/backup.conf' })).toEqual({
    code: 1,
    output: 'tux-backup: /nowhere/backup.conf cannot be read\n',
  });
});

test('shellcheck finds nothing', () => {
  const shellcheck = tool('shellcheck');
  if (shellcheck === undefined) return;
  expect(runTool(shellcheck, [script])).toEqual({ code: 0, output: '' });
});
