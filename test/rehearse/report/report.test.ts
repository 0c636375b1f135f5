import { expect, test } from '@jest/globals';

import { hasFindings, proved, unproved, type Rehearsal, type RehearsedRound } from '../../../terrace/rehearse/rehearsal';
import { rehearsalMarkdown, rehearsalPage, rehearsalText } from '../../../terrace/rehearse/report/render';
import { unfitting } from '../../_helpers/published-schema';

const alb = 'shop/prod/eu/network/alb';
const api = 'shop/prod/eu/compute/api';
const round: RehearsedRound = {
  round: 1,
  units: [{ unit: alb, operation: 'apply', status: 'applied', counts: { create: 0, update: 1, replace: 1, delete: 1 }, seconds: 2.5 }],
  waits: [{ unit: api, upstream: alb, outputs: ['group_arn'], reason: 'group_arn of its upstream is known after round 1' }],
  replaces: [
    {
      unit: alb,
      address: 'aws_lb_target_group.api',
      type: 'aws_lb_target_group',
      createFirst: false,
      because: 'port cannot be changed in place',
      attributes: ['port'],
    },
  ],
  destroys: [{ unit: alb, address: 'aws_sqs_queue.old', type: 'aws_sqs_queue' }],
  moves: [{ unit: alb, from: 'aws_eip.one', to: 'aws_eip.two' }],
  imports: [{ unit: alb, address: 'aws_eip.three', id: 'eipalloc-3' }],
  down: [
    {
      unit: alb,
      address: 'aws_lb_target_group.api',
      type: 'aws_lb_target_group',
      action: 'replace',
      because: 'port changes',
      traffic: [
        {
          from: { unit: alb, address: 'aws_lb_listener.https' },
          to: { unit: alb, address: 'aws_lb_target_group.api' },
          by: 'default_action.target_group_arn',
        },
      ],
      edges: [{ unit: api, address: 'aws_ecs_service.api', attribute: 'load_balancer.target_group_arn' }],
      readers: [api],
    },
  ],
  stale: [{ unit: api, upstream: alb, outputs: ['group_arn'] }],
  findings: [{ id: 'f1', rule: 'replaced', severity: 'high', title: 'Replaced', reason: 'it is down', unit: alb, address: null }],
  policies: [{ policy: 'naming', severity: 'deny', message: 'no such name', unit: alb, address: 'aws_eip.two' }],
  seconds: { plan: 3.25, apply: 4.75 },
};
const rehearsal: Rehearsal = {
  version: 1,
  commit: null,
  dirty: false,
  base: 'applied',
  outcome: 'findings',
  seeded: {
    units: 2,
    resources: 9,
    unseeded: [{ unit: api, address: 'nowhere_thing.one', type: 'nowhere_thing', reason: 'no simulated provider has such a type' }],
    incomplete: [],
    derived: [{ unit: api, address: 'aws_ssm_parameter.hash', attribute: 'value' }],
    seconds: 1.5,
  },
  affected: [{ unit: alb, operation: 'apply', reasons: ['its files differ'] }],
  excluded: [],
  forth: { rounds: [round], left: [], last: { units: 2, changed: [], seconds: 4 } },
  back: { rounds: [{ ...round, replaces: [], down: [] }], left: [], last: { units: 2, changed: [], seconds: 4 } },
  problems: [{ code: 'E6040', title: 'left', place: api, found: 'it waits', todo: 'wait' }],
  proved,
  unproved,
  seconds: 20,
};

/** What a reader has to find, whatever the form. */
const parts: Readonly<Record<string, readonly string[]>> = {
  'rounds needed': ['1 round', 'Round 1'],
  'what each replaces': ['replaces', 'the old one is destroyed first', 'port'],
  'what is down in between, and for whom': [
    'until the new one is there',
    'requests come from',
    'aws_lb_listener.https',
    'held by',
    'aws_ecs_service.api',
    'read by',
  ],
  'what waits': ['waits:', 'known after round 1'],
  'what moves': ['moves', 'aws_eip.one', 'aws_eip.two'],
  'what is imported': ['imports', 'eipalloc-3'],
  'what old readers saw': ['still has the old', 'group_arn'],
  'time by round': ['plan 3.3 s, apply 4.8 s', '2.5'],
  findings: ['it is down', 'no such name'],
  'the way back, and what it destroys': ['going back destroys', 'aws_sqs_queue.old'],
  'the last plan': ['the last plan of 2 units is empty'],
  'what was not seeded': ['1 resource or lookup not seeded', 'nowhere_thing.one', 'no simulated provider has such a type'],
  'what was made of a secret': ['aws_ssm_parameter.hash.value'],
  'what is proved, and what is not': ['order: which rounds', 'refusals by the cloud itself', 'IAM: whether', 'timing: how long'],
};

/** Marks of the form aside, so that words can be found across them. */
const plain = (text: string): string =>
  text
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll(/[`\\]/g, '')
    .replaceAll('&quot;', '"');

test.each(Object.entries(parts))('page, comment and text say it: %s', (_, words) => {
  for (const form of [rehearsalPage, rehearsalMarkdown, rehearsalText]) {
    const text = plain(form(rehearsal));
    expect([form.name, words.filter((word) => !text.includes(word))]).toEqual([form.name, []]);
  }
});

test('the report as JSON fits its published schema, which knows every part of it', async () => {
  expect(await unfitting('rehearsal.v1.json', JSON.parse(JSON.stringify(rehearsal)))).toEqual([]);
  expect(await unfitting('rehearsal.v1.json', { ...rehearsal, weather: 'fine' })).toEqual([
    '(top) must NOT have additional properties: weather',
  ]);
  const { down: _, ...without } = round;
  expect(await unfitting('rehearsal.v1.json', { ...rehearsal, forth: { ...rehearsal.forth, rounds: [without] } })).toEqual([
    "/forth/rounds/0 must have required property 'down'",
  ]);
});

test('names of a change become no markup and no mention in a comment, and none on the page', () => {
  const hostile = '<img src=x onerror=alert(1)> @everyone |';
  const report: Rehearsal = { ...rehearsal, affected: [{ unit: alb, operation: 'apply', reasons: [hostile] }] };
  expect(rehearsalPage(report)).not.toContain('<img');
  expect(rehearsalMarkdown(report)).not.toMatch(/(?<!\\)@everyone|(?<!\\)<img/);
});

test('what a reviewer decides knowingly makes findings: something down, a policy that refuses, a finding of medium severity', () => {
  const quiet: RehearsedRound = { ...round, down: [], findings: [], policies: [] };
  const road = (one: RehearsedRound): boolean => hasFindings({ rounds: [one], left: [], last: null });
  expect(road(quiet)).toBe(false);
  expect(road({ ...quiet, down: round.down })).toBe(true);
  expect(road({ ...quiet, policies: round.policies })).toBe(true);
  expect(road({ ...quiet, findings: round.findings })).toBe(true);
  expect(road({ ...quiet, findings: round.findings.map((one) => ({ ...one, severity: 'low' as const })) })).toBe(false);
});
