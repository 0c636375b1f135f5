import { expect, test } from '@jest/globals';

import { affectedText } from '../../terrace/cli/actions/affected-text';
import { statusText } from '../../terrace/cli/actions/status';
import type { AffectedReport } from '../../terrace/delivery/affected/affected';
import type { DriftReport } from '../../terrace/delivery/drift/drift';
import { driftText } from '../../terrace/delivery/drift/drift-text';
import { bundleText } from '../../terrace/delivery/report/summary';
import { bootstrapText } from '../../terrace/cli/actions/bootstrap-text';
import { painter, plain } from '../../terrace/base/paint';
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
  expect(text.split('\n')).toEqual([
    'demo/dev/eu',
    '  app/old      deleted: it is no longer in the source',
    '  network/vpc  changed: main.tf.json differs',
    '',
    'through others:',
    'demo/dev/eu',
    '  app/api  it reads id of network/vpc',
    '  app/web  it reads url of app/api',
    '',
    '4 units: 2 by themselves, 2 through others',
  ]);
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
    '1 unit planned with mocks: this bundle can be reviewed, but never applied',
  ]);
});

const long = report([
  {
    unit: 'demo/dev/eu/network/vpc',
    change: 'changed',
    operation: 'apply',
    reasons: ['main.tf.json differs: aws_vpc.vpc, aws_subnet.private-a, aws_subnet.private-b, aws_route_table.private'],
    values: [
      { block: 'aws_vpc.vpc', attribute: 'cidr_block', before: '10.0.0.0/16', after: '10.1.0.0/16', source: 'stacks/demo/dev/env.ts:12' },
    ],
  },
  { unit: 'demo/dev/eu/app/api', change: 'dependent', operation: 'apply', reasons: ['it reads vpc_id of demo/dev/eu/network/vpc'] },
]);
const drifted: Pick<DriftReport, 'units'> = {
  units: [
    {
      unit: 'demo/dev/eu/network/vpc',
      status: 'drifted',
      problems: [],
      seconds: 1,
      resources: [
        {
          address: 'aws_vpc.vpc',
          kind: 'changed',
          attributes: [{ path: 'tags.team', before: 'one of the teams that there were', after: 'another of the teams that there are now' }],
        },
        { address: 'aws_subnet.a', kind: 'gone', attributes: [] },
      ],
    },
    {
      unit: 'demo/dev/eu/app/api',
      status: 'failed',
      resources: [],
      problems: [{ code: 'E6034', title: 'x', found: 'the state cannot be read', todo: 'read it again' }],
      seconds: 1,
    },
    { unit: 'demo/dev/eu/app/web', status: 'clean', resources: [], problems: [], seconds: 1 },
  ],
};
const bootstrapped = [
  { unit: 'demo/dev/eu/backend/state', outcome: 'created' },
  { unit: 'demo/dev/eu/iam/github-oidc', outcome: 'changed' },
  { unit: 'demo/dev/us/backend/state', outcome: 'unchanged' },
] as const;

test('drift and bootstraps are shown as every command shows units: short under their place, what is as it should be counted', () => {
  expect(driftText(drifted).split('\n')).toEqual([
    'demo/dev/eu',
    '  app/api      could not be compared: E6034 the state cannot be read',
    '  network/vpc  1 changed, 1 gone',
    '    aws_vpc.vpc',
    '      tags.team: "one of the teams that there were" → "another of the teams that there are now"',
    '    aws_subnet.a is gone',
    '',
    '3 units, 1 drifted, 1 failed',
  ]);
  expect(bootstrapText(bootstrapped).split('\n')).toEqual([
    'demo/dev/eu',
    '  backend/state    created',
    '  iam/github-oidc  changed',
    '  1 unit without changes',
  ]);
});

test.each([60, 80, 120])('affected, drift and bootstraps fit %i columns, and no word is broken', (width) => {
  for (const [text, whole] of [
    [affectedText(long, { width }), affectedText(long)],
    [driftText(drifted, { width }), driftText(drifted)],
    [bootstrapText(bootstrapped, { width }), bootstrapText(bootstrapped)],
  ] as const) {
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(text.split(/\s+/)).toEqual(whole.split(/\s+/));
  }
});

test('colours mean what they mean everywhere, and NO_COLOR or a file has none', () => {
  const paint = painter({ isTTY: true }, {});
  expect(driftText(drifted, { paint })).toContain('\u001B[31m1 gone\u001B[39m');
  expect(affectedText(long, { paint })).toContain('\u001B[33mchanged:\u001B[39m');
  expect(bootstrapText(bootstrapped, { paint })).toContain('\u001B[32mcreated\u001B[39m');
  for (const none of [plain, painter({ isTTY: true }, { NO_COLOR: '1' }), painter({ isTTY: false }, {})])
    for (const text of [
      driftText(drifted, { paint: none }),
      affectedText(long, { paint: none }),
      bootstrapText(bootstrapped, { paint: none }),
    ])
      expect(text).not.toContain('\u001B');
});
