import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { awsBlocks, labProject, type LabProject } from '../../_helpers/lab-project';
import { run, succeeded, words } from '../../_helpers/scratch-project';

let project: LabProject;
const parameter = { type: 'String', value: 'x' };
beforeAll(async () => {
  project = await labProject({
    'kill/a': {
      json: awsBlocks({
        aws_ssm_parameter: {
          p: { name: '/kill/p', ...parameter },
          q: { name: '/kill/q', ...parameter, depends_on: ['aws_ssm_parameter.p'] },
        },
      }),
      outputs: { v: '${aws_ssm_parameter.q.arn}' },
    },
    'kill/b': {
      json: awsBlocks({
        aws_ssm_parameter: {
          first: { name: '/kill/first', ...parameter },
          second: { name: '/kill/second', ...parameter, depends_on: ['aws_ssm_parameter.first'] },
        },
      }),
    },
  });
  succeeded(await project.run('plan', project.path('kill/a'), '--out', bundle()));
  succeeded(await project.run('approve', bundle()));
}, 600_000);
afterAll(() => project.dispose());

const bundle = (): string => `${project.root}/.terrace/kill`;

/** What a function gives as soon as it gives something. */
async function eventually<T>(look: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 600; tries += 1) {
    const found = look();
    if (found !== undefined) return found;
    await wait(100);
  }
  throw new Error('it never came');
}

/** Process id of the terraform that applies. */
function terraformAtWork(): number | undefined {
  try {
    const work = path.join(project.root, '.terrace', 'work');
    for (const name of readdirSync(work)) return JSON.parse(readFileSync(path.join(work, name, 'terraform.json'), 'utf8')).pid;
  } catch {
    // Not there yet.
  }
  return undefined;
}

function isGone(pid: number): true | undefined {
  try {
    process.kill(pid, 0);
    return undefined;
  } catch {
    return true;
  }
}

test('a Terrace that is killed leaves terraform running to its end, whose lock is not released before', async () => {
  const unit = project.path('kill/a');
  succeeded(await project.run('sandbox', 'fault', 'add', 'aws_ssm_parameter', 'create', 'delay', '--seconds', '3'));
  let kill = (): void => undefined;
  const killed = run(process.execPath, [path.join(project.root, 'terrace/bin/terrace.js'), 'apply', bundle()], {
    cwd: project.root,
    env: project.env,
    started: (child) => (kill = () => void child.kill('SIGKILL')),
  });
  const pid = await eventually(terraformAtWork);
  // Held still, so that however long the commands below take it is in the middle of its work.
  process.kill(pid, 'SIGSTOP');
  kill();
  await killed;
  const status = await project.run('status', unit, '--json');
  const [{ status: word, lock }] = JSON.parse(status.stdout).units;
  expect([status.code, word]).toEqual([0, 'applying']);
  const release = ['lock', 'release', unit, '--id', lock.id, '--yes', '--force'];
  const early = await project.run(...release);
  expect([early.code, words(early)]).toEqual([
    3,
    expect.stringContaining(`E4407 lock in use ${unit} terraform still works on it: process ${pid}`),
  ]);
  process.kill(pid, 'SIGCONT');
  await eventually(() => isGone(pid));
  expect(JSON.parse((await project.run('status', unit, '--json')).stdout).units).toMatchObject([{ unit, status: 'interrupted' }]);
  const state = JSON.parse(succeeded(await project.run('state', 'pull', unit)).stdout);
  expect(state.resources.map((one: { readonly name: string }) => one.name)).toEqual(['p', 'q']);
  succeeded(await project.run(...release));
  const again = succeeded(await project.run('plan', unit, '--out', bundle(), '--json'));
  expect(JSON.parse(again.stdout).units).toMatchObject([{ unit, unchanged: true }]);
}, 600_000);

test('a terraform that dies inside a create: what may exist is named, nothing is planned before it is known, and nothing is made twice', async () => {
  const unit = project.path('kill/b');
  const place = `${bundle()}-b`;
  succeeded(await project.run('plan', unit, '--out', place));
  succeeded(await project.run('approve', place));
  succeeded(await project.run('sandbox', 'fault', 'add', 'aws_ssm_parameter', 'create', 'delay', '--seconds', '3', '--times', 'always'));
  const applied = project.run('apply', place);
  const pid = await eventually(terraformAtWork);
  const events = async (): Promise<readonly string[]> =>
    JSON.parse((await project.run('sandbox', 'cloud', 'events', '--json')).stdout).events.map(
      (one: { readonly operation: string; readonly id: string }) => `${one.operation} ${one.id}`,
    );
  for (let tries = 0; tries < 100 && !(await events()).includes('create /kill/first'); tries += 1) await wait(100);
  // The first is made; the second is under way, and the provider goes on with it when terraform is gone.
  process.kill(pid, 'SIGKILL');
  const died = await applied;
  expect([died.code, words(died)]).toEqual([1, expect.stringContaining('E6033 terraform killed')]);
  for (let tries = 0; tries < 100 && !(await events()).includes('create /kill/second'); tries += 1) await wait(100);
  succeeded(await project.run('sandbox', 'fault', 'clear'));

  const status = await project.run('status', unit, '--json');
  expect([status.code, JSON.parse(status.stdout).units]).toMatchObject([3, [{ unit, status: 'outcome unknown' }]]);
  const refused = await project.run('plan', unit, '--out', place);
  expect([refused.code, words(refused)]).toEqual([3, expect.stringContaining(`E6054 outcome unknown ${unit}`)]);
  expect(words(refused)).toContain('aws_ssm_parameter.second was begun, and nobody knows whether it exists');
  expect(words(refused)).toContain('aws_ssm_parameter.first was made (/kill/first), and stands in no state');
  for (const name of ['first', 'second'])
    succeeded(await project.run('state', 'import', unit, `aws_ssm_parameter.${name}`, `/kill/${name}`));
  const again = succeeded(await project.run('plan', unit, '--out', place, '--json'));
  expect(JSON.parse(again.stdout).units).toMatchObject([{ unit, actions: { create: 0, destroy: 0 } }]);
  expect((await events()).filter((one) => one.startsWith('create /kill/'))).toHaveLength(4);
}, 600_000);
