import { expect, test } from '@jest/globals';

import { hasFindings, type Rehearsal, type RehearsedRound } from '../../../terrace/rehearse/rehearsal';
import { rehearsalMarkdown, rehearsalPage, rehearsalText } from '../../../terrace/rehearse/report/render';
import { unfitting } from '../../_helpers/published-schema';

import { alb, rehearsal, round } from './_rehearsal';

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
