import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import type { Rehearsal } from '../../../terrace/rehearse/rehearsal';
import { withVariables } from '../../../terrace/sandbox/environment/with-variables';
import { findTerraform } from '../../../terrace/terraform/binary';
import { runTerraform } from '../../../terrace/terraform/run';
import { inOrder } from '../../_helpers/in-order';
import { awsBlocks, labProject, read, type LabProject } from '../../_helpers/lab-project';
import type { LabUnits } from '../../_helpers/lab-types';
import { unfitting } from '../../_helpers/published-schema';
import { outside } from '../../_helpers/rehearsed-systems';
import { layoutOf } from '../../../terrace/sandbox/daemon/layout';
import { readRequestLog } from '../../../terrace/sandbox/gateway/request-log';
import { succeeded } from '../../_helpers/scratch-project';
import { shopAccount } from '../../_helpers/shop-tree';

const test = inOrder();

const kept = { name: '/lab/kept', type: 'String', value: 'kept' };

/** A small production: a network, a target group in it, what points at the group, a secret with its hash, what another unit adopts, and a unit that goes. */
const units = (port: number, withOld: boolean): LabUnits => ({
  'network/vpc': {
    json: awsBlocks({
      aws_vpc: { main: { cidr_block: '10.0.0.0/16' } },
      aws_subnet: { one: { vpc_id: '${aws_vpc.main.id}', cidr_block: '10.0.1.0/24' } },
    }),
    outputs: { vpc_id: '${aws_vpc.main.id}' },
  },
  'network/group': {
    json: awsBlocks({
      aws_lb_target_group: { api: { name: 'api', port, protocol: 'HTTP', target_type: 'ip', vpc_id: read('network/vpc', 'vpc_id') } },
    }),
    reads: { 'network/vpc': ['vpc_id'] },
    outputs: { group_arn: '${aws_lb_target_group.api.arn}', group_name: '${aws_lb_target_group.api.name}' },
  },
  'compute/pointer': {
    json: awsBlocks({
      aws_ssm_parameter: {
        group: {
          name: '/lab/group',
          type: 'String',
          value: read('network/group', 'group_arn'),
          description: read('network/group', 'group_name'),
        },
      },
    }),
    reads: { 'network/group': ['group_arn', 'group_name'] },
  },
  'compute/kept': { json: awsBlocks({ aws_ssm_parameter: { kept: kept } }) },
  'security/token': {
    variables: { api_token: true },
    json: {
      ...awsBlocks({
        aws_ssm_parameter: {
          token: { name: '/lab/token', type: 'SecureString', value: '${var.api_token}' },
          hash: { name: '/lab/hash', type: 'String', value: '${sha256(var.api_token)}' },
        },
      }),
    },
  },
  ...(withOld ? { 'compute/old': { json: awsBlocks({ aws_sqs_queue: { old: { name: 'old' } } }) } } : {}),
});

const token = 'canary-Token-7d2f9A';

/** A policy that refuses the port to which the rehearsed change goes. */
const closedPorts = `import { planWith, policy, written } from 'terrace/policy';

export default policy({
  id: 'closed-ports',
  severity: 'deny',
  explain: 'Nothing listens on 9090.',
  check: (plan) =>
    [...written(plan)].flatMap(({ unit, change, after }) =>
      after['port'] === 9090 ? [{ message: 'it listens on 9090', unit: unit.path, address: change.address }] : [],
    ),
  test: {
    holds: { 'another port': planWith('lab/dev/eu-central-1/network/group', 'aws_lb_target_group.api', { port: 8080 }) },
    refuses: { 'the port': planWith('lab/dev/eu-central-1/network/group', 'aws_lb_target_group.api', { port: 9090 }) },
  },
});
`;

let lab: LabProject;
let env: NodeJS.ProcessEnv;
let shape: string;
/** What `state shape` asked the account for. */
let asked: readonly string[] = [];

/** Requests to the project's own sandbox: service, method and path. */
const requests = (): readonly string[] =>
  readRequestLog(layoutOf(path.join(lab.root, '.sandbox')).requests).map(
    ({ service, method, target }) => `${service} ${method} ${target.replace(/\?.*$/, '')}`,
  );

beforeAll(async () => {
  lab = await labProject(units(8080, true));
  env = { ...lab.env, TF_VAR_api_token: token, TERRACE_SHAPE_KEY: 'a key that only this test has' };
  succeeded(await lab.terrace(['deploy', 'lab', '--auto-approve'], env));
  shape = path.join(lab.root, 'lab.shape.json');
  const before = requests().length;
  succeeded(await lab.terrace(['state', 'shape', 'lab', '--out', shape], env));
  asked = requests().slice(before);
  writeFileSync(path.join(lab.root, 'policies', 'closed-ports.ts'), closedPorts);
  lab.git('add', '--all');
  lab.git('commit', '--quiet', '--message', 'the shape');
}, 600_000);
afterAll(async () => {
  await lab.terrace(['sandbox', 'end', '--all']);
  await lab.dispose();
});

async function rehearse(
  args: readonly string[] = [],
  more: NodeJS.ProcessEnv = {},
): Promise<{ readonly code: number; readonly report: Rehearsal }> {
  const outcome = await lab.terrace(['rehearse', '--shape', shape, '--json', '--out', path.join(lab.root, 'rehearsal'), ...args], {
    ...outside(),
    ...more,
  });
  if (!outcome.stdout.startsWith('{')) throw new Error(outcome.output);
  const report: Rehearsal = JSON.parse(outcome.stdout);
  expect(await unfitting('rehearsal.v1.json', report)).toEqual([]);
  return { code: outcome.code, report };
}

test('a shape is taken by reading states and records, which is what a role that plans may', () => {
  const states = asked.filter((one) => /^s3 GET .*\.tfstate$/.test(one));
  expect(new Set(states).size).toBe(Object.keys(units(8080, true)).length);
  expect(asked.filter((one) => !/^(?:s3 (?:GET|HEAD) |sts )/.test(one))).toEqual([]);
});

test('a shape holds no secret, and a sandbox that is seeded with it plans no changes, by Terrace and by terraform alone', async () => {
  const text = readFileSync(shape, 'utf8');
  expect([text.includes(token), text.includes(Buffer.from(token).toString('base64').slice(0, 16))]).toEqual([false, false]);
  expect(await unfitting('shape.v1.json', JSON.parse(text))).toEqual([]);
  expect(text).toContain('"address":"aws_lb_target_group.api"');
  succeeded(await lab.terrace(['sandbox', 'fork', 'try', '--empty'], outside()));
  const dir = path.join(lab.root, '.sandbox', 'forks', 'try');
  const seeded = JSON.parse(succeeded(await lab.terrace(['sandbox', 'seed', shape, '--dir', dir, '--json'], outside())).stdout);
  expect(seeded).toMatchObject({
    units: 6,
    resources: 8,
    unseeded: [],
    incomplete: [],
    derived: [{ unit: lab.path('security/token'), address: 'aws_ssm_parameter.hash', attribute: 'value' }],
  });
  const entered = JSON.parse(
    succeeded(await lab.terrace(['sandbox', 'env', '--dir', dir, '--account', shopAccount, '--json'], outside())).stdout,
  );
  const inside = withVariables(outside(), entered.variables);
  expect(inside['TF_VAR_api_token']).not.toBe(token);
  const planned = await lab.terrace(['plan', 'lab', '--detailed-exitcode', '--out', path.join(lab.root, '.terrace', 'try')], inside);
  expect([planned.code, planned.code === 0 ? '' : planned.output]).toEqual([0, '']);
  const binary = await findTerraform(inside);
  const folder = lab.unit(lab.path('network/group'));
  for (const args of [['init'], ['plan', '-detailed-exitcode']]) {
    const done = await runTerraform(binary, { cwd: folder, args: [...args, '-input=false', '-no-color'], env: inside });
    expect([args[0], done.exitCode, done.exitCode === 0 ? '' : done.stdout + done.stderr]).toEqual([args[0], 0, '']);
  }
  const again = await lab.terrace(['sandbox', 'seed', shape, '--dir', dir], outside());
  expect([again.code, again.output]).toEqual([1, expect.stringContaining('E9503')]);
}, 600_000);

/**
 * A terraform that notes when it begins and ends. With `paired`, the first to plan waits until another one runs: for 60 s at most, so that it
 * would be alone where the pool starts one at a time.
 */
function notedTerraform(name: string, paired: boolean): { readonly file: string; atMost(): number } {
  const [file, log] = [path.join(lab.root, '.terrace', name), path.join(lab.root, '.terrace', `${name}.log`)];
  const wait = `if [ "$1" = plan ] && mkdir "${log}.first" 2>/dev/null; then
  for _ in $(seq 600); do
    if [ "$(grep -c begin "${log}")" -gt "$(($(grep -c end "${log}") + 1))" ]; then break; fi
    sleep 0.1
  done
fi`;
  const lines = [
    '#!/bin/sh',
    `echo begin >> "${log}"`,
    paired ? wait : ':',
    'terraform "$@"',
    'code=$?',
    `echo end >> "${log}"`,
    'exit $code',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o755 });
  return {
    file,
    atMost: () => {
      let running = 0;
      return Math.max(
        ...readFileSync(log, 'utf8')
          .trim()
          .split('\n')
          .map((line) => (running += line === 'begin' ? 1 : -1)),
      );
    },
  };
}

/** One more unit, and a subnet with another name. */
const rearranged: LabUnits = {
  'compute/more': { json: awsBlocks({ aws_ssm_parameter: { note: { name: '/lab/note', type: 'String', value: 'more' } } }) },
  'network/vpc': {
    json: {
      ...awsBlocks({
        aws_vpc: { main: { cidr_block: '10.0.0.0/16' } },
        aws_subnet: { first: { vpc_id: '${aws_vpc.main.id}', cidr_block: '10.0.1.0/24' } },
      }),
      moved: { from: 'aws_subnet.one', to: 'aws_subnet.first' },
    },
    outputs: { vpc_id: '${aws_vpc.main.id}' },
  },
};

/** A parameter that one unit lets go and another takes. */
const adopting: LabUnits = {
  'compute/kept': { json: { ...awsBlocks({}), removed: { from: 'aws_ssm_parameter.kept', lifecycle: { destroy: false } } } },
  'compute/adopter': {
    json: { ...awsBlocks({ aws_ssm_parameter: { kept: kept } }), import: { to: 'aws_ssm_parameter.kept', id: kept.name } },
  },
};

test('what changes nothing and what only adds and moves ends with 0, with as many terraforms at once as it is told', async () => {
  const [alone, paired] = [notedTerraform('alone', false), notedTerraform('paired', true)];
  const still = await rehearse(['--parallel', '1'], { TERRAFORM_BINARY_NAME: alone.file });
  expect([still.code, still.report.outcome, still.report.affected, still.report.forth.rounds]).toEqual([0, 'as planned', [], []]);
  expect([still.report.forth.last, alone.atMost()]).toMatchObject([{ units: 6, changed: [] }, 1]);
  lab.commit({ ...units(8080, true), ...rearranged }, 'more');
  const more = await rehearse(['--parallel', '2'], { TERRAFORM_BINARY_NAME: paired.file });
  expect([more.report.problems, more.code, more.report.outcome]).toEqual([[], 0, 'as planned']);
  expect(more.report.forth).toMatchObject({
    rounds: [
      {
        moves: [{ unit: lab.path('network/vpc'), from: 'aws_subnet.one', to: 'aws_subnet.first' }],
        down: [],
        stale: [],
      },
    ],
    last: { units: 7, changed: [] },
  });
  expect(more.report.forth.rounds[0]?.units).toContainEqual(
    expect.objectContaining({ unit: lab.path('compute/more'), status: 'applied', counts: { create: 1, update: 0, replace: 0, delete: 0 } }),
  );
  expect(paired.atMost()).toBe(2);
  const wrong = await lab.terrace(['rehearse', '--shape', shape, '--parallel', 'many'], outside());
  expect([wrong.code, wrong.output]).toEqual([64, expect.stringContaining('--parallel')]);
  lab.git('reset', '--quiet', '--hard', 'HEAD~1');
}, 600_000);

test('a change that destroys is rehearsed without credentials: rounds, what is down and for whom, old readers, an empty last plan', async () => {
  lab.commit(units(9090, false), 'another port');
  const { code, report } = await rehearse();
  expect(report.problems).toEqual([]);
  expect([code, report.outcome]).toEqual([2, 'findings']);
  expect(report.affected.map(({ unit, operation }) => [unit, operation])).toEqual([
    [lab.path('compute/old'), 'destroy'],
    [lab.path('compute/pointer'), 'apply'],
    [lab.path('network/group'), 'apply'],
  ]);
  const [first, second] = report.forth.rounds;
  expect(report.forth.rounds).toHaveLength(2);
  expect(first).toMatchObject({
    waits: [{ unit: lab.path('compute/pointer'), upstream: lab.path('network/group'), outputs: ['group_arn'] }],
    replaces: [{ unit: lab.path('network/group'), address: 'aws_lb_target_group.api', createFirst: false, attributes: ['port'] }],
    destroys: [{ unit: lab.path('compute/old'), address: 'aws_sqs_queue.old' }],
    stale: [{ unit: lab.path('compute/pointer'), upstream: lab.path('network/group'), outputs: ['group_arn'] }],
  });
  expect(first?.down.find(({ address }) => address === 'aws_lb_target_group.api')).toMatchObject({
    edges: [{ unit: lab.path('compute/pointer'), address: 'aws_ssm_parameter.group', attribute: 'value' }],
    readers: [lab.path('compute/pointer')],
  });
  // After each round, of everything that was planned so far.
  for (const round of [first, second])
    expect(round?.policies).toContainEqual({
      policy: 'closed-ports',
      severity: 'deny',
      message: 'it listens on 9090',
      unit: lab.path('network/group'),
      address: 'aws_lb_target_group.api',
    });
  expect(second).toMatchObject({ waits: [], stale: [], units: [{ unit: lab.path('compute/pointer'), status: 'applied' }] });
  expect(report.forth.last).toMatchObject({ units: 5, changed: [] });
  const page = readFileSync(path.join(lab.root, 'rehearsal', 'rehearsal.html'), 'utf8');
  expect(page).toContain('<code>aws_lb_target_group.api</code>');
  expect(readFileSync(path.join(lab.root, 'rehearsal', 'comment.md'), 'utf8')).toMatch(
    /^<!-- terrace-rehearsal -->\n\n## Rehearsal: findings/,
  );
  expect(JSON.parse(succeeded(await lab.terrace(['sandbox', 'forks', '--json'], outside())).stdout).forks).toHaveLength(1);
}, 600_000);

test('rounds stop where it is asked for, and the way back says what it destroys', async () => {
  const stopped = await rehearse(['--until', '1']);
  expect(stopped.report.forth).toMatchObject({ left: [lab.path('compute/pointer')], last: null });
  expect(stopped.code).toBe(2);
  const { report } = await rehearse(['--and-back', '--base', 'HEAD~1']);
  expect(report.problems).toEqual([]);
  expect(report.back?.rounds.flatMap(({ replaces }) => replaces.map(({ address }) => address))).toEqual(['aws_lb_target_group.api']);
  expect(report.back?.last).toMatchObject({ changed: [] });
}, 600_000);

test('what the simulated clouds do not know is named, and missed by the last plan; a change that fails ends with 1', async () => {
  lab.commit({ ...units(8080, true), ...adopting }, 'another owner');
  const text = readFileSync(shape, 'utf8');
  const strange = path.join(lab.root, 'strange.shape.json');
  writeFileSync(strange, text.replaceAll('"type":"aws_sqs_queue"', '"type":"nowhere_queue"'));
  const outcome = await lab.terrace(['rehearse', '--shape', strange, '--json', '--out', path.join(lab.root, 'strange')], outside());
  const report: Rehearsal = JSON.parse(outcome.stdout);
  expect(report.seeded.unseeded).toMatchObject([{ unit: lab.path('compute/old'), address: 'aws_sqs_queue.old', type: 'nowhere_queue' }]);
  expect(report.forth.rounds.flatMap(({ imports }) => imports)).toEqual([
    { unit: lab.path('compute/adopter'), address: 'aws_ssm_parameter.kept', id: kept.name },
  ]);
  expect([outcome.code, report.forth.last?.changed]).toMatchObject([1, [{ unit: lab.path('compute/old'), counts: { create: 1 } }]]);
  const broken: LabUnits = {
    ...units(9090, false),
    'network/group': { json: awsBlocks({ aws_lb_target_group: { api: { port: 'none' } } }) },
  };
  lab.commit({ ...broken, 'compute/pointer': { json: awsBlocks({}) } }, 'break it');
  const failed = await rehearse();
  expect([failed.code, failed.report.outcome]).toEqual([1, 'failed']);
  expect(failed.report.problems[0]).toMatchObject({ place: lab.path('network/group') });
}, 600_000);
