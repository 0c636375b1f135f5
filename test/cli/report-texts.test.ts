import { expect, test } from '@jest/globals';

import { affectedText } from '../../terrace/cli/actions/affected-text';
import { statusText } from '../../terrace/cli/actions/status';
import type { AffectedReport } from '../../terrace/delivery/affected/affected';
import { driftText } from '../../terrace/delivery/drift/drift-text';
import { bundleText } from '../../terrace/delivery/report/summary';
import { noActions } from '../../terrace/terraform/action-counts';

const report = (units: AffectedReport['units']): AffectedReport => ({
  version: 1,
  base: 'applied',
  head: 'worktree',
  everything: null,
  units,
  changedFiles: [],
});

test('what is affected by itself stands before what is affected through it', () => {
  const text = affectedText(
    report([
      { unit: 'demo/dev/eu/app/api', change: 'dependent', operation: 'apply', reasons: ['it reads id of demo/dev/eu/network/vpc'] },
      { unit: 'demo/dev/eu/app/old', change: 'deleted', operation: 'destroy', reasons: ['it is no longer in the source'] },
      { unit: 'demo/dev/eu/app/web', change: 'dependent', operation: 'apply', reasons: ['it reads url of demo/dev/eu/app/api'] },
      { unit: 'demo/dev/eu/network/vpc', change: 'changed', operation: 'apply', reasons: ['main.tf.json differs'] },
    ]),
  );
  expect(text.split('\n').flatMap((line) => /^demo\S+/.exec(line)?.[0] ?? [])).toEqual([
    'demo/dev/eu/app/old',
    'demo/dev/eu/network/vpc',
    'demo/dev/eu/app/api',
    'demo/dev/eu/app/web',
  ]);
  expect(text).toContain('\n4 units: 2 by themselves, 2 through others');
});

test('one of something is counted in the singular', () => {
  const unit = 'demo/dev/eu/network/vpc';
  expect(affectedText(report([{ unit, change: 'added', operation: 'apply', reasons: ['it is new'] }]))).toContain(
    '\n1 unit: 1 by itself, 0 through others',
  );
  const current = { unit, status: 'current', reasons: [], notes: [], lock: null } as never;
  expect(statusText({ version: 1, units: [current], orphans: [], pending: [] })).toBe('1 of 1 unit matches the source');
  expect(statusText({ version: 1, units: [current, current], orphans: [], pending: [] })).toBe('2 of 2 units match the source');
  expect(driftText({ version: 1, units: [{ unit, status: 'clean', resources: [], problems: [] }] } as never)).toBe('1 unit, 0 drifted');
  const entry = {
    unit: { path: unit },
    operation: 'apply',
    actions: { ...noActions, replace: 6, outputs: 1 },
    unchanged: false,
    mocks: [],
  };
  const bundle = {
    round: 1,
    shard: null,
    units: [entry],
    deferred: [],
    failed: [],
    commit: null,
    terraform: { name: 'terraform', version: '1.11.4' },
  };
  expect(bundleText(bundle as never, 'ab')).toContain('round 1: 1 unit, -/+6, 1 output\n');
  const mocked = {
    ...bundle,
    units: [entry, { ...entry, unchanged: true, actions: noActions }, { ...entry, mocks: [{ unit, output: 'id', local: 'x' }] }],
  };
  expect(
    bundleText(mocked as never, 'ab')
      .split('\n')
      .slice(0, 6),
  ).toEqual([
    'demo/dev/eu',
    '  network/vpc  -/+6, 1 output',
    '  network/vpc  -/+6, 1 output  on 1 mock',
    '  1 unit without changes',
    '',
    '1 unit planned on mocks: this bundle can be reviewed, never applied',
  ]);
});
