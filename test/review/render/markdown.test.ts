import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { buildReview, type ReviewSource } from '../../../terrace/review/model/build';
import { markdownLimits, markdownMarker, renderMarkdown } from '../../../terrace/review/render/markdown';
import { block, cell, code } from '../../../terrace/review/render/markdown-text';
import { bundleOf, reviewOf } from '../_fixtures/bundle-of';
import { olechkaChange } from '../_fixtures/olechka-change';
import { planOf } from '../_fixtures/plan-of';

/** Units with different changes, so that nothing is grouped. */
function many(units: number, changes: number): ReviewSource {
  return {
    bundle: bundleOf(),
    units: Array.from({ length: units }, (_, unit) => ({
      path: `shop/dev/eu-central-1/layer/unit-${String(unit).padStart(4, '0')}`,
      plan: planOf({
        changes: Array.from({ length: changes }, (_ignored, index) => ({
          address: `aws_s3_bucket.bucket_${unit}_${index}`,
          after: { bucket: `bucket ${'x'.repeat(60)} ${unit}`, tags: { Owner: 'team' } },
        })),
      }),
    })),
  };
}

test('the comment begins with what decides: numbers, findings, units, then changes as differences', () => {
  const text = renderMarkdown(buildReview(olechkaChange));
  expect(
    text.startsWith(`${markdownMarker}\n**\`olechka/dev\`** · \`ap-southeast-1\`, \`eu-central-1\` · account \`123456789012\`\n`),
  ).toBe(true);
  expect(text).toContain('\n## 6 to replace, 12 to change, 3 to create in 9 units\n');
  expect(text).toContain(
    '- **high** A policy reaches more resources: `reaches further: s3:GetObject on arn:aws:s3:::ai-tools-*`, `aws_iam_role_policy.task` in `olechka/dev/ap-southeast-1/compute/ecs-service-api` and 2 other units',
  );
  expect(text).toContain('-   cidr_block: 10.0.1.0/24   # forces replacement\n+   cidr_block: 10.0.11.0/24   # forces replacement');
  expect(text).toContain('+     Statement[ReadArtifacts].Action: s3:PutObject');
  expect(text).toContain('| `storage/aurora` | deferred: `private_subnet_ids of network/vpc is known only after apply` | | | | |');
  expect(text).toContain('| **`olechka/dev/eu-central-1`** | | | | |  |\n| `network/vpc` |  | 2 | 1 |  | 1 output |');
  expect(text).toContain('\nRolling back destroys 3 and replaces 6.\n');
  expect(text.slice(text.indexOf('### Next'))).toBe(
    [
      '### Next: approve',
      '',
      'Because `no approval rules were found here: apply needs them`.',
      '',
      '```sh',
      `terrace approve bundle --hash ${olechkaChange.bundle.hash.slice(0, 12)} --key <your key>`,
      '```',
      '',
      `- Bundle \`${olechkaChange.bundle.hash}\`, expires 2026-11-21 09:30 UTC`,
      '',
    ].join('\n'),
  );
});

test('a unit says what happens beside its numbers, and one that only drifted is not left out', () => {
  const drifted = { address: 'aws_lb.main', before: { idle_timeout: 60 }, after: { idle_timeout: 3600 } };
  const review = buildReview({
    bundle: { ...bundleOf(), dirty: true },
    units: [
      {
        path: 'shop/dev/eu-central-1/compute/ecr',
        plan: planOf({
          changes: [
            { address: 'aws_ecr_repository.jobs', before: { name: 'a' }, after: { name: 'a' }, movedFrom: 'aws_ecr_repository.worker' },
            { address: 'aws_xray_group.all', before: { name: 'a' }, after: { name: 'a' }, imports: 'arn' },
          ],
        }),
      },
      { path: 'shop/dev/eu-central-1/network/alb', plan: planOf({ changes: [], drift: [drifted] }) },
      { path: 'shop/dev/eu-central-1/network/vpc', plan: planOf({ changes: [] }) },
    ],
  });
  const text = renderMarkdown(review);
  expect(text).toContain('| `compute/ecr` |  |  |  |  | 1 moved, 1 imported |');
  expect(text).toContain('| `network/alb` |  |  |  |  | 1 drifted |');
  expect(text).not.toContain('network/vpc');
  expect(text).toContain('1 unit without changes');
  expect(text).toContain('> **Planned from a work tree with uncommitted changes.**');
});

test('changes of tags alone stand together, after the others, and do not push them out', () => {
  const tagged = (count: number, owner: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => ({
      address: `aws_subnet.subnet_${String(index).padStart(3, '0')}`,
      before: { tags: {} },
      after: { tags: { Owner: owner(index) } },
    }));
  const of = (changes: ReturnType<typeof tagged>) =>
    renderMarkdown(
      reviewOf([...changes, { address: 'aws_vpc.main', before: { enable_dns_support: true }, after: { enable_dns_support: false } }]),
    );
  const alike = of(tagged(40, () => 'platform'));
  expect(alike).toContain(
    ['@@ ~ change 40 resources alike @@', '+   tags.Owner: platform', '    aws_subnet.subnet_000', '    aws_subnet.subnet_001'].join('\n'),
  );
  expect(alike).toContain('    aws_subnet.subnet_029\n    … and 10 more\n');
  expect(alike.match(/tags\.Owner/g)).toHaveLength(1);
  expect(alike.indexOf('aws_vpc.main @@')).toBeLessThan(alike.indexOf('40 resources alike'));
  const different = of(tagged(2000, (index) => `team ${index} ${'x'.repeat(40)}`));
  expect(different).toContain('@@ ~ change aws_vpc.main @@\n@@ ~ 2,000 changes of tags only @@');
});

describe('limits', () => {
  test.each([
    ['a comment', markdownLimits.comment, 400, 20],
    ['a job summary', markdownLimits.summary, 2000, 10],
    ['a very small room', 2_000, 50, 5],
  ])('%s fits however large the change is, and says how much is left out', (_, limit, units, changes) => {
    const review = buildReview(many(units, changes));
    const text = renderMarkdown(review, limit);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
    const written = text.match(/<details>/g)?.length ?? 0;
    expect(text).toContain(
      `Changes of ${(units - written).toLocaleString('en')} more units (${((units - written) * changes).toLocaleString('en')}) do not fit here`,
    );
    // Cut between units: every block that was begun is whole.
    expect(text.match(/<\/details>/g)?.length ?? 0).toBe(written);
    expect((text.match(/^```/gm)?.length ?? 0) % 2).toBe(0);
  });

  test('two thousand findings leave room for the units', () => {
    const source = many(1, 0);
    const buckets = Array.from({ length: 2000 }, (_, index) => ({
      address: `aws_s3_bucket.gone_${index}`,
      before: { bucket: `gone-${index}` },
    }));
    const text = renderMarkdown(
      buildReview({ ...source, units: [{ path: 'shop/dev/eu-central-1/storage/all', plan: planOf({ changes: buckets }) }] }),
    );
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(markdownLimits.comment);
    expect(text).toMatch(/[\d,]+ findings more: see the page\./);
    expect(text).toContain('| `storage/all` | 2,000 |');
  });
});

/** What stands outside code spans, blocks and HTML's `code`. */
function prose(markdown: string): string {
  return markdown
    .replaceAll(/^(`{3,})diff\n[\s\S]*?^\1$/gm, '')
    .replaceAll(/<code>.*?<\/code>/g, '')
    .replaceAll(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/g, '');
}

test('no value can mention, link, refer or break out, wherever it stands', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom(
          '@octocat',
          '#1',
          'https://evil.example',
          'www.evil.example',
          '`',
          '``',
          '```',
          '\n',
          '|',
          '</details>',
          '<b>',
          '![x](https://evil.example/x)',
          ' ',
          'a',
          'a@evil.example',
          '-->',
          '\\',
        ),
        { minLength: 1, maxLength: 12 },
      ),
      (parts) => {
        const text = `${parts.join('')}EVIL`;
        const review = reviewOf(
          [
            { address: `aws_s3_bucket.one["${text}"]`, after: { bucket: text, acl: 'public-read', lines: `${text}\n${text}` } },
            {
              address: 'aws_iam_role.two',
              before: { name: text },
              after: { name: `${text}2` },
              replace: ['name'],
              movedFrom: text,
              imports: text,
            },
          ],
          { outputs: { one: { before: text, after: 'b' } } },
        );
        const markdown = renderMarkdown(review);
        expect(prose(markdown)).not.toContain('EVIL');
        expect(prose(markdown)).not.toContain('@octocat');
        expect(prose(markdown)).not.toContain('evil.example');
      },
    ),
    { numRuns: 300 },
  );
});

test('code spans, cells and blocks hold any text', () => {
  expect(code('a `b` ``c``')).toBe('``` a `b` ``c`` ```');
  expect(code('')).toBe('` `');
  expect(code('one\ntwo')).toBe('`one two`');
  expect(cell('a|b')).toBe(String.raw`${'`'}a\|b${'`'}`);
  expect(block(['+ ```', '+ a'], 'diff')).toBe('````diff\n+ ```\n+ a\n````');
});
