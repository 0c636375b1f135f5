import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { sandboxHint } from '../../terrace/cli/sandbox-hint';
import { temporaryFolder } from '../_helpers/sandbox';

const noCredentials = [{ code: 'E4101', title: 'no credentials', found: 'x', todo: 'y' }];

function project(pid: number | undefined): string {
  const folder = temporaryFolder('terrace-hint-');
  writeFileSync(path.join(folder, 'cdktf.json'), '{}');
  mkdirSync(path.join(folder, '.sandbox'));
  if (pid !== undefined) writeFileSync(path.join(folder, '.sandbox', 'daemon.json'), JSON.stringify({ pid }));
  return folder;
}

test('where credentials are missing and a sandbox runs in the project, the way into it is named once', () => {
  expect(sandboxHint([...noCredentials, ...noCredentials], {}, project(process.pid))).toBe(
    'A sandbox runs in this project. To work in it: eval "$(npx terrace sandbox env)"',
  );
});

test('nothing is said of a sandbox that does not run, or of what has nothing to do with it', () => {
  expect(sandboxHint(noCredentials, {}, project(undefined))).toBeUndefined();
  expect(sandboxHint(noCredentials, {}, project(2 ** 22 + 1))).toBeUndefined();
  expect(sandboxHint([{ code: 'E6005', title: 'expired', found: 'x', todo: 'y' }], {}, project(process.pid))).toBeUndefined();
});
