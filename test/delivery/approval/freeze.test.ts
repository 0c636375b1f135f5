import { expect, test } from '@jest/globals';

import { frozenBy } from '../../../terrace/delivery/approval/freeze';
import type { FreezeWindow } from '../../../terrace/delivery/approval/approval-rules';

const frozen = (window: FreezeWindow, at: string): boolean => frozenBy([window], new Date(at)) !== undefined;

test('a window begins with its first instant and ends before its last', () => {
  const window = { from: '2026-12-20T00:00:00Z', to: '2027-01-02T00:00:00Z', reason: 'holidays' };
  expect([
    frozen(window, '2026-12-19T23:59:59Z'),
    frozen(window, '2026-12-20T00:00:00Z'),
    frozen(window, '2027-01-01T23:59:59Z'),
    frozen(window, '2027-01-02T00:00:00Z'),
  ]).toEqual([false, true, true, false]);
});

test('a weekly window follows the clock of its time zone, in summer and winter', () => {
  const window: FreezeWindow = { days: ['fri'], start: '16:00', end: '23:00', timeZone: 'Europe/Berlin', reason: 'weekend' };
  expect([
    frozen(window, '2026-11-20T14:59:00Z'),
    frozen(window, '2026-11-20T15:00:00Z'),
    frozen(window, '2026-07-17T13:59:00Z'),
    frozen(window, '2026-07-17T14:00:00Z'),
  ]).toEqual([false, true, false, true]);
});

test('a weekly window may go on after midnight', () => {
  const window: FreezeWindow = { days: ['fri'], start: '18:00', end: '06:00', timeZone: 'UTC', reason: 'night' };
  expect([
    frozen(window, '2026-11-20T18:00:00Z'),
    frozen(window, '2026-11-21T05:59:00Z'),
    frozen(window, '2026-11-21T06:00:00Z'),
    frozen(window, '2026-11-20T05:00:00Z'),
  ]).toEqual([true, true, false, false]);
});

test('a window from midnight to midnight is the whole day', () => {
  const window: FreezeWindow = { days: ['sat', 'sun'], start: '00:00', end: '00:00', timeZone: 'UTC', reason: 'weekend' };
  expect([
    frozen(window, '2026-11-20T23:59:00Z'),
    frozen(window, '2026-11-21T00:00:00Z'),
    frozen(window, '2026-11-22T23:59:00Z'),
    frozen(window, '2026-11-23T00:00:00Z'),
  ]).toEqual([false, true, true, false]);
});
