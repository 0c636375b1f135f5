import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { buildReview } from '../../../terrace/review/model/build';
import type { Review } from '../../../terrace/review/model/review';
import { caseAddress } from '../../review/_fixtures/case-files';
import { ruleCases } from '../../review/_fixtures/rule-cases';
import { type TestSandbox, testSandbox } from '../../_helpers/sandbox';

import { planOfCases } from './terraform-cases';

const bundle = {
  hash: '0'.repeat(64),
  commit: null,
  dirty: false,
  round: 1,
  createdAt: '2026-01-01T00:00:00Z',
  expiresAt: '2026-01-02T00:00:00Z',
  terraform: 'terraform',
};

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await testSandbox();
}, 600_000);
afterAll(async () => {
  await sandbox.dispose();
});

describe.each(Object.entries(ruleCases))('on a real plan of %s', (kind, cases) => {
  let review: Review;
  beforeAll(async () => {
    review = buildReview({
      bundle,
      units: [{ path: `rules/dev/eu-central-1/rules/${kind}`, plan: await planOfCases(sandbox, kind, cases) }],
    });
  }, 600_000);

  test.each(cases.map((one, index) => [one.rule, one, index] as const))('%s speaks where it must (%#)', (rule, one, index) => {
    expect(review.findings.filter(({ address }) => address === caseAddress(one, index, 'fires')).map((finding) => finding.rule)).toContain(
      rule,
    );
  });

  test.each(cases.map((one, index) => [one.rule, one, index] as const))('%s is silent where it must be (%#)', (rule, one, index) => {
    const address = caseAddress(one, index, 'silent');
    // The harmless change is in the plan, so that silence means something.
    expect(review.units.flatMap(({ changes }) => changes.map((change) => change.address))).toContain(address);
    expect(review.findings.filter((finding) => finding.address === address).map((finding) => finding.rule)).not.toContain(rule);
  });

  test('no sensitive value of it is in the review', () => {
    expect(JSON.stringify(review)).not.toMatch(/(?:first|second)-secret-value/);
  });
});
