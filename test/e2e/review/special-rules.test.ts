import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { buildReview, type ReviewSource, type UnitSource } from '../../../terrace/review/model/build';
import type { Review } from '../../../terrace/review/model/review';
import type { PlanJson } from '../../../terrace/terraform/plan-json';
import { bundleOf } from '../../review/_fixtures/bundle-of';
import { type TestSandbox, testSandbox } from '../../_helpers/sandbox';

import { plannedFolder } from './terraform-cases';

const unit = 'rules/dev/eu-central-1/rules/special';

let sandbox: TestSandbox;
let review: Review;
let plan: PlanJson;

function reviewed(more: Partial<UnitSource> = {}, source: Partial<ReviewSource> = {}): Review {
  return buildReview({ bundle: bundleOf(), units: [{ path: unit, plan, ...more }], ...source });
}

function rulesAt(found: Review, address?: string): readonly string[] {
  return found.findings.filter((finding) => address === undefined || finding.address === address).map(({ rule }) => rule);
}

beforeAll(async () => {
  sandbox = await testSandbox();
  const folder = await plannedFolder(sandbox, 'aws');
  const bucket = (name: string) => ({ bucket: `review-${name}` });
  await folder.apply({
    resource: {
      aws_s3_bucket: {
        kept: bucket('kept'),
        forgotten: bucket('forgotten'),
        renamed: bucket('renamed'),
        drifted: { ...bucket('drifted'), tags: { Owner: 'team' } },
      },
      terraform_data: { plain: { input: 'a' } },
    },
    output: { name: { value: '${terraform_data.plain.output}' } },
  });
  // Changed outside terraform: another value in the state is what a refresh would find the other way round.
  const state = path.join(folder.folder, 'terraform.tfstate');
  writeFileSync(state, readFileSync(state, 'utf8').replaceAll('"Owner": "team"', '"Owner": "somebody else"'));
  plan = await folder.plan({
    resource: {
      aws_s3_bucket: {
        kept: { ...bucket('kept'), tags: { Owner: 'team' } },
        moved: bucket('renamed'),
        taken: bucket('forgotten'),
        drifted: { ...bucket('drifted'), tags: { Owner: 'team' } },
      },
      terraform_data: { plain: { input: 'b' }, program: { input: 'x', provisioner: [{ 'local-exec': { command: 'true' } }] } },
    },
    data: { aws_iam_policy_document: { later: { statement: [{ actions: ['s3:*'], resources: ['${terraform_data.program.id}'] }] } } },
    removed: [{ from: 'aws_s3_bucket.forgotten', lifecycle: [{ destroy: false }] }],
    moved: [{ from: 'aws_s3_bucket.renamed', to: 'aws_s3_bucket.moved' }],
    // What one address forgets another takes over.
    import: [{ to: 'aws_s3_bucket.taken', id: 'review-forgotten' }],
    output: { name: { value: '${terraform_data.plain.output}' } },
  });
  review = reviewed();
}, 600_000);
afterAll(async () => {
  await sandbox.dispose();
});

test('resource-forgotten speaks of what leaves the state and lives on, not of what is changed', () => {
  expect(rulesAt(review, 'aws_s3_bucket.forgotten')).toContain('resource-forgotten');
  expect(rulesAt(review, 'aws_s3_bucket.kept')).not.toContain('resource-forgotten');
});

test('a resource that only moves is shown with where it stood, and is no danger', () => {
  const moved = review.units[0]?.changes.find(({ address }) => address === 'aws_s3_bucket.moved');
  expect(moved).toMatchObject({ action: 'none', movedFrom: 'aws_s3_bucket.renamed' });
  expect(rulesAt(review, 'aws_s3_bucket.moved')).toEqual([]);
  expect(review.counts.move).toBe(1);
});

test('resource-imported speaks of what is taken over, not of what is made', () => {
  expect(rulesAt(review, 'aws_s3_bucket.taken')).toContain('resource-imported');
  expect(rulesAt(review, 'terraform_data.program')).not.toContain('resource-imported');
  expect(review.counts.import).toBe(1);
});

test('drift-noticed speaks of what was changed outside, and only of that', () => {
  expect(review.units[0]?.drift.map(({ address }) => address)).toEqual(['aws_s3_bucket.drifted']);
  expect(review.findings.filter(({ rule }) => rule === 'drift-noticed').map(({ reason }) => reason)).toEqual([
    expect.stringMatching(/^aws_s3_bucket\.drifted: tags/),
  ]);
});

test('provisioner-runs speaks of a resource with one, not of one without', () => {
  expect(rulesAt(review, 'terraform_data.program')).toContain('provisioner-runs');
  expect(rulesAt(review, 'terraform_data.plain')).not.toContain('provisioner-runs');
});

test('mocked-value is one note, however many outputs were made up', () => {
  const mock = (output: string) => ({ unit: 'rules/dev/eu-central-1/rules/other', output, reference: `local.${output}` });
  const notes = (outputs: readonly string[]) =>
    reviewed({ mocks: outputs.map(mock) })
      .findings.filter(({ rule }) => rule === 'mocked-value')
      .map(({ severity, reason }) => `${severity}: ${reason}`);
  expect(notes(['name'])).toEqual(['info: name of rules/dev/eu-central-1/rules/other']);
  expect(notes(Array.from({ length: 109 }, (_, index) => `o${index}`))).toEqual([
    expect.stringMatching(/^info: 109 values: o0 of .*, o3 of rules\/dev\/eu-central-1\/rules\/other and 105 more$/),
  ]);
  expect(rulesAt(review)).not.toContain('mocked-value');
});

test('plan-incomplete speaks of a plan that terraform did not finish', () => {
  expect(rulesAt(buildReview({ bundle: bundleOf(), units: [{ path: unit, plan: { ...plan, errored: true } }] }))).toContain(
    'plan-incomplete',
  );
  expect(rulesAt(review)).not.toContain('plan-incomplete');
});

test('plan-reaches-out speaks of a data source that runs a program, not of one that only reads', () => {
  const [read] = plan.resource_changes?.filter(({ mode }) => mode === 'data') ?? [];
  if (read === undefined) throw new Error('the plan reads no data source');
  const reaching = { ...plan, resource_changes: [{ ...read, address: 'data.external.run', type: 'external' }] };
  expect(rulesAt(buildReview({ bundle: bundleOf(), units: [{ path: unit, plan: reaching }] }))).toContain('plan-reaches-out');
  expect(rulesAt(review, read.address)).toEqual([]);
});

test('versions and rules of the source: each finding has its counterpart without', () => {
  const source = (more: Partial<NonNullable<ReviewSource['source']>>): readonly string[] =>
    rulesAt(reviewed({}, { source: { files: [], lockedVersions: [], ...more } }));
  expect(source({ files: ['policies/naming.ts'] })).toContain('rules-changed');
  expect(source({ files: ['stacks/shop/root.ts', 'docs/policies.md'] })).not.toContain('rules-changed');
  expect(
    source({
      lockedVersions: [{ lockFile: 'stacks/shop/.terraform.lock.hcl', provider: 'hashicorp/aws', before: '6.25.0', after: '7.0.0' }],
    }),
  ).toContain('provider-version-changed');
  expect(source({})).not.toContain('provider-version-changed');
  expect(source({ terraform: { file: '.terraform-version', before: '1.10.5', after: '1.11.4' } })).toContain('terraform-version-changed');
  expect(source({})).not.toContain('terraform-version-changed');
});

test('an output that changes is shown with before and after', () => {
  expect(
    review.units[0]?.outputs.map(({ name, action, change }) => ({ name, action, before: change.before, marks: change.marks })),
  ).toEqual([{ name: 'name', action: 'update', before: 'a', marks: ['unknown'] }]);
});
