import { existsSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { faultyProxy, s3Fault, type FaultyProxy, type ProxyRequest } from '../../_helpers/faulty-proxy';
import { inOrder } from '../../_helpers/in-order';
import { run, scratchProject, succeeded, words, type Outcome, type ScratchProject } from '../../_helpers/scratch-project';
import { makeStateBackend, testAccount } from '../../_helpers/state-backend';

const inTurn = inOrder();

/** One after the other, each with a proxy that only passes on. */
function test(name: string, body: () => Promise<void>, limit: number): void {
  inTurn(
    name,
    async () => {
      proxy.heal();
      await body();
    },
    limit,
  );
}

/** What is left when terraform is killed or its state cannot be written, and how Terrace puts it right. */
const kms = 'olechka/dev/eu-central-1/security/kms';
let project: ScratchProject;
let env: NodeJS.ProcessEnv;
let proxy: FaultyProxy;

beforeAll(async () => {
  project = scratchProject();
  succeeded(await project.terrace(['synth', kms]));
  env = await project.sandbox(testAccount);
  await makeStateBackend(env);
  proxy = await faultyProxy(env['HTTP_PROXY'] ?? '');
  succeeded(await terraform(['init']));
}, 600_000);

afterAll(async () => {
  await proxy.close();
  await project.dispose();
});

function terraform(args: readonly string[], over: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return run('terraform', [...args, '-input=false', '-no-color'], { cwd: project.unit(kms), env: { ...env, ...over } });
}

interface Listed {
  readonly unit: string;
  readonly id: string;
  readonly who: string;
  readonly operation: string;
}

async function locks(): Promise<readonly Listed[]> {
  const { locks: listed }: { locks: readonly Listed[] } = JSON.parse(
    succeeded(await project.terrace(['lock', 'list', '--json'], env)).stdout,
  );
  return listed;
}

async function resources(): Promise<number> {
  const pulled = await project.terrace(['state', 'pull', kms], env);
  if (pulled.stderr.includes('E4510')) return 0;
  const state: { resources: readonly { mode: string }[] } = JSON.parse(succeeded(pulled).stdout);
  return state.resources.filter(({ mode }) => mode === 'managed').length;
}

/** Runs terraform and kills it without mercy when a request of its comes by, which then arrives or is lost. */
async function killAt(hit: (request: ProxyRequest) => boolean, fate: 'arrives' | 'is lost', args: readonly string[]): Promise<void> {
  let kill: () => void = () => undefined;
  proxy.fail((request) => {
    if (!hit(request)) return undefined;
    kill();
    return fate === 'is lost' ? { kind: 'reset' } : { kind: 'lost answer' };
  });
  const killed = await run('terraform', [...args, '-input=false', '-no-color'], {
    cwd: project.unit(kms),
    env: { ...env, ...proxy.variables },
    started: (child) => (kill = () => child.kill('SIGKILL')),
  });
  expect(killed.code).toBe(-1);
  proxy.heal();
}

const isStateRead = ({ service, method, path: url }: ProxyRequest): boolean =>
  service === 's3' && (method === 'HEAD' || method === 'GET') && url.includes('terraform.tfstate');
const isStatePut = ({ service, method, path: url }: ProxyRequest): boolean =>
  service === 's3' && method === 'PUT' && url.includes('terraform.tfstate');
const isUnlock = ({ operation, body }: ProxyRequest): boolean => operation === 'DeleteItem' && !body.includes('-md5');

test('killed before anything is done: the lock stays and is listed, release frees it, the state is the old one', async () => {
  await killAt(isStateRead, 'is lost', ['apply', '-auto-approve']);
  const [lock, ...others] = await locks();
  expect([lock?.unit, lock?.operation, others]).toEqual([kms, 'apply', []]);
  const refused = await terraform(['apply', '-auto-approve']);
  expect([refused.code, words(refused)]).toEqual([1, expect.stringContaining(`ID: ${lock?.id ?? ''}`)]);
  expect(await resources()).toBe(0);
  const release = (...args: readonly string[]): Promise<Outcome> => project.terrace(['lock', 'release', kms, ...args], env);
  expect(await release('--id', 'another')).toMatchObject({ code: 3, stderr: expect.stringContaining('E4404') });
  expect(await release('--id', lock?.id ?? '', '--yes')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('E4405 lock too young'),
  });
  expect(await release('--id', lock?.id ?? '', '--force')).toMatchObject({ code: 64, stderr: expect.stringContaining('E0015') });
  expect(await locks()).toHaveLength(1);
  expect(await release('--id', lock?.id ?? '', '--yes', '--min-age', '0s')).toMatchObject({ code: 0 });
  expect(await locks()).toEqual([]);
  succeeded(await terraform(['apply', '-auto-approve']));
  expect((await terraform(['plan', '-detailed-exitcode'])).code).toBe(0);
  expect(await project.terrace(['state', 'verify', kms], env)).toMatchObject({ code: 0 });
}, 600_000);

test('killed between its state and the release: the state equals what was done', async () => {
  succeeded(await terraform(['destroy', '-auto-approve']));
  await killAt(isUnlock, 'is lost', ['apply', '-auto-approve']);
  const [lock] = await locks();
  expect(lock?.unit).toBe(kms);
  succeeded(await project.terrace(['lock', 'release', kms, '--id', lock?.id ?? '', '--yes', '--force'], env));
  expect(await resources()).toBeGreaterThan(0);
  expect((await terraform(['plan', '-detailed-exitcode'])).code).toBe(0);
  expect(await project.terrace(['state', 'verify', kms], env)).toMatchObject({ code: 0 });
}, 600_000);

test('killed between the state and its digest: verify says so, terraform refuses, recording the digest puts it right', async () => {
  succeeded(await terraform(['destroy', '-auto-approve']));
  await killAt(isStatePut, 'arrives', ['apply', '-auto-approve']);
  const [lock] = await locks();
  succeeded(await project.terrace(['lock', 'release', kms, '--id', lock?.id ?? '', '--yes', '--force'], env));
  expect(await project.terrace(['state', 'verify', kms], env)).toMatchObject({
    code: 3,
    stdout: expect.stringContaining('E4509 digest mismatch'),
  });
  expect(await project.terrace(['state', 'pull', kms], env)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('E4509 digest mismatch'),
  });
  succeeded(await project.terrace(['state', 'digest', kms], env));
  expect(await project.terrace(['state', 'verify', kms], env)).toMatchObject({ code: 0 });
  expect((await terraform(['plan', '-detailed-exitcode'])).code).toBe(0);
}, 600_000);

test('a state that could not be written is in errored.tfstate; recover pushes it, and nothing is left to change', async () => {
  succeeded(await terraform(['destroy', '-auto-approve']));
  proxy.fail(({ service, method, path: url }) =>
    service === 's3' && method === 'PUT' && url.includes('terraform.tfstate') ? s3Fault(403, 'AccessDenied') : undefined,
  );
  const failed = await terraform(['apply', '-auto-approve'], proxy.variables);
  proxy.heal();
  expect([failed.code, words(failed)]).toEqual([1, expect.stringContaining('Failed to persist state to backend')]);
  expect(existsSync(path.join(project.unit(kms), 'errored.tfstate'))).toBe(true);
  expect(await resources()).toBe(0);
  succeeded(await project.terrace(['synth', kms]));
  const recovered = succeeded(await project.terrace(['state', 'recover', kms, '--json'], env));
  expect(JSON.parse(recovered.stdout)).toMatchObject({ version: 1, unit: kms, outcome: 'written' });
  expect((await terraform(['plan', '-detailed-exitcode'])).code).toBe(0);
  expect(await project.terrace(['state', 'recover', kms], env)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('already stored'),
  });
  expect(await project.terrace(['state', 'verify'], env)).toMatchObject({ code: 0 });
}, 600_000);

test('an earlier version that is restored is what terraform then plans against', async () => {
  const { versions }: { versions: readonly { versionId: string; instances?: number; latest: boolean }[] } = JSON.parse(
    succeeded(await project.terrace(['state', 'history', kms, '--json'], env)).stdout,
  );
  const empty = versions.find(({ instances, latest }) => instances === 0 && !latest);
  succeeded(await project.terrace(['state', 'restore', kms, '--version', empty?.versionId ?? ''], env));
  expect((await terraform(['plan', '-detailed-exitcode'])).code).toBe(2);
  const full = versions.find(({ latest }) => latest);
  succeeded(await project.terrace(['state', 'restore', kms, '--version', full?.versionId ?? ''], env));
  expect((await terraform(['plan', '-detailed-exitcode'])).code).toBe(0);
}, 600_000);

test('a state moves to a path that the source does not know and back, and terraform follows', async () => {
  const elsewhere = 'olechka/dev/eu-central-1/security/former-kms';
  const before = await resources();
  expect(before).toBeGreaterThan(0);
  expect(succeeded(await project.terrace(['state', 'move', kms, elsewhere], env)).stdout).toContain(`is now ${elsewhere}`);
  expect(await resources()).toBe(0);
  expect((await terraform(['plan', '-detailed-exitcode'])).code).toBe(2);
  expect(succeeded(await project.terrace(['state', 'history', elsewhere], env)).stdout).toContain('current');
  succeeded(await project.terrace(['state', 'move', elsewhere, kms], env));
  expect(succeeded(await project.terrace(['state', 'move', elsewhere, kms], env)).stdout).toContain('already');
  expect((await terraform(['plan', '-detailed-exitcode'])).code).toBe(0);
}, 600_000);
