import { readFileSync } from 'node:fs';

import { expect, test } from '@jest/globals';

const {
  report,
}: {
  readonly report: (lock: Lock) => { readonly text: string; readonly problems: readonly string[] };
} = require('../../scripts/licences.js');

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly license?: string; readonly dev?: boolean; readonly dependencies?: object }>
  >;
}

/** The tool needs `a`, which brings a `b` of its own; the `b` at the top is the project's. */
const lock = (licences: { readonly a?: string; readonly own?: string } = {}): Lock => ({
  packages: {
    '': { version: '1.0.0' },
    terrace: { version: '1.0.0', dependencies: { a: '1.0.0' } },
    'node_modules/a': { version: '1.0.0', license: licences.a ?? 'MIT', dependencies: { b: '2.0.0' } },
    'node_modules/a/node_modules/b': { version: '2.0.0', ...(licences.own === undefined ? {} : { license: licences.own }) },
    'node_modules/b': { version: '1.0.0', license: 'ISC' },
  },
});

test('the tool is listed with what it brings along, from the folder in which it is installed', () => {
  const { text, problems } = report(lock({ own: 'BSD-3-Clause' }));
  expect(problems).toEqual([]);
  expect(text.split('\n').filter((line) => line.startsWith('| `'))).toEqual(['| `a` | 1.0.0 | MIT |', '| `b` | 2.0.0 | BSD-3-Clause |']);
  expect(text).toContain('| ISC | 1 |');
});

test('a licence that is not on the list, a missing one, and half of a pair are named; one side of an alternative is enough', () => {
  expect(report(lock({ a: 'GPL-3.0-only', own: 'MIT' })).problems).toEqual(['a 1.0.0: GPL-3.0-only']);
  expect(report(lock()).problems).toEqual(['b 2.0.0: none named']);
  expect(report(lock({ a: 'MIT AND GPL-3.0-only', own: 'MIT' })).problems).toEqual(['a 1.0.0: MIT AND GPL-3.0-only']);
  expect(report(lock({ a: '(GPL-3.0-or-later OR MIT)', own: 'MIT' })).problems).toEqual([]);
});

test('the LGPL is for what only the tests need', () => {
  const one = { version: '1.0.0', license: 'Apache-2.0 AND LGPL-3.0-or-later' };
  expect(report({ packages: { terrace: {}, 'node_modules/a': { ...one, dev: true } } }).problems).toEqual([]);
  expect(report({ packages: { terrace: {}, 'node_modules/a': one } }).problems).toEqual(['a 1.0.0: Apache-2.0 AND LGPL-3.0-or-later']);
});

test('everything that is installed here is on the list', () => {
  expect(report(JSON.parse(readFileSync('package-lock.json', 'utf8'))).problems).toEqual([]);
});
