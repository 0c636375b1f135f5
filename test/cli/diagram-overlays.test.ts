import { expect, test } from '@jest/globals';

import { bundleOverlay, driftOverlay, statusOverlay } from '../../terrace/cli/diagram-overlays';
import { buildReview } from '../../terrace/review/model/build';
import { olechkaChange } from '../review/_fixtures/olechka-change';

const vpc = 'olechka/dev/eu-central-1/network/vpc';

test('a bundle marks units and resources by what happens to them, with their findings, and lists what the page does not have', () => {
  const review = buildReview(olechkaChange, {});
  const changes = review.units.flatMap(({ path, changes: list }) =>
    list.map(({ address, action }) => ({ id: `${path}#${address}`, action })),
  );
  const known = new Set([...review.units.map(({ path }) => path), ...changes.map(({ id }) => id.replaceAll(/\[[^\]]*\]/g, ''))]);
  const { marks, elsewhere, title } = bundleOverlay(review, known);
  expect(title).toBe(`bundle ${review.bundle.hash.slice(0, 12)}, round 1`);
  const words = { create: 'add', update: 'change', replace: 'replace', delete: 'destroy', forget: 'forget' };
  for (const { id, action } of changes)
    if (action !== 'read' && action !== 'none') expect([id, marks[id.replaceAll(/\[[^\]]*\]/g, '')]?.word]).toEqual([id, words[action]]);
  const replaced = changes.filter(({ action }) => action === 'replace');
  expect(replaced.length).toBeGreaterThan(0);
  const shown = Object.values(marks).flatMap(({ findings = [] }) => findings).length;
  expect(shown).toBe(review.findings.filter(({ unit }) => unit !== undefined).length);
  expect(elsewhere).toHaveLength(review.findings.length - shown);
  const nothing = bundleOverlay(review, new Set());
  expect(nothing.marks).toEqual({});
  expect(nothing.elsewhere.length).toBeGreaterThan(changes.length);
});

test('drift marks the resource that changed or is gone', () => {
  const unit = { unit: vpc, status: 'drifted' as const, problems: [], seconds: 1 };
  const resources = [
    { address: 'aws_subnet.a[0]', kind: 'changed' as const, attributes: [{ path: 'tags.Owner', before: 'a', after: 'b' }] },
    { address: 'aws_subnet.old', kind: 'gone' as const, attributes: [] },
  ];
  const { marks, elsewhere } = driftOverlay({ units: [{ ...unit, resources }] }, new Set([vpc, `${vpc}#aws_subnet.a`]));
  expect(marks).toEqual({
    [vpc]: { tone: 'drift', word: 'drifted', notes: [] },
    [`${vpc}#aws_subnet.a`]: { tone: 'drift', word: 'changed', notes: ['tags.Owner: "a" → "b"'] },
  });
  expect(elsewhere).toEqual([`gone: aws_subnet.old of ${vpc}`]);
});

test('status says why a unit is not as the source has it, and names states without a unit', () => {
  const common = { notes: [], at: null, lock: null };
  const { marks, elsewhere } = statusOverlay(
    {
      units: [
        { ...common, unit: vpc, status: 'behind', reasons: ['its source changed'], commit: 'abcdef1234567890' },
        { ...common, unit: 'olechka/dev/eu-central-1/security/kms', status: 'current', reasons: [], commit: null },
        { ...common, unit: 'olechka/dev/eu-central-1/network/alb', status: 'interrupted', reasons: ['no record'], commit: null },
      ],
      orphans: [{ unit: 'olechka/dev/eu-central-1/network/old', bucket: 'b', key: 'k' }],
    },
    new Set([vpc, 'olechka/dev/eu-central-1/security/kms']),
  );
  expect(marks[vpc]).toEqual({ tone: 'behind', word: 'behind', notes: ['its source changed', 'applied from abcdef123456'] });
  expect(marks['olechka/dev/eu-central-1/security/kms']?.tone).toBe('same');
  expect(elsewhere).toEqual([
    'orphan: olechka/dev/eu-central-1/network/old has a state (s3://b/k) but no unit',
    'interrupted: olechka/dev/eu-central-1/network/alb',
  ]);
});
