import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { keepErroredState } from '../../../terrace/delivery/record/errored-state';
import { keptStateProblems, keptStates } from '../../../terrace/delivery/record/kept-states';
import { inTemporaryFolder } from '../../_helpers/demo-project';

const unit = 'shop/dev/eu-central-1/network/vpc';

function workspaceIn(folder: string) {
  return { file: (name: string) => path.join(folder, name) };
}

test('a state that was not uploaded is kept where it is looked for, and the workspace may go', () =>
  inTemporaryFolder((root) => {
    writeFileSync(path.join(root, 'errored.tfstate'), '{"serial":7}');
    expect(keepErroredState(workspaceIn(root), unit, path.join(root, '.terrace'))).toBe(true);
    expect(readFileSync(path.join(root, '.terrace', 'errored', unit, 'errored.tfstate'), 'utf8')).toBe('{"serial":7}');
  }));

test('a state that cannot be kept stays in its workspace, which may not go', () =>
  inTemporaryFolder((root) => {
    writeFileSync(path.join(root, 'errored.tfstate'), '{"serial":7}');
    mkdirSync(path.join(root, '.terrace'));
    writeFileSync(path.join(root, '.terrace', 'errored'), 'a file in the way');
    expect(keepErroredState(workspaceIn(root), unit, path.join(root, '.terrace'))).toBe(false);
    expect(existsSync(path.join(root, 'errored.tfstate'))).toBe(true);
  }));

test('where nothing was left there is nothing to keep', () =>
  inTemporaryFolder((root) => {
    expect(keepErroredState(workspaceIn(root), unit, path.join(root, '.terrace'))).toBe(true);
    expect(existsSync(path.join(root, '.terrace'))).toBe(false);
  }));

test('a second state that was not uploaded does not replace the first', () =>
  inTemporaryFolder((root) => {
    for (const serial of [7, 8]) {
      writeFileSync(path.join(root, 'errored.tfstate'), `{"serial":${serial}}`);
      expect(keepErroredState(workspaceIn(root), unit, path.join(root, '.terrace'))).toBe(true);
    }
    expect(keptStates(path.join(root, '.terrace'), unit).map((file) => readFileSync(file, 'utf8'))).toEqual([
      '{"serial":8}',
      '{"serial":7}',
    ]);
    expect(
      keptStateProblems(path.join(root, '.terrace'), unit).map(({ code, todo }) => [code, todo.includes('terrace state recover')]),
    ).toEqual([
      ['E6053', true],
      ['E6053', true],
    ]);
  }));
