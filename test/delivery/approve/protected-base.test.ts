import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';

import { rulesFor } from '../../../terrace/delivery/approve/rules';
import { verifyApproved } from '../../../terrace/delivery/apply/apply-bundle';
import { policyFile, type ApprovalPolicy } from '../../../terrace/delivery/approval/approval-rules';
import type { SigningKey } from '../../../terrace/delivery/approval/keys';
import { approvalBy, madeAt, newCast, sealedBundle, shopPolicy, type Cast } from '../../_helpers/sealed-bundle';
import { scratchRepository, type ScratchRepository } from '../../_helpers/scratch-repository';
import { codesOf, errorOf } from '../../_helpers/shop';
import { network } from '../../_helpers/shop-tree';
import { judges } from '../../../terrace/cli/judges';

let cast: Cast;
let scratch: ScratchRepository;
beforeAll(async () => {
  cast = await newCast();
});
beforeEach(() => {
  scratch = scratchRepository();
});
afterEach(() => scratch.dispose());

/** Verifies a bundle of the commit against the policy of `main`, with approvals of these people. */
async function verify(
  commit: string,
  approvers: readonly SigningKey[],
  rules: { readonly base: string; readonly files: readonly string[] } | null = { base: 'x', files: [] },
) {
  const content = await sealedBundle({ units: [{ unit: network() }], change: (bundle) => ({ ...bundle, commit, rules }) }, cast);
  const approvals = await Promise.all(approvers.map((key) => approvalBy(key, content)));
  return verifyApproved({
    content,
    approvals,
    ...(await rulesFor({ policyRef: 'main' }, {}, judges, scratch.root)),
    now: new Date(madeAt.getTime() + 120_000),
    allowDirty: false,
  });
}

const write = (policy: ApprovalPolicy): void => scratch.file(policyFile, JSON.stringify(policy));

/** A change on a branch of its own. */
function change(make: () => void): string {
  scratch.git('checkout', '--quiet', '-b', 'change');
  make();
  return scratch.commit('change');
}

test('G13: a key that the change adds is not known to the policy that judges it', async () => {
  write(shopPolicy(cast));
  scratch.commit('base');
  const commit = change(() => write({ ...shopPolicy(cast), keys: [{ identity: 'ana@example.com', publicKey: cast.eve.publicPem }] }));
  expect(codesOf(await errorOf(verify(commit, [cast.eve])))).toContain('E6011');
});

test('G13: a change of the rules needs the second approver of the old policy, whatever the bundle says about itself', async () => {
  write(shopPolicy(cast));
  scratch.commit('base');
  const commit = change(() => scratch.file('.github/workflows/apply.yml', 'on: push'));
  const error = await errorOf(verify(commit, [cast.ana]));
  expect([codesOf(error), error.exitCode]).toEqual([['E6010'], 3]);
  expect(error.message).toContain('delivery/rules-changed .github/workflows/apply.yml');
  expect((await verify(commit, [cast.ana, cast.bob])).bundle.commit).toBe(commit);
});

test('a change that touches no rule needs what the policy asks for', async () => {
  write(shopPolicy(cast));
  scratch.commit('base');
  const commit = change(() => scratch.file('stacks/a.ts', '1'));
  expect((await verify(commit, [cast.ana])).bundle.commit).toBe(commit);
});

test('G13: a commit that the verifier does not know counts as a change of the rules', async () => {
  write(shopPolicy(cast));
  scratch.commit('base');
  expect((await errorOf(verify('f'.repeat(40), [cast.ana]))).message).toContain('(commit not known)');
});

test('G13: without a policy on the base nothing is approved', async () => {
  scratch.commit('base');
  const commit = change(() => write(shopPolicy(cast)));
  expect(codesOf(await errorOf(verify(commit, [cast.ana])))).toEqual(['E6013']);
});

test('without any policy it is wrong usage outside the sandbox', async () => {
  expect((await errorOf(rulesFor({}, {}, judges, scratch.root))).exitCode).toBe(64);
});

const facts = (account: string, bucket = account): string =>
  JSON.stringify({
    version: 1,
    environments: {
      'shop/dev': {
        account,
        stateAccount: account,
        credentials: { kind: 'ambient' },
        lock: 'dynamodb',
        states: [
          {
            bucket: `terraform-state-${bucket}-eu-central-1`,
            region: 'eu-central-1',
            kmsKeyId: `arn:aws:kms:eu-central-1:${account}:alias/terraform-state`,
            lockTable: `terraform-locks-${account}`,
          },
        ],
        accepted: { bucket: `terraform-state-${bucket}-eu-central-1`, region: 'eu-central-1', key: 'dev/accepted.json' },
        stateKey: '{environment}/{region}/{layer}/{unit}/terraform.tfstate',
        regions: ['eu-central-1'],
        protected: false,
        planned: false,
        pass: { variables: [], files: [] },
        addresses: {},
      },
    },
  });

test('G13: a unit that says another account or bucket than the facts of the base is refused, however many approve', async () => {
  write(shopPolicy(cast));
  scratch.file('terrace.environments.json', facts('123456789012'));
  scratch.commit('base');
  expect(
    (
      await verify(
        change(() => scratch.file('stacks/a.ts', '1')),
        [cast.ana, cast.bob],
      )
    ).bundle.units,
  ).toHaveLength(1);
  for (const [account, bucket, expected] of [
    ['999999999999', '999999999999', /the account of its states: the unit says "123456789012", the facts say "999999999999"/],
    ['123456789012', '999999999999', /the bucket of its state/],
  ] as const) {
    scratch.git('checkout', '--quiet', 'main');
    scratch.file('terrace.environments.json', facts(account, bucket));
    scratch.commit('other facts');
    const error = await errorOf(verify(scratch.git('rev-parse', 'change'), [cast.ana, cast.bob]));
    expect([codesOf(error), error.exitCode]).toEqual([['E6063'], 3]);
    expect(error.message).toMatch(expected);
  }
});

test('G13: a policy of the base that refuses binds, whoever approved and whatever policies the change brings', async () => {
  write(shopPolicy(cast));
  const policy = (severity: string): string => `import { planWith, policy } from 'terrace/policy';
export default policy({
  id: 'nothing-at-all', severity: '${severity}', explain: 'Nothing may be made here, for the sake of this test.',
  check: (plan) => plan.units.flatMap((unit) => unit.changes.map(({ address }) => ({ message: 'made', unit: unit.path, address }))),
  test: { holds: { nothing: { units: [] } }, refuses: { one: planWith('a/b/c/d/e', 'x_y.z', {}) } },
});`;
  scratch.file('policies/nothing.ts', policy('deny'));
  scratch.commit('base');
  const commit = change(() => scratch.file('policies/nothing.ts', policy('warn')));
  const error = await errorOf(verify(commit, [cast.ana, cast.bob]));
  expect([codesOf(error), error.exitCode]).toEqual([['E7108'], 3]);
});

test('rules that wait for a finding that nothing can find are refused', async () => {
  write(shopPolicy(cast, { secondApproverFindings: ['stateful-*'] }));
  scratch.commit('base');
  const error = await errorOf(rulesFor({ policyRef: 'main' }, {}, judges, scratch.root));
  expect([codesOf(error), error.message]).toEqual([['E6013'], expect.stringContaining('match no finding: stateful-*')]);
});
