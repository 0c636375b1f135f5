import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';

import { renderDuckdnsSettings } from '../../../stacks/pro-mata/rendering/duckdns-settings';
import { usualValues } from '../../../stacks/pro-mata/system';
import { temporaryFolder } from '../../_helpers/sandbox';
import { projectRoot } from '../../_helpers/project-root';
import { artifact, proMataTree } from './tree';

interface Done {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let folder: string;
let server: Server;
let address: string;
/** What was asked of the stub, and what it answers by path. */
const asked: string[] = [];
const answers = new Map<string, { readonly status: number; readonly body: string }>();

const own = path.join(projectRoot, 'stacks/pro-mata');
const duckdns = path.join(own, 'scripts/duckdns-update.sh');
const script = (name: string): string => path.join(own, 'ansible/roles/swarm/files', name);

beforeAll(async () => {
  folder = temporaryFolder('terrace-scripts-');
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`.trim());
    const { status, body } = answers.get((request.url ?? '').split('?')[0] ?? '') ?? { status: 404, body: '' };
    request.resume().on('end', () => response.writeHead(status).end(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tree = await proMataTree(usualValues, ['pro-mata/dev']);
  for (const name of ['health-check.sh', 'duckdns-update.sh', 'duckdns.env'])
    writeFileSync(path.join(folder, name), artifact(tree, `scripts/${name}`));
});
beforeEach(() => {
  answers.clear();
  rmSync(path.join(folder, 'bin'), { recursive: true, force: true });
  mkdirSync(path.join(folder, 'bin'));
});
afterAll(async () => {
  await new Promise((closed) => server.close(closed));
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a script beside the stub; nothing of the shell's own settings goes with it. */
function run(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Done> {
  asked.length = 0;
  return new Promise((done, failed) => {
    const child = spawn('bash', [file, ...args], {
      env: { PATH: `${path.join(folder, 'bin')}${path.delimiter}${process.env['PATH'] ?? ''}`, NO_PROXY: '*', ...env },
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (text: Buffer) => (out += text.toString()));
    child.stderr.on('data', (text: Buffer) => (err += text.toString()));
    child.on('error', failed).on('close', (code) => done({ code, out, err }));
  });
}

/** Puts a program of a test's own before those of the machine. */
function program(name: string, lines: readonly string[]): void {
  const file = path.join(folder, 'bin', name);
  writeFileSync(file, ['#!/usr/bin/env bash', ...lines, ''].join('\n'));
  chmodSync(file, 0o755);
}

function vaultHoldsToken(): void {
  program('az', [
    '[ "$*" = "keyvault secret show --vault-name kv --name duckdns-token --query value --output tsv" ] && echo from-the-vault',
  ]);
}

test('the name is pointed to the address, and DuckDNS is asked once', async () => {
  answers.set('/update', { status: 200, body: 'OK' });
  const done = await run(duckdns, ['promata-dev', '203.0.113.10'], { DUCKDNS_TOKEN: 'the-token', DUCKDNS_URL: address });
  expect(done).toEqual({ code: 0, out: 'promata-dev.duckdns.org is 203.0.113.10\n', err: '' });
  expect(asked).toEqual(['GET /update?domains=promata-dev&token=the-token&ip=203.0.113.10']);
});

test('a wrong token ends with 3, and is not shown', async () => {
  answers.set('/update', { status: 200, body: 'KO' });
  const done = await run(duckdns, ['promata-dev', '203.0.113.10'], { DUCKDNS_TOKEN: 'the-token', DUCKDNS_URL: address });
  expect([done.code, done.out]).toEqual([3, '']);
  expect(done.err).toContain('refused to point promata-dev to 203.0.113.10');
  expect(done.err).not.toContain('the-token');
});

test('without a network it ends with 4', async () => {
  const done = await run(duckdns, ['promata-dev', '203.0.113.10'], {
    DUCKDNS_TOKEN: 'the-token',
    DUCKDNS_URL: 'http://127.0.0.1:1',
    DUCKDNS_RETRIES: '0',
  });
  expect([done.code, done.err]).toEqual([4, 'DuckDNS was not reached; promata-dev still has its old address\n']);
});

test('the token comes from the vault where it is not given; without one, or with a wrong address, it ends with 2', async () => {
  answers.set('/update', { status: 200, body: 'OK' });
  vaultHoldsToken();
  const done = await run(duckdns, ['promata-dev', '203.0.113.10'], { KEY_VAULT_NAME: 'kv', DUCKDNS_URL: address });
  expect([done.code, asked[0]]).toEqual([0, 'GET /update?domains=promata-dev&token=from-the-vault&ip=203.0.113.10']);
  expect((await run(duckdns, ['promata-dev', '203.0.113.10'])).code).toBe(2);
  expect((await run(duckdns, ['promata-dev', ''], { DUCKDNS_TOKEN: 'x' })).code).toBe(2);
});

test('without arguments the name goes where duckdns.env says, and nowhere before it is filled', async () => {
  vaultHoldsToken();
  const beside = path.join(folder, 'duckdns-update.sh');
  const before = await run(beside, [], { DUCKDNS_TOKEN: 'the-token', DUCKDNS_URL: address });
  expect([before.code, before.err, asked]).toEqual([2, expect.stringContaining('duckdns.env holds no address'), []]);
  writeFileSync(
    path.join(folder, 'duckdns.env'),
    renderDuckdnsSettings({ subdomain: 'promata-dev', address: '203.0.113.10', vaultName: 'kv' }),
  );
  answers.set('/update', { status: 200, body: 'OK' });
  expect(await run(beside, [], { DUCKDNS_URL: address })).toMatchObject({ code: 0, out: 'promata-dev.duckdns.org is 203.0.113.10\n' });
  expect(asked).toEqual(['GET /update?domains=promata-dev&token=from-the-vault&ip=203.0.113.10']);
});

test('the health check says what answers and what does not', async () => {
  const check = path.join(folder, 'health-check.sh');
  for (const name of ['/health', '/api/health', '/grafana/api/health']) answers.set(name, { status: 200, body: '' });
  expect(await run(check, [address], { HEALTH_SECONDS: '0' })).toEqual({
    code: 0,
    out: ['/health', '/api/health', '/grafana/api/health'].map((name) => `${address}${name}: 200\n`).join(''),
    err: '',
  });
  answers.set('/api/health', { status: 503, body: '' });
  const done = await run(check, [address], { HEALTH_SECONDS: '0' });
  expect([done.code, done.err]).toEqual([1, `${address}/api/health: 503\n`]);
});

test('secrets go from the vault into Swarm once for each version, and their versions into a file', async () => {
  const file = path.join(folder, 'versions');
  const log = path.join(folder, 'docker.log');
  answers.set('/metadata/identity/oauth2/token', { status: 200, body: '{"access_token":"machine"}' });
  const version = '0123456789abcdef0123456789abcdef';
  answers.set('/secrets/jwt-secret', {
    status: 200,
    body: JSON.stringify({ id: `https://kv/secrets/jwt-secret/${version}`, value: 'hidden' }),
  });
  program('docker', [
    `echo "$*" >>${log}`,
    'case "$2" in inspect) [ -e "$KNOWN" ] ;; create) [ "$(cat)" = hidden ] && : >"$KNOWN" ;; esac',
  ]);
  const env = { IMDS_URL: address, KEY_VAULT_URL: address, KNOWN: path.join(folder, 'known') };
  const first = await run(script('promata-secrets'), ['kv', file, 'jwt-secret'], env);
  expect(first).toEqual({ code: 0, out: 'created jwt-secret-0123456789ab\n', err: '' });
  expect(asked[1]).toBe('GET /secrets/jwt-secret?api-version=7.4 Bearer machine');
  expect(readFileSync(file, 'utf8')).toBe('JWT_SECRET_VERSION=0123456789ab\n');
  expect((await run(script('promata-secrets'), ['kv', file, 'jwt-secret'], env)).out).toBe('');
  expect(readFileSync(log, 'utf8')).not.toContain('hidden');
  const missing = await run(script('promata-secrets'), ['kv', file, 'gone'], env);
  expect([missing.code === 0, readFileSync(file, 'utf8')]).toEqual([false, 'JWT_SECRET_VERSION=0123456789ab\n']);
});

test('a deployment waits for every task, and fails where they do not come or an update was taken back', async () => {
  const versions = path.join(folder, 'versions.env');
  writeFileSync(versions, 'JWT_SECRET_VERSION=1\n');
  program('docker', [
    'case "$1 $2" in',
    '  "stack deploy") [ "$JWT_SECRET_VERSION" = 1 ] && echo "Creating service x" ;;',
    '  "stack services") case "$*" in *--quiet*) echo id ;; *) echo "x_a $REPLICAS" ;; esac ;;',
    '  "service inspect") echo "$STATE" ;;',
    'esac',
  ]);
  const deploy = (replicas: string, state: string): Promise<Done> =>
    run(script('promata-deploy'), ['promata-app', 'app.yml', versions], {
      REPLICAS: replicas,
      STATE: state,
      DEPLOY_SECONDS: '0',
      DEPLOY_PAUSE: '0',
    });
  expect(await deploy('2/2', 'completed')).toEqual({ code: 0, out: 'Creating service x\n', err: '' });
  expect(await deploy('1/2', '')).toMatchObject({ code: 1, err: 'not running after 0 seconds:\nx_a 1/2\n' });
  expect(await deploy('2/2', 'rollback_completed')).toMatchObject({ code: 1, err: 'id: the update was taken back (rollback_completed)\n' });
});

test('a dump is uploaded when it is whole, by the identity of the machine', async () => {
  program('docker', [
    'case "$1" in',
    '  ps) [ -z "$NONE" ] && echo container || true ;;',
    '  exec) case "$*" in *pg_dump*) echo dump ;; *pg_restore*) [ "$(cat)" = dump ] && [ -z "$BROKEN" ] ;; esac ;;',
    'esac',
  ]);
  answers.set('/metadata/identity/oauth2/token', { status: 200, body: '{"access_token":"machine"}' });
  const backup = (env: Readonly<Record<string, string>>): Promise<Done> =>
    run(script('promata-backup'), [`${address}/backups`], { IMDS_URL: address, BACKUP_FOLDER: folder, NONE: '', BROKEN: '', ...env });
  const original = answers.get.bind(answers);
  answers.get = (key) => (key.startsWith('/backups/promata-') ? { status: 201, body: '' } : original(key));
  const done = await backup({});
  expect(done.out).toMatch(/^uploaded promata-\d{8}T\d{6}Z\.dump\n$/);
  expect([done.code, asked[1]]).toEqual([0, expect.stringMatching(/^PUT \/backups\/promata-\S+\.dump Bearer machine$/)]);
  expect([(await backup({ BROKEN: '1' })).code === 0, asked]).toEqual([false, []]);
  expect((await backup({ NONE: '1' })).err).toBe('no task of postgres-primary runs here\n');
});
