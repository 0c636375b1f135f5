import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { keepErroredState } from '../../../terrace/delivery/record/errored-state';
import { printedState, stateIn } from '../../../terrace/delivery/record/last-resort';
import { keptStateProblems, keptStates } from '../../../terrace/delivery/record/kept-states';
import { readFileSync } from 'node:fs';
import { inTemporaryFolder } from '../../_helpers/demo-project';
import { stateText } from '../../_helpers/state-backend';

const unit = 'shop/dev/eu-central-1/network/vpc';
const printed = `Error: Failed to create local state file\n\n${stateText({ serial: 7 })}\nthe end\n`;

test('the state that terraform prints as a last resort is found among its words, and nothing else is taken for one', () => {
  expect(stateIn(printed)).toBe(stateText({ serial: 7 }));
  expect(stateIn('{\n  "version": 3\n}\n')).toBeUndefined();
  expect(stateIn(printed.slice(0, -40))).toBeUndefined();
  expect(printedState(['/nowhere/at/all'])).toBeUndefined();
});

test('where the file is empty, since the disk was full, the printed state is kept instead; else it is said to be empty', () =>
  inTemporaryFolder((root) => {
    const workspace = { folder: root, file: (name: string) => path.join(root, name), remove: () => undefined };
    const work = path.join(root, '.terrace');
    writeFileSync(path.join(root, 'errored.tfstate'), '');
    writeFileSync(path.join(root, 'terraform.err'), printed);
    expect(keepErroredState(workspace, unit, work)).toBe(true);
    expect(keptStates(work, unit).map((file) => readFileSync(file, 'utf8'))).toEqual([stateText({ serial: 7 })]);
    writeFileSync(path.join(root, 'terraform.err'), 'nothing');
    expect(keepErroredState(workspace, unit, work)).toBe(true);
    expect(keptStateProblems(work, unit).map(({ found }) => found.includes('is empty: the disk was full'))).toEqual([true, false]);
  }));
