import { expect, test } from '@jest/globals';

import { rules } from '../../../terrace/review/findings/catalog';
import { ruleCases } from '../_fixtures/rule-cases';

/** Tried in test/e2e/review/special-rules.test.ts: they are not about one provider's resource. */
const special = [
  'resource-forgotten',
  'resource-imported',
  'drift-noticed',
  'provisioner-runs',
  'mocked-value',
  // Who reads and who ignores it stands in the configuration: tried in test/review/findings/generated-secret.test.ts.
  'generated-secret-replaced',
  'plan-incomplete',
  'plan-reaches-out',
  'provider-version-changed',
  'terraform-version-changed',
  'rules-changed',
  // Made of states and records, not of a plan alone: tried where bundles are made (test/e2e/delivery/memory and living-readers, test/e2e/trust/forgotten-reader, test/ci/harness).
  'apply-interrupted',
  'unit-excluded',
  'history-superseded',
  'protection-removed',
  'reader-forgotten',
  'readers-outside',
  'readers-unknown',
  'replaced-under-readers',
  'rules-accepted',
  'state-given-up',
  'unit-renamed',
  'unit-unplanned',
  'written-by-another-tool',
];

test('every rule has a case on a real plan, and every case is of a rule', () => {
  const tried = [...new Set([...Object.values(ruleCases).flatMap((cases) => cases.map(({ rule }) => rule)), ...special])].toSorted();
  expect(tried).toEqual(rules.map(({ id }) => id).toSorted());
});

test('there are more than forty rules, each with an id of its own, a title and a reason to care', () => {
  expect(rules.length).toBeGreaterThanOrEqual(40);
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  for (const { id, title, explain } of rules) {
    expect(id).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
    expect(title.length).toBeGreaterThan(10);
    expect(explain.length).toBeGreaterThan(40);
  }
});
