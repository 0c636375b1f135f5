import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import {
  begunIn,
  forgetUnfinished,
  noteUnfinished,
  settleUnfinished,
  unfinishedProblems,
} from '../../../terrace/delivery/record/unfinished';
import { sweepWorkspaces } from '../../../terrace/delivery/terraform/workspace';
import { inTemporaryFolder } from '../../_helpers/demo-project';
import { stateText } from '../../_helpers/state-backend';

const unit = 'shop/dev/eu-central-1/network/vpc';
const output = `aws_vpc.main: Creating...
aws_vpc.main: Creation complete after 1s [id=vpc-1]
aws_vpc.old: Modifying... [id=vpc-0]
aws_subnet.a["x"]: Creating...
module.m.aws_eip.b: Creating...
aws_sqs_queue.failed: Creating...
╷
│ Error: creating aws_sqs_queue: AccessDenied
│
│   with aws_sqs_queue.failed,
│   on main.tf.json line 3, in resource.aws_sqs_queue.failed:
╵
aws_subnet.a["x"]: Still creating... [10s elapsed]
`;

test('what was begun and did not end may exist, what ended has its id, and what was refused does not count', () => {
  expect(begunIn(output)).toEqual([
    { address: 'aws_vpc.main', id: 'vpc-1' },
    { address: 'aws_subnet.a["x"]' },
    { address: 'module.m.aws_eip.b' },
  ]);
  expect(begunIn('Apply complete! Resources: 0 added')).toEqual([]);
});

test('nothing is planned until each of them is in the state, or known not to exist', () =>
  inTemporaryFolder((root) => {
    noteUnfinished(root, unit, [{ address: 'terraform_data.a' }, { address: 'terraform_data.b', id: 'b-1' }]);
    const [problem] = unfinishedProblems(root, unit, undefined);
    expect(problem?.code).toBe('E6054');
    expect(problem?.found).toContain('terraform_data.a was begun, and nobody knows whether it exists');
    expect(problem?.found).toContain('terraform_data.b was made (b-1), and stands in no state');
    expect(problem?.todo).toContain(`terrace state import ${unit} 'terraform_data.b' 'b-1'`);
    expect(unfinishedProblems(root, unit, stateText({ resources: ['a'] }))[0]?.found).not.toContain('terraform_data.a ');
    expect(unfinishedProblems(root, unit, stateText({ resources: ['a', 'b'] }))).toEqual([]);
    expect(forgetUnfinished(root, unit, ['terraform_data.b', 'terraform_data.c'])).toBe(1);
    expect(unfinishedProblems(root, unit, stateText({ resources: ['a'] }))).toEqual([]);
    settleUnfinished(root, unit);
    expect(unfinishedProblems(root, unit, undefined)).toEqual([]);
  }));

test.each([
  ['died with its Terrace', output, '', 1],
  ['ended by itself', `${output}Apply complete! Resources: 1 added.\n`, '', 0],
  ['failed by itself', output, 'Error: creating aws_sqs_queue\n', 0],
])('the next command notes what a terraform had begun that %s', (_, out, errors, problems) =>
  inTemporaryFolder((root) => {
    // The highest process id there can be, and one more: nobody has it.
    const folder = path.join(root, 'work', '4194305-a');
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of [
      ['terrace.unit', unit],
      ['terraform.out', out],
      ['terraform.err', errors],
    ] as const)
      writeFileSync(path.join(folder, name), text);
    sweepWorkspaces(root);
    expect(unfinishedProblems(root, unit, undefined)).toHaveLength(problems);
  }),
);
