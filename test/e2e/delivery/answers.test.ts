import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../../_helpers/in-order';
import { inTerminal } from '../../_helpers/in-terminal';
import { awsBlocks, labProject, type LabProject } from '../../_helpers/lab-project';
import type { LabUnits } from '../../_helpers/lab-types';
import { words, type Outcome } from '../../_helpers/scratch-project';

const test = inOrder();

const table = (name: string): LabUnits => ({
  'storage/table': {
    json: awsBlocks({
      aws_dynamodb_table: { orders: { name, billing_mode: 'PAY_PER_REQUEST', hash_key: 'id', attribute: [{ name: 'id', type: 'S' }] } },
    }),
  },
});

let lab: LabProject;
beforeAll(async () => {
  lab = await labProject(table('orders'));
}, 600_000);
afterAll(() => lab.dispose());

const deploy = (...answers: readonly { readonly to: string; readonly with: string }[]): Promise<Outcome> =>
  inTerminal(lab.root, ['deploy', 'lab'], lab.env, answers);

test('a person is shown what happens and asked: no is 1 and applies nothing, yes applies it, and no changes ask nothing', async () => {
  const question = 'Apply exactly this? [y/N]';
  const no = await deploy({ to: question, with: 'n' });
  expect([no.code, words(no)]).toEqual([1, expect.stringMatching(/storage\/table 1 to create .*Apply exactly this/)]);
  const yes = await deploy({ to: question, with: 'y' });
  expect([yes.code, words(yes)]).toEqual([0, expect.stringContaining('applied')]);
  const nothing = await deploy();
  expect([nothing.code, words(nothing).includes(question)]).toEqual([0, false]);
}, 600_000);

test('what is critical wants the name of the environment: a habit of typing y is a no', async () => {
  lab.commit(table('orders-of-another-name'));
  const question = 'This plan has critical findings. Type lab/dev';
  const habit = await deploy({ to: question, with: 'y' });
  expect([habit.code, words(habit)]).toEqual([
    1,
    expect.stringMatching(/aws_dynamodb_table\.orders - name: orders # .* \+ name: orders-of-another-name .*Type lab\/dev/),
  ]);
  expect((await deploy({ to: question, with: 'lab/dev' })).code).toBe(0);
}, 600_000);
