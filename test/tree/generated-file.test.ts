import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { generatedFile } from '../../terrace/tree/generated-file';
import { projectRoot } from '../_helpers/project-root';

test('computed content stands under its own name, the same content in the same file, in a folder that only its user can enter', () => {
  const [one, again, other] = [generatedFile('a.mjs', 'one'), generatedFile('a.mjs', Buffer.from('one')), generatedFile('a.mjs', 'two')];
  expect([path.basename(one), again, readFileSync(one, 'utf8'), readFileSync(other, 'utf8')]).toEqual(['a.mjs', one, 'one', 'two']);
  expect(statSync(path.join(one, '..', '..')).mode & 0o777).toBe(0o700);
});

test('nothing of it is left when the process has ended, and no two processes share a folder', () => {
  const program = `process.stdout.write(require('./terrace/bin/compile.js').load('tree/generated-file').generatedFile('a.mjs', 'one'))`;
  const files = [1, 2].map(() => spawnSync(process.execPath, ['-e', program], { cwd: projectRoot, encoding: 'utf8' }).stdout);
  expect(files[0]).toMatch(/a\.mjs$/);
  expect(files[0]).not.toBe(files[1]);
  expect(files.map((file) => existsSync(path.join(file, '..', '..')))).toEqual([false, false]);
});
