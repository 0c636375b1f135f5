import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { temporaryFolder } from '../_helpers/sandbox';
import { terraceCli } from '../_helpers/terrace-cli';

test.each([
  ['graph', 'olechka/dev', '--json', '--dot'],
  ['graph', 'olechka/dev', '--dot', '--mermaid'],
  ['drift', 'olechka/dev', '--json', '--markdown'],
  ['affected', '--base', 'HEAD', '--json', '--matrix'],
])('%s %s %s %s prints one of them, and says so', async (...args) => {
  const { code, stdout, stderr } = await terraceCli(args);
  expect([code, stdout]).toEqual([64, '']);
  expect(stderr).toContain('cannot be used with option');
});

test('two documents of a review have no room in one standard output', async () => {
  const { code, stdout, stderr } = await terraceCli(['review', 'bundle', '--json', '-', '--markdown', '-']);
  expect([code, stdout, stderr]).toEqual([
    64,
    '',
    'E7004 review cannot be written   -\n  2 documents for one standard output\n  write the others to files\n',
  ]);
});

test('a tree is not written where a file stands', async () => {
  const file = path.join(temporaryFolder('terrace-out-'), 'file');
  writeFileSync(file, 'mine');
  const { code, stderr } = await terraceCli(['synth', 'olechka/dev/global', '--out', file]);
  expect([code, /E\d{4} [a-z ]+/.exec(stderr)?.[0].trim()]).toEqual([1, 'E3204 tree cannot be written']);
});

test.each([
  ['iam', 'olechka/*', '--role', 'plan'],
  ['backend', 'bootstrap', 'olechka/*', '--yes'],
])('%s %s means one environment, and takes no star for several', async (...args) => {
  const { code, stdout, stderr } = await terraceCli(args);
  expect([code, stdout, /expected: <system>\/<environment>/.test(stderr)]).toEqual([64, '', true]);
});
