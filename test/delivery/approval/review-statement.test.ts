import { beforeAll, expect, test } from '@jest/globals';

import type { ApprovalPolicy, EnvironmentPolicy } from '../../../terrace/delivery/approval/approval-rules';
import { evaluate } from '../../../terrace/delivery/approval/evaluate';
import { privateKeyFrom } from '../../../terrace/delivery/approval/keys';
import { countingLogins, proposingLogins } from '../../../terrace/delivery/approval/review-statement';
import { approveAsReviewed } from '../../../terrace/delivery/approve/approve';
import type { BundleContent } from '../../../terrace/delivery/bundle/content';
import { verifyContent } from '../../../terrace/delivery/bundle/verify';
import { madeAt, newCast, sealedBundle, shopPolicy, type Cast } from '../../_helpers/sealed-bundle';
import { network } from '../../_helpers/shop-tree';

const hash = `0123456789ab${'c'.repeat(52)}`;

/** An entry as the API lists it. */
const said = (login: string, comment: string, place = 'dev-review', state = 'approved'): object => ({
  state,
  comment,
  environments: [{ name: place }],
  user: { login },
});
const counted = (...entries: readonly object[]): readonly string[] => countingLogins(JSON.stringify(entries), 'dev-review', hash);

test('an approval of a gate counts when its comment names the bundle by twelve digits or more', () => {
  expect(counted(said('Ana', 'read it: 0123456789ab'), said('bob', hash))).toEqual(['ana', 'bob']);
});

test.each([
  ['another plan', said('ana', 'fedcba987654')],
  ['too few digits', said('ana', '0123456789a')],
  ['no bundle', said('ana', 'looks good')],
  ['a refusal', said('ana', '0123456789ab', 'dev-review', 'rejected')],
  ['another environment’s gate', said('ana', '0123456789ab', 'production-review')],
  ['a place whose name only begins so', said('ana', '0123456789ab', 'dev-reviewed')],
])('an entry about %s does not count', (_what, entry) => {
  expect(counted(entry)).toEqual([]);
});

test('somebody who opened two gates counts once', () => {
  expect(counted(said('ana', '0123456789ab'), said('Ana', '0123456789ab', 'dev-review-2'))).toEqual(['ana']);
});

test('anything but a list is refused', () => {
  expect(() => countingLogins('{}', 'dev-review', hash)).toThrow('E6024');
  expect(() => countingLogins('no', 'dev-review', hash)).toThrow('E6024');
});

let cast: Cast;
let content: BundleContent;
beforeAll(async () => {
  cast = await newCast();
  content = await sealedBundle({ units: [{ unit: network() }] }, cast);
});

/** The engine is Bob's key here; Ana and Bob have logins. */
async function verdict(
  logins: readonly string[],
  rules: Partial<EnvironmentPolicy>,
  known: ApprovalPolicy['logins'],
  { authors, proposedBy = [] }: { readonly authors?: readonly string[]; readonly proposedBy?: readonly string[] } = {},
) {
  const verified = await verifyContent(content);
  const signed = approveAsReviewed(verified, privateKeyFrom(cast.bob.privatePem, 'bob'), {
    approvedAt: madeAt.toISOString(),
    logins,
    proposedBy,
    run: '7',
    attempt: '1',
    commit: 'c'.repeat(40),
  });
  const found = evaluate({
    bundle: { ...verified.bundle, ...(authors === undefined ? {} : { authors }) },
    hash: content.hash,
    policy: { ...shopPolicy(cast, rules), ...(known === undefined ? {} : { logins: known }) },
    envelopes: [signed],
    findings: [],
    now: new Date(madeAt.getTime() + 60_000),
  });
  return { codes: found.problems.map(({ code }) => code), approvedBy: found.approvedBy };
}

test('what an engine says counts for the persons whose logins the policy names', async () => {
  const known = { Ana: 'ana@example.com' };
  expect(await verdict(['ana'], { gateKeys: ['bob@example.com'] }, known)).toEqual({ codes: [], approvedBy: ['ana@example.com'] });
  expect(await verdict(['ana'], { gateKeys: ['bob@example.com'], approvals: 2 }, known)).toMatchObject({ codes: ['E6010'] });
});

test('a key that may not speak for gates, an unknown login and an author count for nothing', async () => {
  const known = { ana: 'ana@example.com' };
  expect((await verdict(['ana'], {}, known)).codes).toEqual(['E6010', 'E6086']);
  expect((await verdict(['mallory'], { gateKeys: ['bob@example.com'] }, known)).codes).toEqual(['E6010', 'E6085']);
  expect((await verdict(['ana'], { gateKeys: ['bob@example.com'] }, known, { authors: ['ana@example.com'] })).codes).toEqual([
    'E6010',
    'E6088',
  ]);
});

test('who proposed a change made it, whoever committed it, where the one who says so speaks for the gates', async () => {
  const known = { ana: 'ana@example.com', cem: 'cem@example.com' };
  const gated = { gateKeys: ['bob@example.com'] };
  expect((await verdict(['ana'], gated, known, { proposedBy: ['ana'] })).codes).toEqual(['E6010', 'E6088']);
  expect((await verdict(['ana'], gated, known, { proposedBy: ['cem', 'mallory'] })).codes).toEqual([]);
  expect((await verdict(['ana'], { ...gated, ownChange: true }, known, { proposedBy: ['ana'] })).codes).toEqual([]);
});

test('the authors of pull requests count once each, and a list without one is refused', () => {
  const proposed = (...users: readonly unknown[]): readonly string[] =>
    proposingLogins(JSON.stringify(users.map((user) => ({ number: 1, user }))), 'dev-review');
  expect(proposed({ login: 'Bob' }, { login: 'ana' }, null, { login: 'bob' })).toEqual(['ana', 'bob']);
  expect(() => proposed({ id: 1 })).toThrow('E6024');
  expect(() => proposingLogins('{"message": "Not Found"}', 'dev-review')).toThrow('E6024');
});
