import { beforeAll, expect, test } from '@jest/globals';

import { evaluate, type SignedFile } from '../../../terrace/delivery/approval/evaluate';
import { rulesChanged, type Finding } from '../../../terrace/delivery/approval/second-approver';
import type { ApprovalPolicy, EnvironmentPolicy } from '../../../terrace/delivery/approval/approval-rules';
import { signEnvelope } from '../../../terrace/delivery/approval/envelope';
import { privateKeyFrom } from '../../../terrace/delivery/approval/keys';
import { statementOf } from '../../../terrace/delivery/approval/statement';
import type { Bundle } from '../../../terrace/delivery/bundle/bundle';
import type { BundleContent } from '../../../terrace/delivery/bundle/content';
import { verifyContent } from '../../../terrace/delivery/bundle/verify';
import { approvalBy, madeAt, newCast, sealedBundle, shopPolicy, type Cast } from '../../_helpers/sealed-bundle';
import { network, shopPath } from '../../_helpers/shop-tree';

let cast: Cast;
let content: BundleContent;
let bundle: Bundle;
beforeAll(async () => {
  cast = await newCast();
  content = await sealedBundle({ units: [{ unit: network() }] }, cast);
  bundle = (await verifyContent(content)).bundle;
});

interface Given {
  readonly rules?: Partial<EnvironmentPolicy>;
  readonly policy?: ApprovalPolicy;
  readonly envelopes?: readonly SignedFile[];
  readonly findings?: readonly Finding[];
  readonly now?: Date;
  readonly bundle?: Partial<Bundle>;
}

function verdict(given: Given) {
  const found = evaluate({
    bundle: { ...bundle, ...given.bundle },
    hash: content.hash,
    policy: given.policy ?? shopPolicy(cast, given.rules),
    envelopes: given.envelopes ?? [],
    findings: given.findings ?? [],
    now: given.now ?? new Date(madeAt.getTime() + 120_000),
  });
  return {
    codes: found.problems.map((problem) => problem.code),
    text: found.problems.map((problem) => problem.found).join('\n'),
    approvedBy: found.approvedBy,
    standing: found.standing,
  };
}

test('one approval of somebody the policy names is enough where it asks for one', async () => {
  expect(verdict({ envelopes: [await approvalBy(cast.ana, content)] })).toMatchObject({
    codes: [],
    text: '',
    approvedBy: ['ana@example.com'],
  });
});

test('it says how many persons an environment asks for, who said yes so far, and what asks for one more', async () => {
  const envelopes = [await approvalBy(cast.ana, content)];
  const [{ unit }] = bundle.units as readonly [Bundle['units'][number]];
  const environment = `${unit.system}/${unit.environment}`;
  expect(verdict({ envelopes }).standing).toMatchObject([{ environment, needed: 1, given: ['ana@example.com'], reasons: [] }]);
  const found = { id: 'replaces-data', place: unit.path };
  expect(verdict({ envelopes, rules: { secondApproverFindings: ['replaces-*'] }, findings: [found] }).standing).toMatchObject([
    { environment, needed: 2, given: ['ana@example.com'], reasons: [found] },
  ]);
  expect(verdict({ rules: { approvals: 3 } }).standing).toMatchObject([{ environment, needed: 3, given: [], reasons: [] }]);
});

test('no approval is E6010', () => {
  expect(verdict({})).toMatchObject({ codes: ['E6010'], text: '0 of 1 approvals' });
});

test('who made the change is also known by the address with which GitHub hides his own, in capitals, with and without a number', async () => {
  const policy = { ...shopPolicy(cast), logins: { 'Ana-Example': 'ana@example.com' } };
  const envelopes = [await approvalBy(cast.ana, content)];
  for (const author of ['123+ana-example@users.noreply.github.com', 'ANA-example@users.noreply.github.com'])
    expect(verdict({ policy, envelopes, bundle: { authors: [author] } })).toMatchObject({
      codes: ['E6010', 'E6088'],
      text: expect.stringContaining('ana@example.com made this change'),
    });
  expect(verdict({ policy, envelopes, bundle: { authors: ['123+bob@users.noreply.github.com'] } }).codes).toEqual([]);
});

test('two approvals of one person are one', async () => {
  const envelopes = [await approvalBy(cast.ana, content), await approvalBy(cast.ana, content, new Date(madeAt.getTime() + 90_000))];
  expect(verdict({ rules: { approvals: 2 }, envelopes })).toMatchObject({ codes: ['E6010'], text: '1 of 2 approvals' });
  expect(verdict({ rules: { approvals: 2 }, envelopes: [...envelopes, await approvalBy(cast.bob, content)] }).codes).toEqual([]);
});

test('one key under two spellings of an identity is one person', async () => {
  const policy = shopPolicy(cast, { approvals: 2, approvers: ['ana@example.com', 'ANA@example.com'] });
  const twice = { ...policy, keys: [...policy.keys, { identity: 'ANA@example.com', publicKey: cast.eve.publicPem }] };
  expect(verdict({ policy: twice, envelopes: [await approvalBy(cast.ana, content), await approvalBy(cast.eve, content)] }).codes).toContain(
    'E6010',
  );
});

test('G13: a key that the policy of the base does not hold counts for nothing', async () => {
  expect(verdict({ envelopes: [await approvalBy(cast.eve, content)] })).toMatchObject({
    codes: ['E6010', 'E6083'],
    text: expect.stringContaining('it is not signed with a key in the approval rules'),
  });
});

test('an approver of another environment counts for nothing here', async () => {
  expect(verdict({ rules: { approvers: ['bob@example.com'] }, envelopes: [await approvalBy(cast.ana, content)] })).toMatchObject({
    codes: ['E6010', 'E6087'],
    text: expect.stringContaining('ana@example.com is not an approver'),
  });
});

test('an approval for another bundle counts for nothing', async () => {
  const other = await sealedBundle({ units: [{ unit: network({ tags: 'other' }) }] }, cast);
  expect(verdict({ envelopes: [await approvalBy(cast.ana, other)] })).toMatchObject({
    codes: ['E6010', 'E6084'],
    text: expect.stringContaining(other.hash),
  });
});

test('G3: an approval for more or fewer units counts for nothing', () => {
  for (const units of [[], [shopPath('network/vpc'), shopPath('storage/db')]]) {
    const envelope = signEnvelope(
      statementOf({ bundle: content.hash, units, approvedAt: madeAt.toISOString(), comment: '' }),
      privateKeyFrom(cast.ana.privatePem, ''),
      cast.ana.id,
    );
    expect(verdict({ envelopes: [{ file: 'a', envelope }] }).codes).toEqual(['E6010', 'E6015']);
  }
});

test('nobody approves a change of their own, unless the policy allows it', async () => {
  const own = { authors: ['ana@example.com'] };
  const envelopes = [await approvalBy(cast.ana, content)];
  expect(verdict({ bundle: own, envelopes })).toMatchObject({
    codes: ['E6010', 'E6088'],
    text: expect.stringContaining('ana@example.com made this change'),
  });
  expect(verdict({ bundle: own, rules: { ownChange: true }, envelopes }).codes).toEqual([]);
});

test('an approval that is too old, or from the future, counts for nothing', async () => {
  const old = [await approvalBy(cast.ana, content, new Date(madeAt.getTime() - 3_600_001))];
  expect(verdict({ rules: { maxAgeHours: 1 }, envelopes: old, now: madeAt }).codes).toEqual(['E6010', 'E6089']);
  expect(verdict({ rules: { maxAgeHours: 2 }, envelopes: old, now: madeAt }).codes).toEqual([]);
  const early = [await approvalBy(cast.ana, content, new Date(madeAt.getTime() + 3_600_000))];
  expect(verdict({ envelopes: early, now: madeAt }).codes).toEqual(['E6010', 'E6090']);
});

test('in a freeze nothing is applied, whoever approved', async () => {
  const freeze = [{ from: '2026-11-21T00:00:00Z', to: '2026-11-22T00:00:00Z', reason: 'sale' }];
  expect(verdict({ rules: { freeze }, envelopes: [await approvalBy(cast.ana, content)] })).toMatchObject({
    codes: ['E6012'],
    text: expect.stringContaining('sale'),
  });
});

test('G13: a changed rule needs one approver more, by the old policy', async () => {
  const findings = [{ id: rulesChanged, place: 'terrace.approvals.json' }];
  const ana = await approvalBy(cast.ana, content);
  expect(verdict({ findings, envelopes: [ana] })).toMatchObject({
    codes: ['E6010'],
    text: expect.stringContaining('delivery/rules-changed terrace.approvals.json'),
  });
  expect(verdict({ findings, envelopes: [ana, await approvalBy(cast.bob, content)] }).codes).toEqual([]);
});

test('a finding that the policy names needs one approver more, only in its environment', async () => {
  const rules = { secondApproverFindings: ['stateful-*', 'public-bucket'] };
  const envelopes = [await approvalBy(cast.ana, content)];
  expect(verdict({ rules, envelopes, findings: [{ id: 'stateful-destroy', place: shopPath('network/vpc') }] }).codes).toEqual(['E6010']);
  expect(verdict({ rules, envelopes, findings: [{ id: 'public-bucket', place: shopPath('network/vpc') }] }).codes).toEqual(['E6010']);
  expect(
    verdict({
      rules,
      envelopes,
      findings: [
        { id: 'stateful-destroy', place: 'shop/production/eu-central-1/network/vpc' },
        { id: 'tag-missing', place: shopPath('network/vpc') },
      ],
    }).codes,
  ).toEqual([]);
});

test('an environment without rules cannot be approved', async () => {
  const policy = { ...shopPolicy(cast), environments: { 'shop/production': { approvals: 1, approvers: ['ana@example.com'] } } };
  expect(verdict({ policy, envelopes: [await approvalBy(cast.ana, content)] })).toMatchObject({
    codes: ['E6010'],
    text: 'the approval rules do not name this environment',
  });
});

test('the nearest rules of an environment count', async () => {
  const rules = (approvals: number): EnvironmentPolicy => ({ approvals, approvers: ['ana@example.com'] });
  const envelopes = [await approvalBy(cast.ana, content)];
  const policy = (environments: ApprovalPolicy['environments']): ApprovalPolicy => ({ ...shopPolicy(cast), environments });
  expect(
    verdict({ policy: policy({ '*': rules(2), '*/dev': rules(2), 'shop/*': rules(2), 'shop/dev': rules(1) }), envelopes }).codes,
  ).toEqual([]);
  expect(verdict({ policy: policy({ '*': rules(2), '*/dev': rules(2), 'shop/*': rules(1) }), envelopes }).codes).toEqual([]);
  expect(verdict({ policy: policy({ '*': rules(2), '*/dev': rules(1) }), envelopes }).codes).toEqual([]);
  expect(verdict({ policy: policy({ '*': rules(2) }), envelopes }).codes).toEqual(['E6010']);
});

test('a signature over another payload counts for nothing', async () => {
  const signed = await approvalBy(cast.ana, content);
  const statement = statementOf({
    bundle: content.hash,
    units: [shopPath('network/vpc')],
    approvedAt: madeAt.toISOString(),
    comment: 'altered',
  });
  const altered = { ...signed, envelope: { ...signed.envelope, payload: Buffer.from(JSON.stringify(statement)).toString('base64') } };
  expect(verdict({ envelopes: [altered] }).codes).toEqual(['E6010', 'E6083']);
});

test('an approval that does not count is not in the way of one that does', async () => {
  expect(verdict({ envelopes: [await approvalBy(cast.eve, content), await approvalBy(cast.ana, content)] }).codes).toEqual([]);
});
