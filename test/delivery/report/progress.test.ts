import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { noActions } from '../../../terrace/terraform/action-counts';
import { earlierTimes } from '../../../terrace/delivery/report/earlier-times';
import { progress as progressOf, type ProgressOptions } from '../../../terrace/delivery/report/progress';

function shown(
  isTTY: boolean,
  more: Partial<ProgressOptions> = {},
): { readonly progress: ReturnType<typeof progressOf>; readonly text: () => string } {
  let text = '';
  const stream = { isTTY, columns: 80, write: (chunk: string | Uint8Array) => ((text += String(chunk)), true) };
  return { progress: progressOf({ stream, env: { NO_COLOR: '1' }, ...more }), text: (): string => text };
}

const vpc = 'demo/dev/eu/network/vpc';
const kms = 'demo/dev/eu/security/kms';
const other = 'demo/dev/us/network/vpc';
const planned = { type: 'planned' as const, tainted: false, seconds: 1.23, unchanged: false };

test('short names stand under their place, one line each says what changes, and those without changes are counted', () => {
  const { progress, text } = shown(false);
  progress.onEvent({ type: 'round', phase: 'plan', round: 1, units: [vpc, kms, other] });
  progress.onEvent({ type: 'planning', unit: vpc });
  progress.onEvent({ ...planned, unit: vpc, actions: { ...noActions, create: 2, replace: 1 } });
  progress.onEvent({ ...planned, unit: kms, actions: noActions, unchanged: true });
  progress.onEvent({ ...planned, unit: other, actions: { ...noActions, update: 1 } });
  progress.close();
  expect(text()).toBe(
    [
      'plan 1: 3 units',
      'demo/dev/eu',
      '  network/vpc   +2 -/+1  1.2 s',
      'demo/dev/us',
      '  network/vpc  ~1  1.2 s',
      '  1 unit without changes',
      '',
    ].join('\n'),
  );
});

test('what is destroyed is not called applied', () => {
  const { progress, text } = shown(false);
  progress.onEvent({ type: 'round', phase: 'apply', round: 1, units: [vpc, kms] });
  progress.onEvent({ type: 'applied', unit: vpc, operation: 'destroy', actions: { ...noActions, destroy: 3 }, seconds: 2 });
  progress.onEvent({ type: 'applied', unit: kms, operation: 'apply', actions: { ...noActions, create: 3 }, seconds: 2 });
  expect(text()).toContain('  network/vpc   destroyed  -3  2.0 s\n  security/kms  applied  +3  2.0 s\n');
});

test('on a terminal the last line says how far it is, how long it runs, and what each terraform is busy with for how long', () => {
  let now = 0;
  const { progress, text } = shown(true, { now: () => now });
  progress.onEvent({ type: 'round', phase: 'apply', round: 2, units: [vpc, kms] });
  progress.onEvent({ type: 'applying', unit: vpc });
  expect(text()).toContain('0/2  0:00  network/vpc applying 0 s');
  now = 30_000;
  progress.onEvent({ type: 'busy', unit: vpc, resource: 'aws_nat_gateway.a', doing: 'creating' });
  now = 42_000;
  progress.onEvent({ type: 'applying', unit: kms });
  expect(text()).toContain('0/2  0:42  network/vpc creating aws_nat_gateway.a 12 s, 1 more');
  progress.close();
  expect(text().endsWith('\r\u001B[2K')).toBe(true);
});

test('a comparison for drift is shown like a plan, and a step says for how long it runs', () => {
  let now = 0;
  const { progress, text } = shown(true, { now: () => now });
  progress.step('synthesizing shop');
  now = 5_000;
  progress.onEvent({ type: 'round', phase: 'drift', round: 1, units: [vpc] });
  progress.onEvent({ type: 'comparing', unit: vpc });
  progress.onEvent({ type: 'busy', unit: vpc, resource: 'aws_vpc.vpc', doing: 'refreshing' });
  now = 8_000;
  progress.onEvent({ type: 'comparing', unit: kms });
  expect(text()).toContain('synthesizing shop …');
  expect(text()).toContain('0/1  0:03  network/vpc refreshing aws_vpc.vpc 3 s');
  progress.step('planning once more');
  progress.close();
});

test('where earlier runs tell, the expected time is said', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'terrace-times-'));
  try {
    const file = path.join(folder, 'times.json');
    const first = shown(false, { times: earlierTimes(file) });
    first.progress.onEvent({ type: 'round', phase: 'plan', round: 1, units: [vpc, kms] });
    first.progress.onEvent({ ...planned, unit: vpc, actions: noActions, seconds: 30 });
    first.progress.onEvent({ ...planned, unit: kms, actions: noActions, seconds: 60 });
    first.progress.close();
    expect(first.text()).toMatch(/^plan 1: 2 units\n/);
    let now = 0;
    const second = shown(true, { times: earlierTimes(file), now: () => now });
    second.progress.onEvent({ type: 'round', phase: 'plan', round: 1, units: [vpc, kms] });
    expect(second.text()).toContain('plan 1: 2 units, 1:00 to 1:30 going by earlier runs\n');
    now = 5000;
    second.progress.onEvent({ type: 'planning', unit: vpc });
    expect(second.text()).toContain('network/vpc planning 0 s (0:00 of about 0:30)');
    second.progress.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('colours', () => {
  const coloured = (isTTY: boolean, env: NodeJS.ProcessEnv): string => {
    const { progress, text } = shown(isTTY, { env });
    progress.onEvent({ type: 'round', phase: 'plan', round: 1, units: [vpc] });
    progress.onEvent({ ...planned, unit: vpc, actions: { ...noActions, create: 1, update: 1, replace: 1, destroy: 1 } });
    progress.close();
    return text();
  };

  test('say what happens, of the sixteen that every terminal has', () => {
    expect(coloured(true, { TERM: 'xterm' })).toContain(
      '\u001B[32m+1\u001B[39m \u001B[33m~1\u001B[39m \u001B[35m-/+1\u001B[39m \u001B[31m-1\u001B[39m',
    );
  });

  test.each([
    ['with NO_COLOR', true, { NO_COLOR: '1' }],
    ['without a terminal', false, {}],
    ['on a dumb terminal', true, { TERM: 'dumb' }],
  ])('are not there %s', (_, isTTY, env) => {
    expect(coloured(isTTY, env)).not.toContain('\u001B[3');
  });
});

test('what several units fail of alike is said once', () => {
  const { progress, text } = shown(false);
  progress.onEvent({ type: 'round', phase: 'plan', round: 1, units: [vpc, kms, other] });
  for (const unit of [vpc, kms, other])
    progress.onEvent({
      type: 'failed',
      unit,
      phase: 'plan',
      code: 'E4101',
      error: 'could not ask whose credentials these are',
      seconds: 0,
    });
  progress.close();
  expect(text().match(/could not ask/g)).toHaveLength(2);
  expect(text()).toContain('  2 more units failed alike: E4101 could not ask whose credentials these are\n');
});

test('a few deferred units are named with their reasons, many are counted', () => {
  const few = shown(false);
  few.progress.onEvent({ type: 'deferred', unit: vpc, reason: 'vpc_id of demo/dev/eu/a/b becomes unknown' });
  few.progress.onEvent({ type: 'sealed', round: 1, bundle: 'plans/round-1', hash: 'ab'.repeat(32) });
  expect(few.text()).toContain('  network/vpc  later: vpc_id of a/b becomes unknown\nsealed ');
  const many = shown(false);
  for (const name of ['a', 'b', 'c', 'd']) many.progress.onEvent({ type: 'deferred', unit: `demo/dev/eu/x/${name}`, reason: 'y' });
  many.progress.onEvent({ type: 'sealed', round: 1, bundle: 'plans/round-1', hash: 'ab'.repeat(32) });
  expect(many.text()).toContain('  x/a  later: y\n  and 3 more units later, waiting for these or for each other\n');
});
