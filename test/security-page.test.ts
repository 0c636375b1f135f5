import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { projectRoot } from './_helpers/project-root';

/** A row of the page's table of who is kept from what. */
interface Row {
  readonly who: string;
  readonly could: string;
  readonly tests: readonly string[];
}

const page = readFileSync(path.join(projectRoot, 'docs', 'security.md'), 'utf8');

function rows(): readonly Row[] {
  const [, table = ''] = /\| who \| could \|[^\n]*\n\|[-|]+\|\n((?:\|[^\n]*\n)+)/.exec(page) ?? [];
  let [who, tests]: [string, readonly string[]] = ['', []];
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [first = '', could = '', , last = ''] = line
        .slice(1, -1)
        .split(' | ')
        .map((cell) => cell.replace(/^\|/, '').trim());
      who = first === '' ? who : first;
      tests = last.startsWith('the same') ? tests : [...last.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
      return { who, could, tests };
    });
}

/** Test files below a place, itself where it is one. */
function testsIn(place: string): readonly string[] {
  const at = path.join(projectRoot, place);
  if (!existsSync(at)) return [];
  if (statSync(at).isFile()) return [place];
  return readdirSync(at).filter((name) => name.endsWith('.test.ts'));
}

test('the page says of everybody who could do harm what keeps him from it', () => {
  const who = new Set(rows().map((row) => row.who));
  for (const one of ['change', 'dependency', 'provider', 'plan']) expect(who).toContain(`a malicious ${one}`);
  for (const one of ['a reviewer', 'a runner', 'a reader of states', 'a reader of bundles, pages, logs']) expect(who).toContain(one);
  expect(rows().filter(({ could }) => could === '')).toEqual([]);
});

test('every guarantee on the page names tests that are there', () => {
  const named = rows().map(({ could, tests }) => [could, tests.flatMap((name) => [name, testsIn(name).length > 0])] as const);
  expect(named.length).toBeGreaterThan(25);
  expect(named.filter(([, tests]) => tests.length === 0 || tests.includes(false))).toEqual([]);
  const others = [...page.matchAll(/`(test\/[^`]+)`/g)].map(([, name = '']) => name);
  expect(others.filter((name) => testsIn(name).length === 0)).toEqual([]);
});
