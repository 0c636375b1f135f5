import { expect, test } from '@jest/globals';

import {
  formatAge,
  lockAge,
  lockIdOf,
  lockInfoJson,
  newLockInfo,
  operationName,
  parseLockInfo,
} from '../../../terrace/state/lock/lock-info';

test('a new lock is written as terraform writes it and read back as it was', () => {
  const lock = newLockInfo({ operation: 'terrace state move', path: 'bucket/key', info: 'why', now: new Date('2026-02-03T04:05:06.789Z') });
  expect(Object.keys(JSON.parse(lockInfoJson(lock)))).toEqual(['ID', 'Operation', 'Info', 'Who', 'Version', 'Created', 'Path']);
  expect(JSON.parse(lockInfoJson(lock))).toMatchObject({
    Operation: 'terrace state move',
    Info: 'why',
    Created: '2026-02-03T04:05:06.789Z',
    Path: 'bucket/key',
    Who: expect.stringMatching(/^.+@.+$/),
    ID: expect.stringMatching(/^[0-9a-f]{8}-/),
  });
  expect(parseLockInfo(lockInfoJson(lock))).toEqual(lock);
  expect(newLockInfo({ operation: 'x', path: 'y' }).id).not.toBe(lock.id);
});

test.each(['', 'gibberish', '[]', 'null', '"text"', '7'])('%j is no lock', (text) => {
  expect(parseLockInfo(text)).toBeUndefined();
  expect(lockIdOf(parseLockInfo(text))).toBe('none');
});

test('what a foreign lock does not say is empty, and its age unknown', () => {
  const lock = parseLockInfo('{"ID":"abc","Created":17}');
  expect(lock).toEqual({ id: 'abc', operation: '', info: '', who: '', version: '', created: '', path: '' });
  if (lock === undefined) throw new Error('not read');
  expect(lockAge(lock, new Date())).toBeUndefined();
  expect(operationName(lock)).toBe('unknown');
  expect(operationName({ ...lock, operation: 'OperationTypeApply' })).toBe('apply');
  expect(lockAge({ ...lock, created: '2026-01-01T00:00:00.123456789Z' }, new Date('2026-01-01T00:00:01.123Z'))).toBe(1000);
});

test.each([
  [-5, '0 s'],
  [999, '0 s'],
  [61_000, '1 min 1 s'],
  [3_600_000, '1 h'],
  [2 * 86_400_000 + 5 * 60_000, '2 d'],
  [86_400_000 + 3_600_000 + 59_000, '1 d 1 h'],
])('%i ms are %s', (milliseconds, text) => {
  expect(formatAge(milliseconds)).toBe(text);
});
