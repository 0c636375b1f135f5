import { expect, test } from '@jest/globals';
import { buildMatcher } from '@microsoft/jest-sarif/lib/build-matcher';

import { buildReview } from '../../../terrace/review/model/build';
import { withSources } from '../../../terrace/review/model/with-sources';
import { renderSarif } from '../../../terrace/review/render/sarif';
import { reviewOf } from '../_fixtures/bundle-of';
import { olechkaChange } from '../_fixtures/olechka-change';
import { xssSource } from '../_fixtures/xss';

/** The validator of the SARIF schema, which knows the draft it is written in. */
const validate = buildMatcher() as unknown as (log: unknown) => { readonly pass: boolean; readonly message: () => string };

interface Log {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } }[];
    }[];
  }[];
}

function parsed(text: string): Log {
  return JSON.parse(text) as Log;
}

test('SARIF is valid against its schema: with findings, without, with policies, with hostile values', () => {
  const policies = [
    {
      policy: 'naming',
      severity: 'warn' as const,
      explain: 'Names are read at night.',
      message: 'a name',
      unit: 'shop/dev/eu-central-1/network/vpc',
    },
  ];
  for (const review of [
    buildReview(olechkaChange),
    reviewOf([]),
    buildReview(olechkaChange, { policies }),
    buildReview(xssSource, { policies }),
  ]) {
    const result = validate(parsed(renderSarif(review)));
    expect(result.pass ? '' : result.message()).toBe('');
  }
});

test('the validation would notice a log of another form', () => {
  const log = JSON.parse(renderSarif(buildReview(olechkaChange))) as { runs: { results: { message: unknown }[] }[] };
  const [result] = log.runs[0]?.results ?? [];
  if (result !== undefined) result.message = 'text';
  expect(validate(log).pass).toBe(false);
});

test('each result names its rule by id and index, its level and its unit’s file', () => {
  const [run] = parsed(renderSarif(buildReview(olechkaChange))).runs;
  const widened = run?.results.find(({ ruleId }) => ruleId === 'iam-action-added');
  expect(widened?.level).toBe('error');
  expect(widened?.message.text).toContain('s3:PutObject');
  expect(widened?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(
    'live/olechka/dev/ap-southeast-1/compute/ecs-service-api/main.tf.json',
  );
  for (const { ruleId, ruleIndex } of run?.results ?? []) expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
});

test('a finding whose line in the source is known points at it', () => {
  const review = withSources(buildReview(olechkaChange), (unit, address) =>
    address === 'aws_iam_role_policy.task' ? `stacks/olechka/units/compute/ecs-service-api.ts:${unit.length}` : undefined,
  );
  const [run] = parsed(renderSarif(review)).runs;
  const places = run?.results.map(({ ruleId, locations: [one] }) => [ruleId, one?.physicalLocation]);
  expect(places).toContainEqual([
    'iam-action-added',
    {
      artifactLocation: { uri: 'stacks/olechka/units/compute/ecs-service-api.ts' },
      region: { startLine: 'olechka/dev/ap-southeast-1/compute/ecs-service-api'.length },
    },
  ]);
  expect(validate(parsed(renderSarif(review))).pass).toBe(true);
});
