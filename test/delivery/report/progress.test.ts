import { expect, test } from '@jest/globals';

import { noActions } from '../../../terrace/terraform/action-counts';
import { progress as progressOf } from '../../../terrace/delivery/report/progress';

function shown(isTTY: boolean): { readonly progress: ReturnType<typeof progressOf>; readonly text: () => string } {
  let text = '';
  const stream = { isTTY, columns: 80, write: (chunk: string | Uint8Array) => ((text += String(chunk)), true) };
  return { progress: progressOf({ stream }), text: (): string => text };
}

const unit = 'demo/dev/eu/network/vpc';

test('without a terminal there is a line for each finished step and no control characters', () => {
  const { progress, text } = shown(false);
  progress.onEvent({ type: 'round', phase: 'plan', round: 1, units: [unit] });
  progress.onEvent({ type: 'planning', unit });
  progress.onEvent({
    type: 'planned',
    unit,
    actions: { ...noActions, create: 2, replace: 1 },
    unchanged: false,
    tainted: false,
    seconds: 1.23,
  });
  progress.onEvent({ type: 'planned', unit: `${unit}2`, actions: noActions, unchanged: true, tainted: false, seconds: 0.1 });
  progress.close();
  expect(text()).not.toMatch(/\r|\u001B\[2K/);
  expect(text()).toContain('plan 1: 1 unit');
  expect(text()).toContain(`  planned    ${unit}  +2 -/+1  1.2 s\n  planned    ${unit}2  no changes  0.1 s\n`);
});

test('on a terminal the last line says what runs, and is cleared at the end', () => {
  const { progress, text } = shown(true);
  progress.onEvent({ type: 'round', phase: 'apply', round: 2, units: [unit, 'b'] });
  progress.onEvent({ type: 'applying', unit });
  expect(text()).toContain(`0/2  applying ${unit}`);
  progress.close();
  expect(text().endsWith('\r\u001B[2K')).toBe(true);
});

test('a few deferred units are named with their reasons, many are counted', () => {
  const few = shown(false);
  few.progress.onEvent({ type: 'deferred', unit, reason: 'vpc_id of a becomes unknown' });
  few.progress.onEvent({ type: 'sealed', round: 1, bundle: 'plans/round-1', hash: 'ab'.repeat(32) });
  expect(few.text()).toContain(`  deferred   ${unit}  vpc_id of a becomes unknown\n  sealed     `);
  const many = shown(false);
  for (const name of ['a', 'b', 'c', 'd']) many.progress.onEvent({ type: 'deferred', unit: name, reason: 'x' });
  many.progress.onEvent({ type: 'sealed', round: 1, bundle: 'plans/round-1', hash: 'ab'.repeat(32) });
  expect(many.text()).toContain('  deferred   4 units, the first of them a: x');
});
