import { rmSync } from 'node:fs';

import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';

import { acceptedJudge, type JudgePlace } from '../../../terrace/delivery/approve/accepted-judge';
import { rulesFor } from '../../../terrace/delivery/approve/rules';
import { verifyApproved } from '../../../terrace/delivery/apply/apply-bundle';
import { policyFile, type ApprovalPolicy } from '../../../terrace/delivery/approval/approval-rules';
import type { SigningKey } from '../../../terrace/delivery/approval/keys';
import type { Bundle } from '../../../terrace/delivery/bundle/bundle';
import { openRepository } from '../../../terrace/git/repository';
import { factsIn } from '../../_helpers/environment-facts';
import { approvalBy, madeAt, newCast, sealedBundle, shopPolicy, type Cast } from '../../_helpers/sealed-bundle';
import { memoryAccepted, type MemoryAccepted } from '../../_helpers/memory-accepted';
import { scratchRepository, type ScratchRepository } from '../../_helpers/scratch-repository';
import { codesOf, errorOf } from '../../_helpers/shop';
import { network } from '../../_helpers/shop-tree';
import { judges } from '../../../terrace/cli/judges';

let cast: Cast;
let scratch: ScratchRepository;
let accepted: MemoryAccepted;
beforeAll(async () => {
  cast = await newCast();
});
beforeEach(() => {
  scratch = scratchRepository();
  accepted = memoryAccepted();
});
afterEach(() => scratch.dispose());

const accounts = { environmentFor: async () => ({}) };
const placeOf = (account: string): string => `s3://terraform-state-${account}-eu-central-1/dev/accepted.json`;

function place(): JudgePlace {
  const repository = openRepository(scratch.root);
  if (repository === undefined) throw new Error('no repository');
  return { repository, branch: { name: 'main', commit: repository.commitOf('main') }, accounts, store: accepted, judges };
}

/** Verifies a bundle of the commit, with approvals of these people; what it says of its own authors and rules is a lie. */
async function verify(commit: string, approvers: readonly SigningKey[], more: Partial<Bundle> = {}) {
  const content = await sealedBundle(
    { units: [{ unit: network() }], change: (bundle) => ({ ...bundle, commit, authors: [], rules: { base: commit, files: [] }, ...more }) },
    cast,
  );
  const approvals = await Promise.all(approvers.map((key) => approvalBy(key, content)));
  return verifyApproved({ content, approvals, judge: acceptedJudge(place()), now: new Date(madeAt.getTime() + 120_000), env: {} });
}

const write = (policy: ApprovalPolicy): void => scratch.file(policyFile, JSON.stringify(policy));

const facts = (account: string, others: object = {}): string =>
  JSON.stringify({
    version: 1,
    environments: {
      'shop/dev': factsIn(`terraform-state-${account}-eu-central-1`, {
        account,
        stateAccount: account,
        lock: 'dynamodb',
        states: [
          {
            bucket: `terraform-state-${account}-eu-central-1`,
            region: 'eu-central-1',
            kmsKeyId: `arn:aws:kms:eu-central-1:${account}:alias/terraform-state`,
            lockTable: `terraform-locks-${account}`,
          },
        ],
        accepted: { bucket: `terraform-state-${account}-eu-central-1`, region: 'eu-central-1', key: 'dev/accepted.json' },
      }),
      ...others,
    },
  });

const own = '123456789012';

/** A base with rules and facts, which `shop/dev` accepts; gives its commit. */
function base(policy: ApprovalPolicy = shopPolicy(cast), account = own, others: object = {}): string {
  write(policy);
  scratch.file('terrace.environments.json', facts(account, others));
  const commit = scratch.commit('base');
  accepted.put(placeOf(account), 'shop/dev', commit);
  return commit;
}

/** A change on a branch of its own. */
function change(make: () => void, author?: string): string {
  scratch.git('checkout', '--quiet', '-B', 'change', 'main');
  make();
  return author === undefined ? scratch.commit('change') : scratch.commit('change', author);
}

const innocent = (): void => scratch.file('stacks/a.ts', String(Math.PI));

test('G13: a key that the change adds is not known to the rules that judge it', async () => {
  base();
  const commit = change(() => write({ ...shopPolicy(cast), keys: [{ identity: 'ana@example.com', publicKey: cast.eve.publicPem }] }));
  expect(codesOf(await errorOf(verify(commit, [cast.eve])))).toContain('E6083');
});

test('G13: a change of the rules needs the second approver of the accepted ones, whatever the bundle says about itself', async () => {
  base();
  const commit = change(() => scratch.file('.github/workflows/apply.yml', 'on: push'));
  const error = await errorOf(verify(commit, [cast.ana]));
  expect([codesOf(error), error.exitCode]).toEqual([['E6010'], 3]);
  expect(error.message).toContain('delivery/rules-changed .github/workflows/apply.yml');
  expect((await verify(commit, [cast.ana, cast.bob])).bundle.commit).toBe(commit);
});

test('G13: a second push does not forget what the first one changed, nor who made it: what is accepted stays until all is applied', async () => {
  base();
  scratch.file('.github/workflows/apply.yml', 'on: push');
  scratch.commit('first push', 'Ana <ana@example.com>');
  scratch.file('stacks/a.ts', '1');
  const commit = scratch.commit('second push, innocent', 'Cem <cem@example.com>');
  const error = await errorOf(verify(commit, [cast.ana]));
  expect(error.message).toContain('delivery/rules-changed .github/workflows/apply.yml');
  expect(error.message).toContain('ana@example.com made this change');
  // The rules name no third person: everybody who did not make it is enough.
  expect((await verify(commit, [cast.bob])).bundle.commit).toBe(commit);
});

test('G13: an empty commit on top hides no author, and who only merged or wrote a manual is none', async () => {
  base();
  change(innocent, 'Ana <ana@example.com>');
  const commit = scratch.commit('nothing', 'Cem <cem@example.com>');
  expect((await errorOf(verify(commit, [cast.ana]))).message).toContain('ana@example.com made this change');
  scratch.git('checkout', '--quiet', 'main');
  scratch.file('docs/manual.md', 'words');
  scratch.commit('a manual', 'Bob <bob@example.com>');
  scratch.git('-c', 'user.email=bob@example.com', 'merge', '--quiet', '--no-ff', '--no-edit', 'change');
  expect((await verify(scratch.git('rev-parse', 'main'), [cast.bob])).bundle.units).toHaveLength(1);
});

test('G13: a merge that brings more than git would have merged makes its author one', async () => {
  base();
  change(innocent, 'Cem <cem@example.com>');
  scratch.git('checkout', '--quiet', 'main');
  scratch.file('stacks/b.ts', '1');
  scratch.commit('beside', 'Cem <cem@example.com>');
  scratch.git('merge', '--quiet', '--no-ff', '--no-commit', 'change');
  scratch.file('stacks/c.ts', 'slipped in');
  scratch.git('add', '--all');
  scratch.git('-c', 'user.email=bob@example.com', 'commit', '--quiet', '--message', 'merge');
  expect((await errorOf(verify(scratch.git('rev-parse', 'main'), [cast.bob]))).message).toContain('bob@example.com made this change');
});

test('G13: of a squash merge author and co-authors made the change, the platform that committed it did not', async () => {
  base();
  innocent();
  scratch.git('add', '--all');
  scratch.git(
    '-c',
    'user.email=noreply@github.com',
    'commit',
    '--quiet',
    '--author',
    'Cem <cem@example.com>',
    '--message',
    'squashed (#1)\n\nCo-authored-by: Bob <bob@example.com>',
  );
  const commit = scratch.git('rev-parse', 'HEAD');
  expect((await errorOf(verify(commit, [cast.bob]))).message).toContain('bob@example.com made this change');
  expect((await verify(commit, [cast.ana])).bundle.commit).toBe(commit);
});

test('G13: a history without what was applied is refused; a revert goes back, and a rolled-back one is named and needs another approver', async () => {
  const first = base();
  innocent();
  const applied = scratch.commit('applied');
  accepted.put(placeOf(own), 'shop/dev', applied);
  scratch.git('checkout', '--quiet', '-b', 'old', first);
  scratch.file('stacks/other.ts', '1');
  const old = scratch.commit('from before');
  const error = await errorOf(verify(old, [cast.ana, cast.bob]));
  expect([codesOf(error), error.exitCode, error.problems[0]?.todo]).toEqual([['E6071'], 3, expect.stringContaining('merge main first')]);
  scratch.git('checkout', '--quiet', 'main');
  scratch.git('revert', '--no-edit', 'HEAD');
  expect((await verify(scratch.git('rev-parse', 'main'), [cast.ana])).bundle.units).toHaveLength(1);
  expect((await errorOf(verify(old, [cast.ana], { supersedes: applied }))).message).toContain('delivery/history-superseded');
  expect((await verify(old, [cast.ana, cast.bob], { supersedes: applied })).bundle.supersedes).toBe(applied);
});

test('G13: where nothing is accepted, or the clone lacks it, everything is refused with what helps', async () => {
  const commit = base();
  accepted.objects.clear();
  const nothing = await errorOf(verify(commit, [cast.ana]));
  expect([codesOf(nothing), nothing.exitCode, nothing.problems[0]?.todo]).toEqual([
    ['E6070'],
    3,
    expect.stringContaining('terrace backend bootstrap shop/dev'),
  ]);
  accepted.put(placeOf(own), 'shop/dev', 'f'.repeat(40));
  expect(codesOf(await errorOf(verify(commit, [cast.ana])))).toEqual(['E6030']);
  accepted.put(placeOf(own), 'shop/prod', commit);
  expect(codesOf(await errorOf(verify(commit, [cast.ana])))).toEqual(['E6073']);
});

test('G13: an environment that is gone from the source is destroyed by the rules that it had', async () => {
  base();
  scratch.file('terrace.environments.json', JSON.stringify({ version: 1, environments: {} }));
  const commit = scratch.commit('no environment any more', 'Cem <cem@example.com>');
  expect((await errorOf(verify(commit, [cast.ana]))).message).toContain('delivery/rules-changed terrace.environments.json');
  expect((await verify(commit, [cast.ana, cast.bob])).bundle.units).toHaveLength(1);
});

test('G13: facts that keep what is accepted where another environment may write are refused', async () => {
  base();
  scratch.file('terrace.environments.json', facts(own).replace('"key":"dev/accepted.json"', '"key":"stage/accepted.json"'));
  const commit = scratch.commit('another place', 'Cem <cem@example.com>');
  accepted.put(`s3://terraform-state-${own}-eu-central-1/stage/accepted.json`, 'shop/dev', commit);
  expect(codesOf(await errorOf(verify(commit, [cast.ana, cast.bob])))).toEqual(['E6042']);
});

test('G13: an address with characters that separate fields hides nobody', async () => {
  base();
  change(innocent, 'Cem <cem@example.com>');
  scratch.git('checkout', '--quiet', 'main');
  scratch.file('stacks/b.ts', '1');
  scratch.commit('beside', 'Cem <cem@example.com>');
  scratch.git('merge', '--quiet', '--no-ff', '--no-commit', 'change');
  scratch.file('stacks/c.ts', 'slipped in');
  scratch.git('add', '--all');
  scratch.git('-c', 'user.email=bob@example.com', 'commit', '--quiet', '--author', 'X <x\u001fy\u001ez>', '--message', 'merge');
  expect((await errorOf(verify(scratch.git('rev-parse', 'main'), [cast.bob]))).message).toContain('bob@example.com made this change');
});

test('G13: without rules in the accepted commit nothing is approved, and outside the sandbox a branch is named', async () => {
  scratch.file('terrace.environments.json', facts(own));
  accepted.put(placeOf(own), 'shop/dev', scratch.commit('no rules'));
  expect(
    codesOf(
      await errorOf(
        verify(
          change(() => write(shopPolicy(cast))),
          [cast.ana],
        ),
      ),
    ),
  ).toEqual(['E6046']);
  expect((await errorOf(rulesFor({}, {}, judges, scratch.root, accounts))).exitCode).toBe(64);
});

test('G13: a unit that says another account or bucket than the facts is refused, however many approve', async () => {
  base(shopPolicy(cast), '999999999999');
  const error = await errorOf(verify(change(innocent), [cast.ana, cast.bob]));
  expect([codesOf(error), error.exitCode]).toEqual([['E6063'], 3]);
  expect(error.message).toMatch(/the account of its states: the unit says "123456789012", the facts say "999999999999"/);
});

test('G13: another account is a change of facts: one more approver of the accepted rules, and its place is believed once it was taken along', async () => {
  const first = base(shopPolicy(cast), '999999999999');
  scratch.file('terrace.environments.json', facts(own));
  const commit = scratch.commit('another account', 'Cem <cem@example.com>');
  // A bucket of the change's own choice says that the change is accepted; the one that was accepted before says nothing of it.
  accepted.put(placeOf(own), 'shop/dev', first);
  expect(codesOf(await errorOf(verify(commit, [cast.ana, cast.bob])))).toEqual(['E6070']);
  accepted.put(placeOf('999999999999'), 'shop/dev', first, { movedTo: placeOf(own) });
  expect((await errorOf(verify(commit, [cast.ana]))).message).toContain('delivery/rules-changed terrace.environments.json');
  expect((await verify(commit, [cast.ana, cast.bob])).bundle.units).toHaveLength(1);
});

test('G13: facts that let an environment reach another one ask for the approvals of both', async () => {
  const production = JSON.parse(facts(own)).environments['shop/dev'];
  const policy = shopPolicy(cast);
  const rules = policy.environments['shop/dev'] ?? { approvals: 1, approvers: ['ana@example.com'] };
  base(
    {
      ...policy,
      keys: [...policy.keys, { identity: 'eve@example.com', publicKey: cast.eve.publicPem }],
      environments: {
        'shop/dev': rules,
        'shop/prod': { approvals: 3, approvers: ['ana@example.com', 'bob@example.com', 'eve@example.com'] },
      },
    },
    '999999999999',
    { 'shop/prod': { ...production, accepted: { ...production.accepted, key: 'prod/accepted.json' } } },
  );
  scratch.file(
    'terrace.environments.json',
    facts(own, { 'shop/prod': { ...production, accepted: { ...production.accepted, key: 'prod/accepted.json' } } }),
  );
  const commit = scratch.commit('dev takes the account of prod', 'Cem <cem@example.com>');
  accepted.put(placeOf('999999999999'), 'shop/dev', scratch.git('rev-parse', 'main^'), { movedTo: placeOf(own) });
  accepted.put(placeOf(own), 'shop/dev', scratch.git('rev-parse', 'main^'));
  const error = await errorOf(verify(commit, [cast.ana, cast.bob]));
  expect([codesOf(error)[0], error.message.includes('shop/prod')]).toEqual(['E6010', true]);
});

test('G13: what an administrator accepted without approvals stands in the next judgement, and the rules of other environments do not', async () => {
  const commit = base();
  accepted.put(placeOf(own), 'shop/dev', commit, { by: 'rules accept' });
  const policy = shopPolicy(cast);
  const next = change(() =>
    write({ ...policy, environments: { ...policy.environments, 'other/prod': { approvals: 1, approvers: ['ana@example.com'] } } }),
  );
  const content = await sealedBundle({ units: [{ unit: network() }], change: (bundle) => ({ ...bundle, commit: next }) }, cast);
  const { verifyContent } = await import('../../../terrace/delivery/bundle/verify');
  const [judgement] = await acceptedJudge(place())(await verifyContent(content));
  expect(judgement?.findings.map(({ id }) => id).filter((id) => id.startsWith('delivery/rules'))).toEqual(['delivery/rules-accepted']);
});

test('G13: a policy of the accepted commit that refuses binds, whoever approved and whatever policies the change brings', async () => {
  const policy = (severity: string): string => `import { planWith, policy } from 'terrace/policy';
export default policy({
  id: 'nothing-at-all', severity: '${severity}', explain: 'Nothing may be made here, for the sake of this test.',
  check: (plan) => plan.units.flatMap((unit) => unit.changes.map(({ address }) => ({ message: 'made', unit: unit.path, address }))),
  test: { holds: { nothing: { units: [] } }, refuses: { one: planWith('a/b/c/d/e', 'x_y.z', {}) } },
});`;
  scratch.file('policies/nothing.ts', policy('deny'));
  base();
  const commit = change(() => scratch.file('policies/nothing.ts', policy('warn')));
  const error = await errorOf(verify(commit, [cast.ana, cast.bob]));
  expect([codesOf(error), error.exitCode]).toEqual([['E7108'], 3]);
});

test('rules that wait for a finding that nothing can find are refused', async () => {
  base(shopPolicy(cast, { secondApproverFindings: ['stateful-*'] }));
  const error = await errorOf(verify(change(innocent), [cast.ana]));
  expect([codesOf(error), error.message]).toEqual([['E6047'], expect.stringContaining('match no finding: stateful-*')]);
});

test('a shallow clone that lacks a part of the change is told to fetch it: an author could be missing', async () => {
  const accepted0 = base();
  change(innocent, 'Ana <ana@example.com>');
  scratch.file('stacks/b.ts', '1');
  scratch.commit('second', 'Cem <cem@example.com>');
  scratch.git('checkout', '--quiet', 'main');
  scratch.git('merge', '--quiet', '--no-ff', '--no-edit', 'change');
  const commit = scratch.git('rev-parse', 'main');
  const whole = scratch.root;
  for (const [depth, code, found] of [
    ['1', 'E6030', `this clone lacks ${accepted0.slice(0, 12)}, which was the last accepted there: it is shallow`],
    ['2', 'E6057', 'this clone is shallow: it lacks part of'],
  ]) {
    const clone = `${whole}-depth-${depth}`;
    scratch.git('clone', '--quiet', '--depth', depth ?? '', `file://${whole}`, clone);
    const repository = openRepository(clone);
    if (repository === undefined) throw new Error('no clone');
    const judge = acceptedJudge({ ...place(), repository });
    const content = await sealedBundle({ units: [{ unit: network() }], change: (bundle) => ({ ...bundle, commit }) }, cast);
    const error = await errorOf(
      verifyApproved({
        content,
        approvals: [await approvalBy(cast.bob, content)],
        judge,
        now: new Date(madeAt.getTime() + 120_000),
        env: {},
      }),
    );
    rmSync(clone, { recursive: true });
    expect([codesOf(error), error.exitCode, error.message]).toEqual([[code], 3, expect.stringContaining(found ?? '')]);
    expect(error.message).toContain('git fetch --unshallow');
  }
});
