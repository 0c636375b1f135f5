import path from 'node:path';

import { expect, test } from '@jest/globals';

import { projectRoot } from './project-root';
import { optionalTool, tool } from './tools';

/**
 * Registers tests that need a program beside Node.js and terraform. On a developer's computer without it one test takes their place and
 * says what is left out; with `CI=true` its absence is an error, unless `optional` is set.
 */
export function whereAvailable(
  name: string,
  register: (file: string) => void,
  { optional = false }: { readonly optional?: boolean } = {},
): void {
  const file = optional ? optionalTool(name) : tool(name);
  if (file !== undefined) return register(file);
  test(`${name} is not installed: what needs it is left out`, () => {
    process.stderr.write(`left out, since ${name} is missing (scripts/setup-ci.sh provides it): ${callingTest()}\n`);
    expect(file).toBeUndefined();
  });
}

function callingTest(): string {
  return path.relative(projectRoot, expect.getState().testPath ?? 'its tests');
}

/** The long matrix runs with `npm run matrices`. */
export const full = process.env['TERRACE_FULL'] === '1';
