import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { projectRoot } from '../../_helpers/project-root';
import { temporaryFolder } from '../../_helpers/sandbox';
import { runTool } from '../../_helpers/tools';
import { backupEnvironment } from './backup-stubs';
import { runbookCommands, runbookHeadings } from './runbook';

const environment = { '<environment>': 'staging' };
const account = { CLOUDFLARE_ACCOUNT_ID: 'account', CLOUDFLARE_API_TOKEN: 'the-token' };

/** Stands in for Cloudflare: keeps what is put, gives what was kept, each Worker's module below STORE. */
const curl = `#!/usr/bin/env node
const { copyFileSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const args = process.argv.slice(2);
const after = (flag) => args[args.indexOf(flag) + 1];
if (!readFileSync(0, 'utf8').includes('Bearer the-token')) process.exit(22);
const worker = /scripts\\/([\\w-]+)\\/content/.exec(args.at(-1))[1];
if (args.includes('PUT')) {
  const [file] = args.flatMap((arg) => /^worker\\.mjs=@(.*?);/.exec(arg)?.[1] ?? []);
  copyFileSync(file, path.join(process.env.STORE, worker));
  console.log('{"success":true}');
} else {
  writeFileSync(after('--dump-header'), 'HTTP/2 200\\r\\ncontent-type: application/javascript\\r\\n');
  copyFileSync(path.join(process.env.STORE, worker), after('--output'));
}
`;

const inBash = (commands: string, env: NodeJS.ProcessEnv, cwd: string) => runTool('bash', ['-c', commands], { env, cwd });

test('the runbook has commands for everything that can be lost', () => {
  expect(runbookHeadings).toEqual(['Database', 'Files', 'A bad release', 'Infrastructure', 'Secrets']);
});

test('files that are gone come back from the replica, and what is there stays as it is', () => {
  const rclone = `#!/usr/bin/env node
const { copyFileSync, existsSync, readdirSync } = require('node:fs');
const path = require('node:path');
const [verb, flag, from, to] = process.argv.slice(2);
if (verb !== 'copy' || flag !== '--ignore-existing') process.exit(2);
const folder = (remote) => path.join(process.env.STORE, remote.replace('r2:', ''));
for (const name of readdirSync(folder(from)))
  if (!existsSync(path.join(folder(to), name))) copyFileSync(path.join(folder(from), name), path.join(folder(to), name));
`;
  const env = backupEnvironment({}, { rclone });
  const [files, replica] = ['astraler-staging-files', 'astraler-staging-replica'].map((name) => path.join(env['STORE'] ?? '', name));
  for (const [folder = '', content] of [
    [replica, { 'a.png': 'old a', 'b.png': 'b' }],
    [files, { 'a.png': 'new a' }],
  ] as const) {
    mkdirSync(folder);
    for (const [name, text] of Object.entries(content)) writeFileSync(path.join(folder, name), text);
  }
  expect(inBash(runbookCommands('Files', environment), env, projectRoot).code).toBe(0);
  expect(readdirSync(files ?? '')).toEqual(['a.png', 'b.png']);
  expect(readFileSync(path.join(files ?? '', 'a.png'), 'utf8')).toBe('new a');
});

test('a bad release is replaced by the modules of the last good commit', () => {
  const pnpm = `#!/usr/bin/env bash
if [ "$1" = build ]; then mkdir -p dist; for worker in api auth webhooks; do cp source "dist/$worker.mjs"; done; fi
`;
  const env = backupEnvironment(account, { pnpm, curl });
  const repository = temporaryFolder('terrace-application-');
  const pipeline = path.join('stacks', 'astraler', 'pipeline');
  cpSync(path.join(projectRoot, pipeline), path.join(repository, pipeline), { recursive: true });
  const identity = {
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.org',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.org',
  };
  const git = (...args: readonly string[]): string => runTool('git', args, { cwd: repository, env: { ...env, ...identity } }).output.trim();
  git('init', '--quiet');
  const release = (text: string): string => {
    writeFileSync(path.join(repository, 'source'), text);
    git('add', '--all');
    git('commit', '--quiet', '--message', text);
    return git('rev-parse', 'HEAD');
  };
  const good = release('good');
  release('bad');
  const done = inBash(runbookCommands('A bad release', { ...environment, '<good commit>': good }), env, repository);
  expect([done.code, done.output.match(/^astraler-staging-\w+: [0-9a-f]{12}$/gm)]).toEqual([
    0,
    ['api', 'auth', 'webhooks'].map((worker) => expect.stringContaining(`astraler-staging-${worker}: `)),
  ]);
  for (const worker of ['api', 'auth', 'webhooks'])
    expect(readFileSync(path.join(env['STORE'] ?? '', `astraler-staging-${worker}`), 'utf8')).toBe('good');
  expect(done.output).not.toContain('the-token');
});

test('what runs in the Workers is what terraform is told before it applies their bindings', () => {
  const npx = `#!/usr/bin/env bash
printf '%s\\n' "$*" "$TF_VAR_api_bundle" "$TF_VAR_auth_bundle" "$TF_VAR_webhooks_bundle"
`;
  const env = backupEnvironment(account, { npx, curl });
  for (const worker of ['api', 'auth', 'webhooks'])
    writeFileSync(path.join(env['STORE'] ?? '', `astraler-staging-${worker}`), `${worker} runs`);
  const modules = path.join(temporaryFolder('terrace-modules-'), 'modules');
  const done = inBash(runbookCommands('Infrastructure', { ...environment, '/dev/shm/modules': modules }), env, projectRoot);
  const [asked, api = ''] = done.output.split('\n');
  expect([done.code, asked]).toEqual([0, '--no terrace deploy astraler/staging/global/edge/workers']);
  expect(JSON.parse(api)).toEqual({ path: path.join(modules, 'api.mjs'), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(['api', 'auth', 'webhooks'].map((worker) => readFileSync(path.join(modules, `${worker}.mjs`), 'utf8'))).toEqual([
    'api runs',
    'auth runs',
    'webhooks runs',
  ]);
});

test('the vault gives the names of the secrets to whoever holds the identity, and nothing to others', () => {
  const env = backupEnvironment({ VAULT_BUCKET: 'astraler-staging-backup-secrets', JWT_SECRET: 'jwt-value', SENTRY_DSN: 'dsn' });
  const vault = path.join(projectRoot, 'stacks', 'astraler', 'backup', 'backup-vault.sh');
  expect(runTool(vault, ['JWT_SECRET', 'SENTRY_DSN'], { env }).code).toBe(0);
  const read = (identity: string) => {
    const file = path.join(temporaryFolder('terrace-restorer-'), 'restorer.txt');
    writeFileSync(file, identity);
    const blanks = { ...environment, '<object>': 'staging-2026-01-07T021700Z.json.age', 'restorer.txt': file };
    return inBash(runbookCommands('Secrets', blanks), env, projectRoot);
  };
  const done = read('secret-restorer');
  expect([done.code, JSON.parse(done.output)]).toEqual([0, ['JWT_SECRET', 'SENTRY_DSN']]);
  expect(read('secret-somebody').code).not.toBe(0);
});

test('every script that the runbook names is there', () => {
  const text = readFileSync(path.join(projectRoot, 'docs', 'astraler', 'recovery.md'), 'utf8');
  const scripts = [...text.matchAll(/stacks\/[\w/-]+\.sh/g)].map(([script]) => script);
  expect(scripts.length).toBeGreaterThan(1);
  expect(scripts.filter((script) => !existsSync(path.join(projectRoot, script)))).toEqual([]);
});
