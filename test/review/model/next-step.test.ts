import { expect, test } from '@jest/globals';

import { nextStep, type NeededApprovals, type Standing } from '../../../terrace/review/model/next-step';
import { bundleOf } from '../_fixtures/bundle-of';

const unit = { system: 'shop', environment: 'production', mocks: [], status: 'changes' as const };
const asked: NeededApprovals = { environment: 'shop/production', needed: 2, given: ['a@x'], approvers: ['a@x', 'b@x'] };
const standing = (approvals: readonly NeededApprovals[], more: Partial<Standing> = {}): Standing => ({
  rules: 'abc',
  approvals,
  now: new Date('2026-01-01T12:00:00Z'),
  sandbox: false,
  ...more,
});

test('what lacks an approval is approved, by the digits of the hash and a key, which the sandbox has itself', () => {
  expect(nextStep(bundleOf({ place: 'out/my bundle' }), [unit], standing([asked]))).toMatchObject({
    step: 'approve',
    command: "terrace approve 'out/my bundle' --hash abababababab --key <your key>",
    because: 'shop/production has 1 of 2 approvals',
  });
  expect(nextStep(bundleOf(), [unit], standing([asked], { sandbox: true })).command).toBe('terrace approve bundle --hash abababababab');
});

test('what is approved is applied, and waits where a freeze holds', () => {
  const approved = { ...asked, given: ['a@x', 'b@x'] };
  expect(nextStep(bundleOf(), [unit], standing([approved]))).toMatchObject({ step: 'apply', command: 'terrace apply bundle' });
  expect(nextStep(bundleOf(), [unit], standing([{ ...approved, freeze: 'sat: nobody' }]))).toMatchObject({
    step: 'wait',
    because: 'approved, but frozen now: sat: nobody',
  });
});

test('what was planned with mocks, or has expired, is planned again', () => {
  const mocked = { ...unit, mocks: [{ unit: 'shop/production/eu/network/vpc', output: 'id', reference: 'local.x' }] };
  expect(nextStep(bundleOf(), [mocked], standing([asked]))).toMatchObject({
    step: 'plan again',
    command: 'terrace plan shop/production --out bundle',
  });
  expect(nextStep(bundleOf(), [unit], standing([asked], { now: new Date('2026-01-03T00:00:00Z') }))).toMatchObject({
    step: 'plan again',
    because: 'it expired at 2026-01-02 00:00 UTC',
  });
});

test('what a policy refuses is corrected and planned again, whoever approved it', () => {
  const approved = { ...asked, given: ['a@x', 'b@x'] };
  expect(nextStep(bundleOf(), [unit], standing([approved]), ['allowed-regions', 'allowed-regions'])).toMatchObject({
    step: 'plan again',
    command: 'terrace plan shop/production --out bundle',
    because: 'the policy allowed-regions refuses it: correct the source first',
  });
  expect(nextStep(bundleOf(), [unit], undefined, ['allowed-regions', 'names']).because).toBe(
    'the policies allowed-regions, names refuse it: correct the source first',
  );
});

test('without rules it is approved all the same, and says that apply asks for them', () => {
  expect(nextStep(bundleOf(), [unit])).toMatchObject({
    step: 'approve',
    because: 'no approval rules were found here: apply needs them',
    approvals: [],
  });
});
