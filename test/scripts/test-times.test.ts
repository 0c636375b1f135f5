import path from 'node:path';

import { expect, test } from '@jest/globals';

const { table }: { readonly table: (results: object) => readonly string[] } = require('../../scripts/test-times.js');

const file = (name: string, milliseconds: number, ...durations: readonly number[]): object => ({
  name: path.resolve('test', name),
  startTime: 1000,
  endTime: 1000 + milliseconds,
  assertionResults: durations.map((duration, index) => ({ fullName: `step ${index + 1}`, duration })),
});

test('files stand in the order of their time, with the steps that took more than a second and what no step accounts for', () => {
  expect(table({ testResults: [file('a.test.ts', 900, 300), file('b.test.ts', 12_000, 1500, 400, 6000)] })).toEqual([
    '    12.0 s  test/b.test.ts',
    '     6.0 s      step 3',
    '     4.1 s      (beforeAll, loading)',
    '     1.5 s      step 1',
    '     0.9 s  test/a.test.ts',
    '    12.9 s  2 files',
  ]);
});
