import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, expect, test } from '@jest/globals';

import { projectRoot } from '../_helpers/project-root';

const folder = mkdtempSync(path.join(tmpdir(), 'terrace-results-'));
afterAll(() => rmSync(folder, { recursive: true }));

const passing = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
  wasInterrupted: false,
  testResults: [
    { name: path.join(projectRoot, 'test/quick.test.ts'), startTime: 1000, endTime: 1200, status: 'passed' },
    { name: path.join(projectRoot, 'test/slow.test.ts'), startTime: 1000, endTime: 13_500, status: 'passed' },
  ],
};

function summary(results: unknown, exitCode: number, ...more: readonly string[]): { lines: string[]; status: number | null } {
  const file = path.join(folder, 'results.json');
  writeFileSync(file, typeof results === 'string' ? results : JSON.stringify(results));
  const run = spawnSync(process.execPath, [path.join(projectRoot, 'scripts/tools/results.js'), String(exitCode), file, ...more], {
    encoding: 'utf8',
  });
  return { lines: run.stdout.trimEnd().split('\n'), status: run.status };
}

test('prints the time of each file, the slowest first, and the counts alone on the last line', () => {
  const { lines, status } = summary(passing, 0);
  expect(lines).toEqual(['    12.5 s  passed  test/slow.test.ts', '     0.2 s  passed  test/quick.test.ts', '3 passed, 0 failed']);
  expect(status).toBe(0);
});

test('failed tests keep the exit code of the command', () => {
  const { lines, status } = summary({ ...passing, numPassedTests: 1, numFailedTests: 2 }, 5);
  expect(lines.at(-1)).toBe('1 passed, 2 failed');
  expect(status).toBe(5);
});

test.each([
  ['a skipped test', { numPendingTests: 2 }, 0, '3 passed, 2 failed'],
  ['a test that is only planned', { numTodoTests: 1 }, 0, '3 passed, 1 failed'],
  ['a file that could not be loaded', { numRuntimeErrorTestSuites: 1 }, 1, '3 passed, 1 failed'],
  ['an interruption', { wasInterrupted: true }, 1, '3 passed, 1 failed'],
  ['a command that failed although every test passed', {}, 7, '3 passed, 1 failed'],
  ['a run without any test', { numPassedTests: 0, testResults: [] }, 0, '0 passed, 1 failed'],
])('%s is a failure', (_, change, exitCode, last) => {
  const { lines, status } = summary({ ...passing, ...change }, exitCode);
  expect(lines.at(-1)).toBe(last);
  expect(status).not.toBe(0);
});

test.each(['', '{"numPassed'])('results that were never written whole (%j) count as one failure', (text) => {
  expect(summary(text, 2)).toEqual({ lines: ['no test was run; the command ended with 2', '0 passed, 1 failed'], status: 2 });
});

test('several runs count as one, and a run that wrote nothing is a failure beside them', () => {
  const second = path.join(folder, 'second.json');
  const testResults = [{ name: path.join(projectRoot, 'test/full.test.ts'), startTime: 0, endTime: 5000, status: 'failed' }];
  writeFileSync(second, JSON.stringify({ ...passing, numPassedTests: 2, numFailedTests: 1, testResults }));
  expect(summary(passing, 1, second)).toEqual({
    lines: [
      '    12.5 s  passed  test/slow.test.ts',
      '     5.0 s  FAILED  test/full.test.ts',
      '     0.2 s  passed  test/quick.test.ts',
      '5 passed, 1 failed',
    ],
    status: 1,
  });
  const { lines, status } = summary(passing, 0, path.join(folder, 'absent.json'));
  expect([lines.slice(2), status]).toEqual([['1 of 2 runs wrote no results: counted as failed', '3 passed, 1 failed'], 1]);
});
