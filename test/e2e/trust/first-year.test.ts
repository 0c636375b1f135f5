import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import type { ApprovalPolicy } from '../../../terrace/delivery/approval/approval-rules';
import { newSigningKey } from '../../../terrace/delivery/approval/keys';
import { newAgeKey } from '../../../terrace/delivery/bundle/age';
import { inOrder } from '../../_helpers/in-order';
import { dataBlocks } from '../../_helpers/lab-project';
import type { Lab, LabUnits } from '../../_helpers/lab-types';
import { run, succeeded, words } from '../../_helpers/scratch-project';
import { makeShopBackend, shopAccount } from '../../_helpers/shop-tree';
import { team, type Team } from '../../_helpers/team';

const test = inOrder();

const units = (value: string): LabUnits => ({ 'network/vpc': { json: dataBlocks({ held: value }) } });

function lab(values: { readonly [environment: string]: string }, accounts: { readonly [environment: string]: string } = {}): Lab {
  return {
    environments: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        { account: accounts[name] ?? shopAccount, regions: { 'eu-central-1': units(value) } },
      ]),
    ),
  };
}

let it: Team;
beforeAll(async () => {
  it = await team(lab({ dev: 'one' }));
  it.rules({ 'lab/dev': {} });
  await it.save('the first commit');
}, 600_000);
afterAll(() => it.dispose());

/** Writes the lab without committing it. */
const write = (values: { readonly [environment: string]: string }): void =>
  it.file('stacks/lab.json', `${JSON.stringify(lab(values), null, 2)}\n`);

test('set-up: before an administrator made the first accepted commit, nothing is planned, and the way is named', async () => {
  const refused = await it.plan('lab/dev');
  expect([refused.code, words(refused)]).toEqual([
    3,
    expect.stringContaining('let an administrator set it up: terrace backend bootstrap lab/dev'),
  ]);
  expect(await it.setUp('lab/dev')).toMatchObject({ outcome: 'set up', commit: it.git('rev-parse', 'main') });
  expect(await it.setUp('lab/dev')).toMatchObject({ outcome: 'stands' });
}, 600_000);

test('first deploy: planned by one, approved by another, applied; then that commit is accepted', async () => {
  write({ dev: 'two' });
  const commit = await it.save('the first change');
  const bundle = await it.plan('lab/dev');
  succeeded(bundle);
  expect((await it.apply(bundle.place)).code).toBe(3);
  await it.approve(bundle.place, 'ana');
  const applied = succeeded(await it.apply(bundle.place));
  expect(applied.stdout).toContain(`lab/dev: ${commit.slice(0, 12)} is now accepted`);
  expect(await it.accepted('lab/dev')).toMatchObject({ commit, by: 'apply', before: it.git('rev-parse', 'main^') });
  const status = await it.go('status', 'lab/dev', '--policy-ref', 'main', '--json');
  expect(JSON.parse(status.stdout).accepted).toEqual([expect.objectContaining({ environment: 'lab/dev', commit, by: 'apply' })]);
}, 600_000);

test('new environment: its own set-up, whatever the others accept', async () => {
  write({ dev: 'two', stage: 'one' });
  it.rules({ 'lab/*': {} });
  await it.save('a stage');
  const refused = await it.plan('lab/stage');
  expect([refused.code, words(refused)]).toEqual([3, expect.stringContaining('terrace backend bootstrap lab/stage')]);
  await it.setUp('lab/stage');
  succeeded(await it.plan('lab/stage'));
}, 600_000);

test('new approver and rule change: the accepted rules ask for one more, and the new one counts from the next change on', async () => {
  it.rules({ 'lab/*': {} }, ['ana', 'bob', 'cem', 'eve']);
  write({ dev: 'three', stage: 'one' });
  const commit = await it.save('eve joins');
  const bundle = await it.plan('lab/dev');
  await it.approve(bundle.place, 'ana', 'eve');
  const refused = await it.verify(bundle.place);
  expect([refused.code, words(refused)]).toEqual([
    3,
    expect.stringContaining('1 of 2 approvals; one more than usual because of delivery/rules-changed'),
  ]);
  await it.approve(bundle.place, 'bob');
  succeeded(await it.apply(bundle.place));
  expect(await it.accepted('lab/dev')).toMatchObject({ commit });
}, 600_000);

test('merge commit: the authors of what was merged made it, and who merged made what git would not have merged', async () => {
  it.git('checkout', '--quiet', '-b', 'beside');
  write({ dev: 'beside', stage: 'one' });
  await it.save('beside', 'bob');
  it.git('checkout', '--quiet', 'main');
  it.git('merge', '--quiet', '--no-ff', '--no-commit', 'beside');
  write({ dev: 'merged', stage: 'one' });
  const commit = await it.save('a merge that brings more', 'cem');
  expect(it.git('rev-list', '--parents', '--max-count', '1', commit).split(' ')).toHaveLength(3);
  const bundle = await it.plan('lab/dev');
  await it.approve(bundle.place, 'bob', 'cem');
  const refused = words(await it.verify(bundle.place));
  for (const person of ['bob', 'cem']) expect(refused).toContain(`${person}@example.com made this change`);
  await it.approve(bundle.place, 'eve');
  succeeded(await it.apply(bundle.place));
  expect(await it.accepted('lab/dev')).toMatchObject({ commit });
}, 600_000);

test('squash merge: author and co-authors made it, and who pressed the button did not; revert goes forward', async () => {
  write({ dev: 'four', stage: 'one' });
  await it.save('four (#4)\n\nCo-authored-by: Bob <bob@example.com>', 'cem');
  const bundle = await it.plan('lab/dev');
  await it.approve(bundle.place, 'bob', 'cem');
  const refused = words(await it.verify(bundle.place));
  for (const person of ['bob', 'cem']) expect(refused).toContain(`${person}@example.com made this change`);
  await it.approve(bundle.place, 'eve');
  succeeded(await it.verify(bundle.place));
  it.git('revert', '--no-edit', 'HEAD');
  const reverted = await it.plan('lab/dev');
  expect([reverted.code, reverted.stdout.includes('no changes')]).toEqual([0, true]);
}, 600_000);

test('shallow clone: whoever verifies in one is told to fetch the history', async () => {
  const bundle = await it.plan('lab/stage');
  const clone = path.join(it.root, '.terrace', 'clone');
  it.git('clone', '--quiet', '--depth', '1', `file://${it.root}`, clone);
  const program = path.join(it.root, 'node_modules/terrace/bin/terrace.js');
  const refused = await run(process.execPath, [program, 'verify', bundle.place, '--policy-ref', 'main'], { cwd: clone, env: it.shell });
  expect([refused.code, words(refused)]).toEqual([3, expect.stringMatching(/E6030.*it is shallow.*git fetch --unshallow/)]);
}, 600_000);

test('rolled-back history: a branch without what was accepted is refused; named, it needs one approver more', async () => {
  const { commit } = await it.accepted('lab/dev');
  it.git('checkout', '--quiet', '-b', 'rewritten', `${commit}^`);
  it.git('read-tree', '-u', '--reset', commit);
  await it.save('the same, rewritten');
  write({ dev: 'after it', stage: 'one' });
  await it.save('and more');
  const behind = await it.plan('lab/dev');
  expect([behind.code, words(behind)]).toEqual([3, expect.stringMatching(/E6071.*merge main first/)]);
  const bundle = await it.plan('lab/dev', '--supersedes', commit);
  succeeded(bundle);
  await it.approve(bundle.place, 'ana');
  const refused = await it.verify(bundle.place);
  expect([refused.code, words(refused)]).toEqual([3, expect.stringMatching(/1 of 2 approvals.*delivery\/history-superseded/)]);
  await it.approve(bundle.place, 'eve');
  succeeded(await it.verify(bundle.place));
  it.git('checkout', '--quiet', 'main');
}, 600_000);

test('lost approvers and emergency: an administrator accepts a commit by hand, with the name typed, and the next bundle says so', async () => {
  it.rules({ 'lab/*': { freeze: [{ from: '2020-01-01T00:00:00Z', to: '2090-01-01T00:00:00Z', reason: 'for ever' }] } }, ['eve']);
  const frozen = await it.save('nobody is left, and nothing may be applied');
  succeeded(await it.go('rules', 'accept', frozen, 'lab/dev', '--policy-ref', 'main', '--confirm', 'lab/dev'));
  it.rules({ 'lab/*': {} }, ['ana', 'bob']);
  write({ dev: 'five', stage: 'one' });
  const commit = await it.save('ana and bob are back');
  const bundle = await it.plan('lab/dev');
  await it.approve(bundle.place, 'ana', 'bob');
  expect(words(await it.verify(bundle.place))).toMatch(/E6012.*for ever/);
  expect((await it.go('rules', 'accept', 'main', 'lab/dev', '--policy-ref', 'main')).code).toBe(3);
  const branch = it.git('rev-parse', 'HEAD');
  it.git('checkout', '--quiet', '-b', 'elsewhere');
  const foreign = await it.save('not of the branch');
  expect((await it.go('rules', 'accept', foreign, 'lab/dev', '--policy-ref', 'main', '--confirm', 'lab/dev')).code).toBe(3);
  it.git('checkout', '--quiet', 'main');
  succeeded(await it.go('rules', 'accept', branch, 'lab/dev', '--policy-ref', 'main', '--confirm', 'lab/dev'));
  expect(await it.accepted('lab/dev')).toMatchObject({ commit, by: 'rules accept', before: frozen });
  const again = await it.plan('lab/dev');
  expect(again.stdout).toContain('lab/dev: its rules were accepted by hand');
  await it.approve(again.place, 'ana');
  succeeded(await it.apply(again.place));
  expect(await it.accepted('lab/dev')).toMatchObject({ commit, by: 'apply' });
}, 600_000);

test('exchange of keys: the old rules let the new ones in, then only the new key signs and only the new identity opens', async () => {
  const file = 'terrace.approvals.json';
  const [signing, age] = [newSigningKey(), await newAgeKey()];
  it.file('.terrace/new-age.key', `${age.identity}\n`);
  const rules: ApprovalPolicy = JSON.parse(readFileSync(path.join(it.root, file), 'utf8'));
  const keys = rules.keys.map((one) => (one.identity === 'ana@example.com' ? { ...one, publicKey: signing.publicPem } : one));
  const environments = Object.fromEntries(
    Object.entries(rules.environments).map(([name, one]) => [name, { ...one, recipients: [age.recipient] }]),
  );
  it.file(file, JSON.stringify({ ...rules, keys, environments }));
  write({ dev: 'six', stage: 'one' });
  const exchange = await it.save('ana and the pipeline have new keys');
  const bundle = await it.plan('lab/dev');
  await it.approve(bundle.place, 'ana');
  expect(words(await it.verify(bundle.place))).toContain('1 of 2 approvals; one more than usual because of delivery/rules-changed');
  await it.approve(bundle.place, 'bob');
  succeeded(await it.apply(bundle.place));
  expect(await it.accepted('lab/dev')).toMatchObject({ commit: exchange });
  write({ dev: 'seven', stage: 'one' });
  await it.save('the next change');
  const next = await it.plan('lab/dev');
  await it.approve(next.place, 'ana');
  const old = await it.verify(next.place);
  expect([old.code, words(old)]).toEqual([3, expect.stringContaining('E6083')]);
  rmSync(`${next.place}.approvals`, { recursive: true });
  it.file('.terrace/ana.pem', signing.privatePem);
  await it.approve(next.place, 'ana');
  const opened = await it.apply(next.place);
  expect([opened.code, words(opened)]).toEqual([3, expect.stringContaining('E6022')]);
  succeeded(await it.go('apply', next.place, '--policy-ref', 'main', '--identity', path.join(it.root, '.terrace', 'new-age.key')));
}, 600_000);

test('new account: taken along by an administrator, approved by one more of the accepted rules, and the state moved before anything is planned', async () => {
  const account = '333333333333';
  // Each account by its own role, as the facts name them.
  const shell = { ...it.shell, TERRACE_CREDENTIALS: undefined };
  const go = (...args: readonly string[]) => it.terrace([...args, '--policy-ref', 'main'], shell);
  const bundle = path.join(it.root, '.terrace', 'new-account');
  const plan = () => it.terrace(['plan', 'lab/dev', '--base', 'main', '--out', bundle], shell);
  await makeShopBackend({ ...it.shell, AWS_ACCESS_KEY_ID: `SANDBOX${account}` }, account);
  const before = await it.accepted('lab/dev');
  it.file('stacks/lab.json', `${JSON.stringify(lab({ dev: 'six', stage: 'one' }, { dev: account }), null, 2)}\n`);
  const commit = await it.save('dev has an account of its own');
  const early = await plan();
  expect([early.code, words(early)]).toEqual([
    3,
    expect.stringContaining('let an administrator move it: terrace backend bootstrap lab/dev'),
  ]);
  expect(await it.setUp('lab/dev', shell)).toMatchObject({ outcome: 'taken along', commit: before.commit });
  const unmoved = await plan();
  const [, move = ''] = /terrace (state move lab\/\S+ lab\/\S+ --from-commit [0-9a-f]+)/.exec(words(unmoved)) ?? [];
  expect([unmoved.code, move]).toEqual([3, expect.stringMatching(/^state move/)]);
  succeeded(await it.terrace(move.split(' '), shell));
  succeeded(await plan());
  await it.approve(bundle, 'ana');
  const refused = await go('verify', bundle);
  expect([refused.code, words(refused)]).toEqual([3, expect.stringContaining('1 of 2 approvals; one more than usual because of')]);
  await it.approve(bundle, 'bob');
  succeeded(await go('apply', bundle, '--identity', path.join(it.root, '.terrace', 'new-age.key')));
  expect(await it.accepted('lab/dev', shell)).toMatchObject({ commit, by: 'apply', before: before.commit });
}, 600_000);
