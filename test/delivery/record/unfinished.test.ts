import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { begunIn, plannedCreations, unfinishedOf, unfinishedProblems } from '../../../terrace/delivery/record/unfinished';
import { readUnfinished } from '../../../terrace/delivery/record/unfinished-notes';
import { parsePlan } from '../../../terrace/terraform/plan-json';
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

const begun = { status: 'applying', at: '2026-11-30T10:00:00.000Z' } as const;

test('nothing is planned until each of them is in the state, or known not to exist', () => {
  const open = unfinishedOf(
    { resources: [{ address: 'terraform_data.a' }, { address: 'terraform_data.b', id: 'b-1' }] },
    undefined,
    undefined,
  );
  const [problem] = unfinishedProblems(unit, open);
  expect(problem?.code).toBe('E6054');
  expect(problem?.found).toContain('terraform_data.a was being created; whether it exists is not known');
  expect(problem?.found).toContain('terraform_data.b was made (b-1), and is in no state');
  expect(problem?.todo).toContain(`terrace state import ${unit} 'terraform_data.b' 'b-1'`);
  expect(unfinishedOf({ resources: open }, undefined, stateText({ resources: ['a'] }))).toEqual([
    { address: 'terraform_data.b', id: 'b-1' },
  ]);
  expect(unfinishedProblems(unit, unfinishedOf({ resources: open }, undefined, stateText({ resources: ['a', 'b'] })))).toEqual([]);
});

test('a key is compared as terraform writes it in an address', () => {
  const text = JSON.stringify({
    resources: [{ mode: 'managed', type: 'aws_eip', name: 'a', instances: [{ index_key: 'x ${y} "z"', attributes: { id: 'e-1' } }] }],
  });
  const address = 'aws_eip.a["x $${y} \\"z\\""]';
  expect(unfinishedOf({ resources: [{ address, id: 'e-1' }] }, undefined, text)).toEqual([]);
});

test('another machine goes by the record, this one by its note as long as it is of the same apply', () => {
  const record = { ...begun, unfinished: [{ address: 'terraform_data.a' }, { address: 'terraform_data.b' }] };
  expect(unfinishedOf(undefined, record, undefined)).toEqual(record.unfinished);
  expect(unfinishedOf({ of: begun.at, resources: [{ address: 'terraform_data.b', id: 'b-1' }] }, record, undefined)).toEqual([
    { address: 'terraform_data.b', id: 'b-1' },
  ]);
  expect(unfinishedOf({ of: begun.at, resources: [] }, record, undefined)).toEqual([]);
  expect(unfinishedOf({ of: 'an apply before', resources: [] }, record, undefined)).toEqual(record.unfinished);
  expect(unfinishedOf(undefined, { ...record, status: 'applied' }, undefined)).toEqual([]);
});

test('what takes the place of something in the state counts until the state has another id, and is not imported over it', () => {
  const record = { ...begun, unfinished: [{ address: 'terraform_data.a', replaces: 'id-a' }] };
  const [problem] = unfinishedProblems(unit, unfinishedOf(undefined, record, stateText({ resources: ['a'] })));
  expect(problem?.found).toContain('terraform_data.a was being created, in the place of id-a; whether it exists is not known');
  expect(problem?.todo).not.toContain('state import');
  expect(problem?.todo).toContain('terraform_data.a is id-a in the state: remove by hand whatever was created to replace it');
  expect(
    unfinishedOf(
      undefined,
      { ...record, unfinished: [{ address: 'terraform_data.a', replaces: 'older' }] },
      stateText({ resources: ['a'] }),
    ),
  ).toEqual([]);
});

test('all that a plan makes is noted before it begins, but what exists in its state alone', () => {
  const resource = (address: string, provider_name: string, actions: readonly string[]) => ({
    address,
    mode: 'managed',
    type: address.split('.')[0] ?? '',
    name: 'x',
    provider_name,
    change: { actions },
  });
  const plan = {
    format_version: '1.2',
    resource_changes: [
      resource('aws_vpc.x', 'registry.terraform.io/hashicorp/aws', ['create']),
      resource('aws_eip.x', 'registry.terraform.io/hashicorp/aws', ['update']),
      resource('random_id.x', 'registry.terraform.io/hashicorp/random', ['create']),
      resource('terraform_data.a', 'registry.terraform.io/hashicorp/aws', ['create', 'delete']),
    ],
  };
  expect(plannedCreations(parsePlan(JSON.stringify(plan), unit), stateText({ resources: ['a'] }))).toEqual([
    { address: 'aws_vpc.x' },
    { address: 'terraform_data.a', replaces: 'id-a' },
  ]);
});

test.each([
  ['died with its Terrace', output, '', 3],
  ['ended by itself', `${output}Apply complete! Resources: 1 added.\n`, '', 0],
  ['failed by itself', output, 'Error: creating aws_sqs_queue\n', 0],
])('the next command notes what a terraform had begun that %s', (_, out, errors, found) =>
  inTemporaryFolder((root) => {
    // The highest process id there can be, and one more: nobody has it.
    const folder = path.join(root, 'work', '4194305-a');
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of [
      ['terrace.unit', unit],
      ['terrace.began', begun.at],
      ['terraform.out', out],
      ['terraform.err', errors],
    ] as const)
      writeFileSync(path.join(folder, name), text);
    sweepWorkspaces(root);
    expect(readUnfinished(root, unit)).toMatchObject({ of: begun.at });
    expect(readUnfinished(root, unit)?.resources).toHaveLength(found);
  }),
);
