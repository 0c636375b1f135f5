import { readdirSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { projectRoot } from '../_helpers/project-root';

interface Settings {
  readonly testMatch?: readonly string[];
  readonly testRegex?: readonly string[];
  readonly testPathIgnorePatterns?: readonly string[];
}
const { settingsOf }: { readonly settingsOf: (part?: string) => Settings } = require('../which.js');

const files = readdirSync(path.join(projectRoot, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.test\.tsx?$/.test(name))
  .map((name) => path.join(projectRoot, 'test', name));

const fits = (patterns: readonly string[] = [], file: string): boolean => patterns.some((pattern) => new RegExp(pattern).test(file));

test('each test file is run by npm test or by npm run full, and by one of them', () => {
  const quick = files.filter((file) => !fits(settingsOf('quick').testPathIgnorePatterns, file));
  const full = files.filter((file) => fits(settingsOf('full').testRegex, file));
  expect([...quick, ...full].toSorted()).toEqual(files.toSorted());
  expect(new Set([...quick, ...full]).size).toBe(files.length);
  expect(quick.length).toBeGreaterThan(full.length);
});

test('every file that is named there exists', () => {
  const names = [...`${settingsOf('full').testRegex?.join('|')}`.matchAll(/[a-z-]+(?:\/[a-z-]+)+/g)].map(([name]) => name);
  const known = new Set(files.map((file) => path.relative(path.join(projectRoot, 'test'), file).replace(/\.test\.tsx?$/, '')));
  expect(names.filter((name) => name.includes('/') && !known.has(name) && !known.has(`e2e/${name}`))).toEqual(['test/e']);
});

test('without a part everything that is asked for runs', () => {
  expect(settingsOf()).toEqual({ testMatch: ['**/*.test.ts', '**/*.test.tsx'] });
});
