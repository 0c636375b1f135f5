import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../../_helpers/in-order';
import { awsBlocks, dataBlocks, labProject, read, type LabProject } from '../../_helpers/lab-project';
import type { LabUnits } from '../../_helpers/lab-types';
import { succeeded, words, type Outcome } from '../../_helpers/scratch-project';

const test = inOrder();

/** Two networks and a subnet in the first; afterwards the first goes, and the subnet stands in the second. */
const before: LabUnits = {
  'network/a': {
    json: awsBlocks({ aws_vpc: { one: { cidr_block: '10.1.0.0/16' }, two: { cidr_block: '10.2.0.0/16' } } }),
    outputs: { one: '${aws_vpc.one.id}', two: '${aws_vpc.two.id}' },
  },
  'app/b': {
    reads: { 'network/a': ['one'] },
    json: awsBlocks({ aws_subnet: { x: { vpc_id: read('network/a', 'one'), cidr_block: '10.1.1.0/24' } } }),
    outputs: { id: '${aws_subnet.x.id}' },
  },
  'null/a': { json: dataBlocks({ x: 'one' }), outputs: { v: '${null}', w: '${terraform_data.x.id}' } },
  'null/b': {
    reads: { 'null/a': ['v', 'w'] },
    json: dataBlocks({ x: `\${try(${read('null/a', 'v').slice(2, -1)}, "none")} ${read('null/a', 'w')}` }),
    outputs: { v: '${terraform_data.x.id}' },
  },
  'kept/a': {
    json: {
      ...awsBlocks({
        aws_sqs_queue: { q: { name: 'jobs', lifecycle: { prevent_destroy: true } } },
        aws_cloudwatch_event_rule: { r: { name: 'r', schedule_expression: 'rate(1 day)', lifecycle: { prevent_destroy: true } } },
      }),
      'resource.terraform_data': { k: { input: 'keep', lifecycle: { prevent_destroy: true } } },
    },
    outputs: { v: 'x' },
  },
  'chain/a': {
    json: awsBlocks({ aws_ssm_parameter: { p: { name: '/chain/p', type: 'String', value: 'x' } } }),
    outputs: { v: '${aws_ssm_parameter.p.arn}' },
  },
  'chain/b': { reads: { 'chain/a': ['v'] }, json: dataBlocks({ x: read('chain/a', 'v') }), outputs: { v: '${terraform_data.x.output}' } },
  'chain/c': { reads: { 'chain/b': ['v'] }, json: dataBlocks({ x: read('chain/b', 'v') }), outputs: { v: '${terraform_data.x.output}' } },
};
const after: LabUnits = {
  ...before,
  'network/a': { json: awsBlocks({ aws_vpc: { two: { cidr_block: '10.2.0.0/16' } } }), outputs: { two: '${aws_vpc.two.id}' } },
  'app/b': {
    reads: { 'network/a': ['two'] },
    json: awsBlocks({ aws_subnet: { x: { vpc_id: read('network/a', 'two'), cidr_block: '10.2.1.0/24' } } }),
    outputs: { id: '${aws_subnet.x.id}' },
  },
  'kept/a': { json: awsBlocks({}), outputs: { v: 'x' } },
};

let project: LabProject;
let deployed: Outcome;
beforeAll(async () => {
  project = await labProject(before);
  deployed = await project.run('deploy', 'lab', '--auto-approve', '--json');
}, 600_000);
afterAll(() => project.dispose());

interface ShownValue {
  readonly units: readonly { readonly unit: string; readonly operation: string; readonly after: readonly string[] }[];
  readonly remarks: readonly { readonly kind: string; readonly unit: string; readonly text: string }[];
}

const bundle = (name: string): string => `${project.root}/.terrace/${name}`;

test('an output that is null is no missing one', async () => {
  succeeded(deployed);
  const again = JSON.parse(succeeded(await project.run('plan', project.path('null/b'), '--out', bundle('null'), '--json')).stdout);
  expect(again).toMatchObject({ deferred: [], units: [{ unit: project.path('null/b'), unchanged: true }] });
}, 600_000);

test('what an applied unit reads is not destroyed without it, and the reader is named', async () => {
  project.commit(
    {
      ...after,
      'app/b': before['app/b'] ?? {},
      'network/a': { ...before['network/a'], json: after['network/a']?.json ?? {}, outputs: { two: '${aws_vpc.two.id}', one: 'gone' } },
    },
    'lose a network',
  );
  const alone = await project.run('plan', project.path('network/a'), '--out', bundle('alone'));
  expect([alone.code, words(alone)]).toEqual([3, expect.stringContaining(`E6050 still being read ${project.path('network/a')}`)]);
  expect(words(alone)).toContain(`${project.path('app/b')} reads one of it`);
  expect(words(alone)).toContain('--with-dependents');
  const leaked = await project.run('deploy', project.path('chain/a'), '--destroy', '--auto-approve');
  expect([leaked.code, words(leaked)]).toEqual([3, expect.stringContaining(`${project.path('chain/b')} reads v of it`)]);
  const along = await project.run('plan', project.path('chain/a'), '--destroy', '--with-dependents', '--out', bundle('along'), '--json');
  expect(JSON.parse(succeeded(along).stdout).units.map((one: { readonly unit: string }) => one.unit)).toEqual(
    ['chain/a', 'chain/b', 'chain/c'].map((id) => project.path(id)),
  );
}, 600_000);

test('a reader that leaves what is destroyed is applied first, in the same bundle; what was protected is a critical finding', async () => {
  project.commit(after, 'leave the first network');
  const planned = await project.run('plan', '--affected', 'applied', 'lab', '--out', bundle('embrace'), '--json');
  const { units, remarks }: ShownValue = JSON.parse(succeeded(planned).stdout);
  expect(units.map(({ unit, after: before }) => [unit, before])).toEqual([
    [project.path('app/b'), []],
    [project.path('kept/a'), []],
    [project.path('network/a'), [project.path('app/b')]],
  ]);
  expect(remarks.map(({ kind, text }) => [kind, text.split(' ')[0]])).toEqual([
    ['protection-removed', 'aws_cloudwatch_event_rule.r'],
    ['protection-removed', 'aws_sqs_queue.q'],
    ['protection-removed', 'terraform_data.k'],
  ]);
  const review = JSON.parse(succeeded(await project.run('review', bundle('embrace'), '--json', '-')).stdout);
  expect(
    review.findings
      .filter((one: { readonly rule: string }) => one.rule === 'protection-removed')
      .map((one: { readonly severity: string }) => one.severity),
  ).toEqual(['critical', 'critical', 'critical']);
  succeeded(await project.run('approve', bundle('embrace')));
  const applied = await project.run('apply', bundle('embrace'), '--json');
  expect([applied.code, JSON.parse(applied.stdout).units.map((one: { readonly status: string }) => one.status)]).toEqual([
    0,
    ['applied', 'applied', 'applied'],
  ]);
}, 600_000);

test('a destroy of which a part failed goes on when it is run again', async () => {
  succeeded(await project.run('sandbox', 'fault', 'add', 'aws_ssm_parameter', 'delete', 'error', '--message', 'access-denied'));
  const chain = ['deploy', ...['chain/a', 'chain/b', 'chain/c'].map((id) => project.path(id)), '--destroy', '--auto-approve', '--json'];
  const first = await project.run(...chain);
  expect([first.code, JSON.parse(first.stdout).units.map((one: { readonly status: string }) => one.status)]).toEqual([
    1,
    ['failed', 'destroyed', 'destroyed'],
  ]);
  const second = await project.run(...chain);
  expect([second.code, JSON.parse(second.stdout).units[0]]).toMatchObject([0, { unit: project.path('chain/a'), status: 'destroyed' }]);
  const third = await project.run('deploy', project.path('chain/b'), '--destroy', '--auto-approve', '--json');
  expect([third.code, JSON.parse(third.stdout).units[0].status]).toEqual([0, 'unchanged']);
}, 600_000);
