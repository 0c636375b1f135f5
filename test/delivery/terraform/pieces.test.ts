import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { canonicalText, keyedDigest } from '../../../terrace/base/canonical';
import { parseCanonical } from '../../../terrace/delivery/bundle/canonical-json';
import { driftIn } from '../../../terrace/delivery/drift/drift';
import { driftMarkdown, driftText } from '../../../terrace/delivery/drift/drift-text';
import { countsText } from '../../../terrace/delivery/report/summary';
import { noActions } from '../../../terrace/terraform/action-counts';
import { processEnvironments } from '../../../terrace/delivery/terraform/process-environment';
import { eventWriter } from '../../../terrace/delivery/terraform/events';
import { runInOrder } from '../../../terrace/delivery/terraform/pool';
import { sandboxShell } from '../../_helpers/sandbox';
import { terraformErrors } from '../../../terrace/delivery/terraform/terraform-steps';
import { openWorkspace, sweepWorkspaces, workspacesIn } from '../../../terrace/delivery/terraform/workspace';
import { decryptWith, encryptFor, newAgeKey, readIdentities, readRecipients } from '../../../terrace/delivery/bundle/age';
import { sandboxKeys } from '../../../terrace/delivery/approval/sandbox-keys';
import { temporaryFolder } from '../../_helpers/sandbox';

const folder = temporaryFolder('terrace-pieces-');
afterAll(() => rmSync(folder, { recursive: true }));

test('a value has one canonical text, and only that is read', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalText(value);
      expect(canonicalText(JSON.parse(text))).toBe(text);
      expect(canonicalText(parseCanonical(Buffer.from(text), 'x'))).toBe(text);
    }),
  );
  expect(() => parseCanonical(Buffer.from([0x22, 0xff, 0x22]), 'x')).toThrow('E6076');
  expect(keyedDigest(Buffer.alloc(32), { a: 1, b: 2 })).toBe(keyedDigest(Buffer.alloc(32), { b: 2, a: 1 }));
});

test('tasks run in their order, never more at once than allowed, and every one once', async () => {
  const shape = fc.record({
    count: fc.integer({ min: 0, max: 12 }),
    edges: fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 30 }),
    parallel: fc.integer({ min: 1, max: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(shape, async ({ count, edges, parallel }) => {
      const tasks = Array.from({ length: count }, (_, index) => ({
        path: `t${index}`,
        after: edges.filter(([from, to]) => to === index && from < to).map(([from]) => `t${from}`),
      }));
      let running = 0;
      const order: string[] = [];
      const results = await runInOrder(tasks, parallel, async (task, before) => {
        expect((running += 1)).toBeLessThanOrEqual(parallel);
        expect(task.after.filter((other) => tasks.some((one) => one.path === other) && !before.has(other))).toEqual([]);
        await wait(0);
        order.push(task.path);
        running -= 1;
        return task.path;
      });
      expect(results.size).toBe(count);
      expect(new Set(order).size).toBe(count);
    }),
    { numRuns: 40 },
  );
});

test('a task that releases those after it lets them start beside the rest of its work, within the limit', async () => {
  const chain = ['a', 'b', 'c'].map((name, index) => ({ path: name, after: index === 0 ? [] : [String.fromCharCode(96 + index)] }));
  const record = async (parallel: number): Promise<readonly string[]> => {
    const log: string[] = [];
    await runInOrder(chain, parallel, async (task, results, release) => {
      log.push(`${task.path} starts after ${[...results.keys()].join(', ') || 'none'}`);
      await wait(0);
      release();
      await wait(5);
      release();
      log.push(`${task.path} ends`);
    });
    return log;
  };
  expect((await record(3)).slice(0, 3)).toEqual(['a starts after none', 'b starts after none', 'c starts after none']);
  expect((await record(2)).slice(0, 4)).toEqual(['a starts after none', 'b starts after none', 'a ends', 'c starts after a']);
  expect(await record(1)).toEqual(['a starts after none', 'a ends', 'b starts after a', 'b ends', 'c starts after a, b', 'c ends']);
});

test('tasks that wait for each other are an error, not a wait for ever', async () => {
  const circle = [
    { path: 'a', after: ['b'] },
    { path: 'b', after: ['a'] },
  ];
  await expect(runInOrder(circle, 2, async () => 1)).rejects.toThrow('cycle');
  await expect(runInOrder([...circle, { path: 'c', after: [] }], 2, async () => 1)).rejects.toThrow('cycle among a, b');
});

test('age: any recipient opens, nobody else does, and a key file may hold comments', async () => {
  const [ana, bob, eve] = [await newAgeKey(), await newAgeKey(), await newAgeKey()];
  const encrypted = await encryptFor([ana.recipient, bob.recipient], Buffer.from('plan'));
  expect(Buffer.from(await decryptWith([bob.identity], encrypted, 'x')).toString()).toBe('plan');
  await expect(decryptWith([eve.identity], encrypted, 'x')).rejects.toThrow('E6022');
  const file = path.join(folder, 'keys.txt');
  writeFileSync(file, `# ana\n${ana.recipient}\n\n${ana.identity}\n`);
  expect([readRecipients(file), readIdentities(file)]).toEqual([[ana.recipient], [ana.identity]]);
  writeFileSync(file, '# nothing\n');
  expect(() => readRecipients(file)).toThrow('E6043');
  expect(() => readIdentities(path.join(folder, 'absent'))).toThrow('E6045');
  expect(() => readIdentities(file)).toThrow('E6044');
});

test('the sandbox’s keys are made once and kept', async () => {
  const env = { TERRACE_SANDBOX_DIR: path.join(folder, 'sandbox') };
  const [first, second] = [await sandboxKeys(env), await sandboxKeys(env)];
  expect(second).toEqual(first);
  expect(first.policy.environments['*']).toMatchObject({ approvals: 1, autoApprove: true });
});

const shell = {
  PATH: '/bin',
  HOME: '/nowhere/home',
  AWS_ACCESS_KEY_ID: 'AKIA',
  AWS_SECRET_ACCESS_KEY: 'key',
  AWS_PROFILE: 'admin',
  AWS_CONFIG_FILE: '/nowhere/config',
  CLOUDFLARE_API_TOKEN: 'cf',
  CLOUDFLARE_BASE_URL: 'https://elsewhere.example',
  GITHUB_TOKEN: 'gh',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'oidc',
  SSH_AUTH_SOCK: '/nowhere/agent',
  TF_TOKEN_app_terraform_io: 'registry',
  TF_VAR_mine: '1',
  TF_VAR_other: '2',
  TF_CLI_ARGS_plan: '-target=x',
  TF_CLI_ARGS: '-lock=false',
  TF_WORKSPACE: 'w',
  TF_LOG: 'TRACE',
  TF_DATA_DIR: '.t',
  TF_ENCRYPTION: '{}',
  TF_REATTACH_PROVIDERS: '{"foreign":{}}',
  SOMETHING_ELSE: 'x',
};

test('terraform gets its own credentials and variables, init its registry tokens, and neither anything else of a shell', () => {
  const { run, init } = processEnvironments(shell, {
    variables: [{ name: 'mine' }, { name: 'absent' }],
    pass: [],
    providers: ['registry.terraform.io/Cloudflare/cloudflare', 'evil.example/integrations/github'],
  });
  const both = {
    PATH: '/bin',
    AWS_ACCESS_KEY_ID: 'AKIA',
    AWS_SECRET_ACCESS_KEY: 'key',
    AWS_EC2_METADATA_DISABLED: 'true',
    CLOUDFLARE_API_TOKEN: 'cf',
    TF_VAR_mine: '1',
  };
  expect(run).toEqual(both);
  expect(init).toEqual({ ...both, SSH_AUTH_SOCK: '/nowhere/agent', TF_TOKEN_app_terraform_io: 'registry' });
});

test('in the sandbox terraform gets the providers of the sandbox, and no real credentials that a shell still has', () => {
  const sandbox = sandboxShell;
  const { run, init } = processEnvironments({ ...shell, ...sandbox }, { variables: [], providers: ['cloudflare/cloudflare'], pass: [] });
  expect(run).toEqual({
    PATH: '/bin',
    ...sandbox,
    AWS_SECRET_ACCESS_KEY: 'key',
    AWS_CONFIG_FILE: '/nowhere/config',
    AWS_EC2_METADATA_DISABLED: 'true',
    TF_REATTACH_PROVIDERS: '{"foreign":{}}',
  });
  expect(init).toEqual(run);
});

test('what a killed process left is swept, what is in use and what holds a state is not', () => {
  const dead = path.join(workspacesIn(folder), '999999999-dead');
  const kept = path.join(workspacesIn(folder), '999999998-state');
  mkdirSync(dead, { recursive: true });
  mkdirSync(kept, { recursive: true });
  writeFileSync(path.join(dead, 'tfplan'), 'secret');
  writeFileSync(path.join(kept, 'errored.tfstate'), '{}');
  const home = path.join(folder, 'user');
  mkdirSync(home);
  writeFileSync(path.join(home, 'granted'), 'by the facts');
  const passed = openWorkspace(folder, 'v', new Map(), { home, files: ['granted', '../outside', '/etc/passwd'] });
  expect(readdirSync(passed.file('.home'))).toEqual(['granted']);
  expect(readFileSync(passed.file('.home/granted'), 'utf8')).toBe('by the facts');
  passed.remove();
  const own = openWorkspace(folder, 'u', new Map([['a/b.txt', Buffer.from('x')]]));
  sweepWorkspaces(folder);
  expect([existsSync(dead), existsSync(kept), readFileSync(own.file('a/b.txt'), 'utf8')]).toEqual([false, true, 'x']);
  own.remove();
  rmSync(kept, { recursive: true });
});

test('terraform’s errors are read with and without frames, warnings are not', () => {
  const framed = '╷\n│ Warning: old\n│ \n│ use another\n╵\n╷\n│ Error: no\n│ \n│   on main.tf.json line 1\n╵\nhello\n';
  expect(terraformErrors(framed)).toBe('Error: no\n  on main.tf.json line 1');
  expect(terraformErrors('\nError: plain\n\nbecause\n')).toBe('Error: plain\nbecause');
  expect(terraformErrors('all is well')).toBe('');
});

test('events are JSON lines with a version, and a writer that cannot write stops nothing', async () => {
  const file = path.join(folder, 'events.jsonl');
  const writer = eventWriter(file, () => new Date('2026-11-21T10:00:00Z'));
  writer.onEvent({ type: 'applying', unit: 'u' });
  await writer.close();
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ version: 1, at: '2026-11-21T10:00:00.000Z', type: 'applying', unit: 'u' });
  const broken = eventWriter(path.join(folder, 'absent', 'events.jsonl'));
  broken.onEvent({ type: 'interrupted' });
});

test('counts read well', () => {
  expect(countsText(noActions)).toBe('no changes');
  expect(countsText({ ...noActions, create: 2, update: 1, replace: 3, destroy: 4, outputs: 1, move: 2 })).toBe(
    '+2 ~1 -/+3 -4, 2 moves, 1 output',
  );
  expect(countsText({ ...noActions, replace: 6, outputs: 1 })).toBe('-/+6, 1 output');
  expect(countsText({ ...noActions, import: 1, forget: 1, outputs: 2 })).toBe('1 import, 1 forgotten, 2 outputs');
});

test('drift names what changed, what is gone, and no secret', () => {
  const change = (before: object, after: object, sensitive: object = {}) => ({
    actions: ['update'],
    before: before as never,
    after: after as never,
    before_sensitive: sensitive as never,
    after_sensitive: sensitive as never,
  });
  const resource = (name: string, rest: object) => ({ address: `x.${name}`, mode: 'managed' as const, type: 'x', name, ...rest });
  const resources = driftIn({
    format_version: '1.2',
    terraform_version: '1.11.4',
    resource_drift: [
      resource('a', {
        change: change({ tags: { team: 'one' }, pw: 'canary-before' }, { tags: { team: 'two' }, pw: 'canary-after' }, { pw: true }),
      }),
      resource('b', { change: { actions: ['delete'], before: {}, after: null } }),
      resource('moved', { change: change({ a: 1 }, { a: 1 }) }),
    ] as never,
  });
  expect(resources.map((one) => [one.address, one.kind, one.attributes.map((attribute) => attribute.path)])).toEqual([
    ['x.a', 'changed', ['pw', 'tags.team']],
    ['x.b', 'gone', []],
  ]);
  const report = {
    version: 1 as const,
    exitCode: 2 as const,
    units: [{ unit: 's/e/r/l/u', status: 'drifted' as const, resources, problems: [], seconds: 1 }],
  };
  expect(driftText(report)).toBe(
    's/e/r\n  l/u  1 changed, 1 gone\n    x.a\n      pw: (sensitive) → (sensitive)\n      tags.team: "one" → "two"\n    x.b is gone\n\n1 unit, 1 drifted',
  );
  expect(driftMarkdown(report)).toContain('| `x.a` | `tags.team` | `"one"` | `"two"` |');
  expect(JSON.stringify(report)).not.toContain('canary');
});

test('what stands in a drifted value is no mark-up', () => {
  const resources = [
    { address: 'x.a', kind: 'changed' as const, attributes: [{ path: 'name', before: '@team | `code`', after: '<img src=x>' }] },
  ];
  const markdown = driftMarkdown({
    version: 1,
    exitCode: 2,
    units: [{ unit: 'u', status: 'drifted', resources, problems: [], seconds: 0 }],
  });
  expect(markdown).toContain('`` "@team \\| `code`" ``');
  expect(markdown).toContain('`"<img src=x>"`');
});
