import { test } from '@jest/globals';

import { tool } from './tools';

/**
 * Registers tests that need a program beside Node.js and terraform. On a developer's computer without it one test takes their place and
 * says what is left out; with `CI=true` its absence is an error.
 */
export function whereAvailable(name: string, register: (file: string) => void): void {
  const file = tool(name);
  if (file !== undefined) return register(file);
  test(`${name} is not installed: what needs it is left out`, () => {
    process.stderr.write(`left out, since ${name} is missing (scripts/setup-ci.sh provides it): ${callingTest()}\n`);
  });
}

function callingTest(): string {
  return /\/(test\/[^\s:)]+)/.exec(new Error().stack?.split('\n').find((line) => line.includes('.test.ts')) ?? '')?.[1] ?? 'its tests';
}

/** The long matrix runs with `npm run full`. */
export const full = process.env['TERRACE_FULL'] === '1';
