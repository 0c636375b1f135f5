import { describe, expect, test } from '@jest/globals';

import { buildReview, type AbsentUnit } from '../../../terrace/review/model/build';
import { renderMarkdown } from '../../../terrace/review/render/markdown';
import { reviewText } from '../../../terrace/review/render/text';
import { sourcePlan } from '../../../terrace/terraform/source-plan';
import { pathText } from '../../../terrace/review/diff/attribute-change';
import { bundleOf, reviewOf } from '../_fixtures/bundle-of';
import { olechkaChange } from '../_fixtures/olechka-change';
import { planOf, type MadeChange } from '../_fixtures/plan-of';

function grouped(units: Readonly<Record<string, readonly MadeChange[]>>): readonly (readonly string[])[] {
  return buildReview({
    bundle: bundleOf(),
    units: Object.entries(units).map(([path, changes]) => ({
      path,
      account: path.includes('/dev/') ? '111111111111' : '222222222222',
      plan: planOf({ changes }),
    })),
  }).groups.map(({ members }) => members.map(({ unit }) => unit));
}

const dev = 'shop/dev/eu-central-1/network/vpc';
const live = 'shop/live/us-east-1/network/vpc';

describe('changes over units', () => {
  test('are one where only environment, region and account differ', () => {
    const change = (place: string, region: string, account: string): MadeChange => ({
      address: 'aws_s3_bucket.a',
      after: { bucket: `logs-${place}-${region}`, owner: `arn:aws:iam::${account}:root` },
    });
    expect(
      grouped({ [dev]: [change('dev', 'eu-central-1', '111111111111')], [live]: [change('live', 'us-east-1', '222222222222')] }),
    ).toEqual([[dev, live]]);
  });

  test('are two where a value, the action, the findings or the unit’s name differ', () => {
    const change: MadeChange = { address: 'aws_s3_bucket.a', after: { bucket: 'a' } };
    expect(grouped({ [dev]: [change], [live]: [{ ...change, after: { bucket: 'b' } }] })).toHaveLength(2);
    expect(grouped({ [dev]: [change], [live]: [{ ...change, before: { bucket: 'z' } }] })).toHaveLength(2);
    expect(grouped({ [dev]: [change], [live]: [{ ...change, after: { bucket: 'a', acl: 'public-read' } }] })).toHaveLength(2);
    expect(grouped({ [dev]: [change], 'shop/live/us-east-1/storage/s3': [change] })).toHaveLength(2);
  });

  test('a part of a longer word is no environment: developers is not {environment}elopers', () => {
    const change = (name: string): MadeChange => ({ address: 'aws_s3_bucket.a', after: { bucket: name } });
    expect(grouped({ [dev]: [change('developers')], [live]: [change('liveelopers')] })).toHaveLength(2);
  });

  test('of a policy are one where only ids in the rest of the document differ', () => {
    const change = (key: string, actions: readonly string[]): MadeChange => ({
      address: 'aws_iam_role_policy.a',
      before: { policy: JSON.stringify({ Statement: [{ Sid: 'A', Effect: 'Allow', Action: ['s3:Get'], Resource: key }] }) },
      after: { policy: JSON.stringify({ Statement: [{ Sid: 'A', Effect: 'Allow', Action: actions, Resource: key }] }) },
    });
    expect(grouped({ [dev]: [change('arn:x:1', [])], [live]: [change('arn:x:2', [])] })).toEqual([[dev, live]]);
  });

  test('that destroy are one whatever ids they had', () => {
    expect(
      grouped({ [dev]: [{ address: 'aws_vpc.a', before: { id: 'vpc-1' } }], [live]: [{ address: 'aws_vpc.a', before: { id: 'vpc-2' } }] }),
    ).toEqual([[dev, live]]);
  });
});

describe('one review', () => {
  test('counts by action, and a move or an import once more', () => {
    const { counts } = reviewOf([
      { address: 'a.create', after: { x: 1 } },
      { address: 'a.update', before: { x: 1 }, after: { x: 2 }, movedFrom: 'a.old' },
      { address: 'a.replace', before: { x: 1 }, after: { x: 2 }, replace: ['x'] },
      { address: 'a.delete', before: { x: 1 } },
      { address: 'a.moved', before: { x: 1 }, after: { x: 1 }, movedFrom: 'a.was' },
      { address: 'a.same', before: { x: 1 }, after: { x: 1 } },
      { address: 'a.forget', before: { x: 1 }, actions: ['forget'] },
    ]);
    expect(counts).toEqual({ create: 1, update: 1, replace: 1, delete: 1, forget: 1, move: 2, import: 0, read: 0 });
  });

  test('orders units by what they wait for, and keeps deferred ones after their upstream', () => {
    const review = buildReview(olechkaChange);
    expect(review.units.map(({ step, name }) => `${step} ${name}`)).toEqual(
      [...review.units].map(({ step, name }) => `${step} ${name}`).toSorted((a, b) => Number(a[0]) - Number(b[0])),
    );
    expect(review.units.find(({ name }) => name === 'storage/aurora')).toMatchObject({ status: 'deferred', step: 1 });
  });

  test('says who reads an output that changes', () => {
    const output = buildReview(olechkaChange).units.find(({ path }) => path === 'olechka/dev/eu-central-1/network/vpc')?.outputs[0];
    expect(output).toMatchObject({
      name: 'private_subnet_ids',
      action: 'update',
      consumers: ['olechka/dev/eu-central-1/compute/ecs-service-api', 'olechka/dev/eu-central-1/storage/aurora'],
    });
  });

  test('marks what forces a replacement, what the provider sets, what is mocked and what is only tags', () => {
    const changes: readonly MadeChange[] = [
      {
        address: 'aws_subnet.a',
        before: { cidr_block: 'x', id: '1', state: 'old' },
        after: { cidr_block: 'y', state: 'new' },
        unknown: ['id'],
        replace: ['cidr_block'],
        refers: { cidr_block: ['local.terrace_mock_vpc.cidr'] },
      },
      { address: 'aws_vpc.tags', before: { tags: { a: '1' }, tags_all: { a: '1' } }, after: { tags: { a: '2' }, tags_all: { a: '2' } } },
    ];
    const review = buildReview({
      bundle: bundleOf(),
      units: [{ path: dev, plan: planOf({ changes }), mocks: [{ unit: live, output: 'cidr', reference: 'local.terrace_mock_vpc' }] }],
    });
    const [subnet, tags] = review.units[0]?.changes ?? [];
    expect(subnet?.attributes.map(({ path, marks }) => [pathText(path), ...marks])).toEqual([
      ['cidr_block', 'mocked', 'replaces'],
      ['state'],
    ]);
    expect(subnet?.computed).toBe(1);
    expect([subnet?.noise, tags?.noise]).toEqual([false, true]);
  });

  test('says what going back would take, replace or bring back empty', () => {
    const { reverse } = reviewOf([
      { address: 'aws_s3_bucket.made', after: { bucket: 'a' } },
      { address: 'aws_subnet.other', before: { cidr_block: 'a' }, after: { cidr_block: 'b' }, replace: ['cidr_block'] },
      { address: 'aws_vpc.gone', before: { id: 'a' } },
      { address: 'aws_vpc.changed', before: { id: 'a' }, after: { id: 'b' } },
    ]);
    expect(reverse.destroyed.map(({ address, stateful }) => [address, stateful])).toEqual([['aws_s3_bucket.made', true]]);
    expect(reverse.replaced.map(({ address }) => address)).toEqual(['aws_subnet.other']);
    expect(reverse.emptied.map(({ address, stateful }) => [address, stateful])).toEqual([['aws_vpc.gone', false]]);
  });

  test('finding ids are unique and stay the same from plan to plan', () => {
    const [one, two] = [buildReview(olechkaChange), buildReview({ ...olechkaChange, bundle: bundleOf({ hash: 'cd'.repeat(32) }) })];
    expect(one.findings.map(({ id }) => id)).toEqual(two.findings.map(({ id }) => id));
    expect(new Set(one.findings.map(({ id }) => id)).size).toBe(one.findings.length);
  });

  test('of nothing says nothing', () => {
    const empty = buildReview({ bundle: bundleOf(), units: [] });
    expect(empty).toMatchObject({ units: [], findings: [], groups: [], reverse: { destroyed: [], replaced: [], emptied: [] } });
  });
});

describe('what is not planned yet', () => {
  const deferred = (source: AbsentUnit['source']) =>
    reviewOf(
      [],
      {},
      {
        absent: [
          {
            path: 'shop/dev/eu-central-1/compute/api',
            status: 'deferred' as const,
            reason: 'vpc_id of shop/dev/eu-central-1/network/vpc changes',
            after: ['shop/dev/eu-central-1/network/vpc'],
            ...(source === undefined ? {} : { source }),
          },
        ],
      },
    );

  test('says what its source changes, with the findings that the source alone allows', () => {
    const allow = (actions: readonly string[]): string =>
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });
    const review = deferred({
      how: 'changes',
      plan: planOf({
        changes: [
          {
            address: 'aws_iam_role_policy.api',
            before: { name: 'api', policy: allow(['s3:GetObject']) },
            after: { name: 'api', policy: allow(['s3:GetObject', 's3:DeleteObject']) },
          },
        ],
      }),
    });
    expect(reviewText(review)).toContain(
      '  compute/api  later: vpc_id of network/vpc changes; not planned yet: aws_iam_role_policy.api changes\n',
    );
    expect(renderMarkdown(review)).toContain('not planned yet: aws_iam_role_policy.api changes');
    const found = review.findings.find(({ rule }) => rule === 'iam-action-added');
    expect(found?.reason).toMatch(/^not planned yet: newly allows s3:DeleteObject/);
    // Nothing of it counts as planned.
    expect([review.counts.update, review.groups.length, found?.change]).toEqual([0, 0, undefined]);
  });

  test('says how many resources a new one has, from its source alone, and that one whose source is the same changes nothing', () => {
    const plan = sourcePlan({
      terraform: { required_providers: { aws: { source: 'hashicorp/aws' } } },
      resource: {
        aws_security_group: { api: { name: 'api', vpc_id: '${data.terraform_remote_state.vpc.outputs.vpc_id}' } },
        aws_vpc_security_group_ingress_rule: {
          all: {
            security_group_id: '${aws_security_group.api.id}',
            cidr_ipv4: '0.0.0.0/0',
            ip_protocol: 'tcp',
            from_port: 22,
            to_port: 22,
          },
        },
      },
    });
    const review = deferred({ how: 'new', plan });
    expect(reviewText(review)).toContain('; not planned yet: 2 resources are new\n');
    expect(review.findings.map(({ rule }) => rule)).toContain('aws-ingress-open');
    expect(reviewText(deferred({ how: 'same' }))).toContain('; its source changes nothing\n');
  });
});
