import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import { expect, jest, test } from '@jest/globals';

import { runKeygen } from '../../terrace/cli/actions/keygen';
import { TerraceError } from '../../terrace/base/errors';
import { temporaryFolder } from '../_helpers/sandbox';

const silence = (): void => void jest.spyOn(process.stdout, 'write').mockReturnValue(true);

test('a key is written for its owner alone, in a folder that is made for it', async () => {
  silence();
  const file = path.join(temporaryFolder('terrace-keys-'), 'config', 'terrace', 'key.pem');
  await runKeygen({ out: file });
  expect(readFileSync(file, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  expect([statSync(file).mode & 0o777, statSync(path.dirname(file)).mode & 0o777]).toEqual([0o600, 0o700]);
});

test('a key is never overwritten, and another obstacle is not taken for one', async () => {
  silence();
  const folder = temporaryFolder('terrace-keys-');
  const file = path.join(folder, 'ops.age.key');
  await runKeygen({ out: file, age: true });
  const before = readFileSync(file, 'utf8');
  const todos = [];
  for (const out of [file, path.join(file, 'below-a-file')])
    try {
      await runKeygen({ out, age: true });
    } catch (error) {
      if (error instanceof TerraceError) todos.push(error.problems.map(({ code, todo }) => `${code} ${todo}`).join());
    }
  expect(todos).toEqual([
    'E6027 choose a file that does not exist yet: keys are never overwritten',
    'E6027 choose a file that can be written',
  ]);
  expect(readFileSync(file, 'utf8')).toBe(before);
});
