import { readFileSync } from 'node:fs';
import path from 'node:path';

import { beforeAll, expect, test } from '@jest/globals';

import { project } from '../../main';
import { carriedProblems } from '../../terrace/ci/carried-rules';
import type { SystemDelivery } from '../../terrace/ci/delivery';
import { deliveries } from '../../terrace/ci/generate';
import {
  environmentPolicy,
  parsePolicy,
  type ApprovalPolicy,
  type EnvironmentPolicy,
} from '../../terrace/delivery/approval/approval-rules';
import { projectRoot } from '../_helpers/project-root';

let systems: readonly SystemDelivery[];
let example: ApprovalPolicy;
beforeAll(async () => {
  systems = await deliveries(project, projectRoot);
  const file = path.join(projectRoot, 'docs', 'examples', 'terrace.approvals.json');
  example = await parsePolicy(readFileSync(file, 'utf8'), 'example');
}, 600_000);

/** The example with other rules for production of olechka. */
const production = (changes: Partial<EnvironmentPolicy>): ApprovalPolicy => ({
  ...example,
  environments: {
    ...example.environments,
    'olechka/production': {
      approvals: 2,
      approvers: ['ana@example.com', 'bob@example.com'],
      gateKeys: ['pipeline@example.com'],
      ...changes,
    },
  },
});
const found = (policy: ApprovalPolicy): readonly string[] => systems.flatMap((one) => carriedProblems(one, policy)).map((one) => one.found);

test('gates carry the rules of the example, which names every environment that has a pipeline', () => {
  expect(found(example)).toEqual([]);
  for (const { system, environments } of systems)
    for (const { name } of environments)
      expect([system, name, environmentPolicy(example, system, name)]).toEqual([system, name, expect.anything()]);
});

test.each<[string, Partial<EnvironmentPolicy>, readonly string[]]>([
  ['another number than the pipeline has gates for', { approvals: 1 }, ['approvals is 1 in the rules and 2 in ci']],
  [
    'more persons than gates',
    { approvals: 4, approvers: ['ana@example.com', 'bob@example.com', 'cem@example.com', 'dan@example.com'] },
    [
      'approvals is 4 in the rules and 2 in ci',
      'the rules ask for 4 approvals, and one more for a finding',
      '3 of its approvers have a login, but 4 have to approve',
    ],
  ],
  ['a word about gates that counts nowhere', { gateKeys: [] }, ['the rules name no gateKeys: no key can vouch for its gates']],
  [
    'approvers without a login',
    { approvers: ['ana@example.com', 'dan@example.com'] },
    ['1 of its approvers have a login, but 2 have to approve'],
  ],
  [
    'a finding that asks for one person more than there are',
    { secondApproverFindings: ['replaces-data'] },
    ['2 of its approvers have a login, but 3 have to approve the findings in secondApproverFindings'],
  ],
])('%s cannot be carried', (_what, changes, problems) => {
  expect(found(production(changes))).toEqual(problems);
});

test('an environment that applies without asking needs a key of an engine among its approvers', () => {
  const environments = { ...example.environments, 'tux/staging': { approvals: 1, approvers: ['ana@example.com'] } };
  expect(found({ ...example, environments })).toEqual(['it is applied without asking anybody, and no approver is a signing key']);
});

test('where nobody is asked, a finding that asks for a person needs one with a login, and a key that tells of the gate', () => {
  const rules = { approvals: 1, approvers: ['pipeline@example.com'], secondApproverFindings: ['replaces-data'] };
  const environments = { ...example.environments, 'tux/staging': rules };
  expect(found({ ...example, environments })).toEqual([
    'the rules name no gateKeys: no key can vouch for its gates',
    '0 of its approvers have a login, but 1 have to approve the findings in secondApproverFindings',
  ]);
});

test('rules that name nobody yet are left alone', () => {
  expect(found({ version: 1, keys: [], environments: { '*': { approvals: 1, approvers: [] } } })).toEqual([]);
});
