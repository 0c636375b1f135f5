import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../../_helpers/in-order';
import { faultyProxy, type FaultyProxy } from '../../_helpers/faulty-proxy';
import { temporaryFolder } from '../../_helpers/sandbox';
import { run, scratchProject, succeeded, words, type Outcome, type ScratchProject } from '../../_helpers/scratch-project';
import { makeStateBackend, testAccount } from '../../_helpers/state-backend';

const test = inOrder();

/** The way from `lock: dynamodb` over `both` to `s3` and back, with trees of different age in use at the same time. */
const kms = 'olechka/dev/eu-central-1/security/kms';
const kinds = ['dynamodb', 'both', 's3'] as const;
type Kind = (typeof kinds)[number];
const trees = temporaryFolder('terrace-trees-');
let project: ScratchProject;
let env: NodeJS.ProcessEnv;
let proxy: FaultyProxy;

const folderOf = (kind: Kind): string => path.join(trees, kind);

beforeAll(async () => {
  project = scratchProject();
  for (const kind of kinds) {
    project.edit('stacks/olechka/root.ts', /lock: '\w+',?/, `lock: '${kind}',`);
    succeeded(await project.terrace(['synth', kms]));
    cpSync(project.unit(kms), folderOf(kind), { recursive: true });
  }
  env = await project.sandbox(testAccount);
  await makeStateBackend(env);
  proxy = await faultyProxy(env['HTTP_PROXY'] ?? '');
  for (const kind of kinds) succeeded(await terraform(kind, ['init']));
}, 600_000);

afterAll(async () => {
  await proxy.close();
  await project.dispose();
  rmSync(trees, { recursive: true, force: true });
});

function terraform(kind: Kind, args: readonly string[], over: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return run('terraform', [...args, '-input=false', '-no-color'], { cwd: folderOf(kind), env: { ...env, ...over } });
}

/** Exit code and words of an apply with one setting while an apply with another one is about to write its state. */
async function during(holder: Kind, other: Kind): Promise<Outcome> {
  let release: () => void = () => undefined;
  let reached: () => void = () => undefined;
  const until = new Promise<void>((done) => (release = done));
  const reading = new Promise<void>((done) => (reached = done));
  proxy.fail(({ service, method, path: url, count }) => {
    if (service !== 's3' || method === 'PUT' || method === 'DELETE' || !url.endsWith('terraform.tfstate') || count > 0) return undefined;
    reached();
    return { kind: 'held', until };
  });
  const held = terraform(holder, ['apply', '-auto-approve'], proxy.variables);
  try {
    await Promise.race([reading, held.then(({ output }) => Promise.reject(new Error(`did not read its state\n${output}`)))]);
    return await terraform(other, ['apply', '-auto-approve']);
  } finally {
    release();
    succeeded(await held);
    proxy.heal();
  }
}

test('the state stays where it is: after an apply with one setting the others see no change', async () => {
  succeeded(await terraform('dynamodb', ['apply', '-auto-approve']));
  expect((await terraform('both', ['plan', '-detailed-exitcode'])).code).toBe(0);
  expect((await terraform('s3', ['plan', '-detailed-exitcode'])).code).toBe(0);
}, 600_000);

test.each([
  ['dynamodb', 'both'],
  ['both', 'dynamodb'],
  ['both', 's3'],
  ['s3', 'both'],
] as const)(
  'one step apart they keep each other out: while %s applies, %s is refused',
  async (holder, other) => {
    const refused = await during(holder, other);
    expect([refused.code, words(refused)]).toEqual([1, expect.stringContaining('Error acquiring the state lock')]);
  },
  600_000,
);

test('two steps apart they do not, which is why `both` comes between', async () => {
  expect(await during('dynamodb', 's3')).toMatchObject({ code: 0 });
}, 600_000);

test('on the way back from s3 the digest is old: terraform refuses until it is recorded', async () => {
  succeeded(await terraform('s3', ['destroy', '-auto-approve']));
  const refused = await terraform('both', ['plan']);
  expect([refused.code, words(refused)]).toEqual([1, expect.stringContaining('does not have the expected content')]);
  project.edit('stacks/olechka/root.ts', /lock: '\w+'/, "lock: 'both'");
  expect(succeeded(await project.terrace(['state', 'digest', kms], env)).stdout).toContain('recorded');
  succeeded(await terraform('both', ['apply', '-auto-approve']));
  expect((await terraform('dynamodb', ['plan', '-detailed-exitcode'])).code).toBe(0);
}, 600_000);
