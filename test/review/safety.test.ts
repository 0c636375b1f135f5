import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { buildReview } from '../../terrace/review/model/build';
import type { Review } from '../../terrace/review/model/review';
import type { Mask, PlanJson, PlanResource } from '../../terrace/terraform/plan-json';
import type { Json } from '../../terrace/base/json';
import { renderHtml } from '../../terrace/review/render/html/html-page';
import { renderJson } from '../../terrace/review/render/json';
import { renderMarkdown } from '../../terrace/review/render/markdown';
import { renderSarif } from '../../terrace/review/render/sarif';
import { reviewText } from '../../terrace/review/render/text';

import { bundleOf } from './_fixtures/bundle-of';

/** A value with its mask; every sensitive leaf holds the word CANARY. */
interface Masked {
  readonly value: Json;
  readonly mask: Mask;
}

const canary = fc.nat().map((number) => `CANARY-${number}-of-a-secret`);
const harmless: fc.Arbitrary<Json> = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const name = fc.constantFrom('password', 'policy', 'name', 'tags', 'Statement', 'id', 'data', '__proto__', 'terrace:mark', 'constructor');
const secretTree = fc.letrec<{ readonly tree: Json }>((tie) => ({
  tree: fc.oneof({ maxDepth: 3 }, canary, fc.array(tie('tree'), { maxLength: 3 }), fc.dictionary(name, tie('tree'), { maxKeys: 3 })),
})).tree;

const { masked } = fc.letrec<{ readonly masked: Masked }>((tie) => ({
  masked: fc.oneof(
    { maxDepth: 4 },
    harmless.map((value) => ({ value, mask: false })),
    secretTree.map((value) => ({ value, mask: true })),
    // A document or a longer text that contains a secret is marked as a whole by terraform.
    canary.map((secret) => ({ value: JSON.stringify({ Statement: [{ Resource: secret }] }), mask: true })),
    fc
      .array(tie('masked'), { maxLength: 4 })
      .map((items) => ({ value: items.map(({ value }) => value), mask: items.map(({ mask }) => mask) })),
    fc.dictionary(name, tie('masked'), { maxKeys: 4 }).map((entries) => ({
      value: Object.fromEntries(Object.entries(entries).map(([key, { value }]) => [key, value])),
      mask: Object.fromEntries(Object.entries(entries).map(([key, { mask }]) => [key, mask])),
    })),
  ),
}));

function attributes(parts: readonly Masked[]): { readonly value: { readonly [key: string]: Json }; readonly mask: Mask } {
  return {
    value: Object.fromEntries(parts.map(({ value }, index) => [`attribute_${index}`, value])),
    mask: Object.fromEntries(parts.map(({ mask }, index) => [`attribute_${index}`, mask])),
  };
}

const resource = fc
  .record({
    before: fc.option(fc.array(masked, { maxLength: 4 })),
    after: fc.option(fc.array(masked, { maxLength: 4 })),
    type: fc.constantFrom(
      'aws_secretsmanager_secret_version',
      'aws_iam_role_policy',
      'aws_s3_bucket',
      'terraform_data',
      'kubernetes_secret_v1',
    ),
    copy: fc.boolean(),
  })
  .map(({ before, after, type, copy }): PlanResource => {
    const [old, now] = [before, after].map((parts) => (parts === null ? undefined : attributes(parts)));
    // Providers copy sensitive values where no mark is: terraform_data does.
    const leaked = copy && now !== undefined ? { output: now.value } : {};
    return {
      address: `${type}.one`,
      mode: 'managed',
      type,
      name: 'one',
      provider_name: 'registry.terraform.io/hashicorp/aws',
      change: {
        actions: old === undefined ? ['create'] : now === undefined ? ['delete'] : ['update'],
        before: old?.value ?? null,
        after: now === undefined ? null : { ...now.value, ...leaked },
        after_unknown: {},
        before_sensitive: old?.mask ?? false,
        after_sensitive: now?.mask ?? false,
      },
    };
  });

const plan = fc
  .record({ resources: fc.array(resource, { maxLength: 3 }), drift: fc.array(resource, { maxLength: 2 }), output: masked, old: masked })
  .map(({ resources, drift, output, old }): PlanJson => ({
    format_version: '1.2',
    resource_changes: resources.map((one, index) => ({ ...one, address: `${one.type}.changed_${index}` })),
    resource_drift: drift.map((one, index) => ({ ...one, address: `${one.type}.drifted_${index}` })),
    output_changes: {
      one: {
        actions: ['update'],
        before: old.value,
        after: output.value,
        after_unknown: false,
        before_sensitive: old.mask,
        after_sensitive: output.mask,
      },
    },
  }));

async function everything(review: Review): Promise<string> {
  return [
    await renderHtml(review),
    renderMarkdown(review),
    renderSarif(review),
    renderJson(review),
    reviewText(review),
    JSON.stringify(review.findings),
  ].join('\n');
}

test('a sensitive value appears in no rendering, at whatever depth it is marked and wherever it was copied', async () => {
  await fc.assert(
    fc.asyncProperty(plan, async (generated) => {
      const review = buildReview({ bundle: bundleOf(), units: [{ path: 'made/dev/eu-central-1/data/secrets', plan: generated }] });
      expect(await everything(review)).not.toContain('CANARY');
    }),
    { numRuns: 400 },
  );
}, 600_000);

test('the property would notice: a value without its mark is shown', async () => {
  const open: PlanJson = {
    format_version: '1.2',
    resource_changes: [
      {
        address: 'terraform_data.a',
        mode: 'managed',
        type: 'terraform_data',
        name: 'a',
        provider_name: 'terraform.io/builtin/terraform',
        change: {
          actions: ['create'],
          before: null,
          after: { input: 'CANARY-1-of-a-secret' },
          after_unknown: {},
          before_sensitive: false,
          after_sensitive: {},
        },
      },
    ],
  };
  const review = buildReview({ bundle: bundleOf(), units: [{ path: 'made/dev/eu-central-1/data/secrets', plan: open }] });
  for (const text of [await renderHtml(review), renderMarkdown(review), renderJson(review)]) expect(text).toContain('CANARY');
});

test('digests of sensitive values are in no rendering', async () => {
  const secret: PlanJson = {
    format_version: '1.2',
    resource_changes: [
      {
        address: 'terraform_data.a',
        mode: 'managed',
        type: 'terraform_data',
        name: 'a',
        provider_name: 'terraform.io/builtin/terraform',
        change: {
          actions: ['create'],
          before: null,
          after: { input: { 'terrace:masked': 'feedface'.repeat(4) } },
          after_unknown: {},
          before_sensitive: false,
          after_sensitive: {},
        },
      },
    ],
  };
  const review = buildReview({
    bundle: bundleOf(),
    units: [{ path: 'made/dev/eu-central-1/data/secrets', plan: secret }],
    readMarker: () => undefined,
  });
  const marked = buildReview({
    bundle: bundleOf(),
    units: [{ path: 'made/dev/eu-central-1/data/secrets', plan: secret }],
    readMarker: (value) => (typeof value === 'object' && value !== null && 'terrace:masked' in value ? 'feedface' : undefined),
  });
  expect(await everything(review)).toContain('feedface');
  expect(await everything(marked)).not.toContain('feedface');
});
