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
  });
  succeeded(await project.run('plan', 'lab', '--out', bundle()));
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
  const status = await project.run('status', '--json');
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
  expect(JSON.parse((await project.run('status', '--json')).stdout).units).toMatchObject([{ unit, status: 'interrupted' }]);
  const state = JSON.parse(succeeded(await project.run('state', 'pull', unit)).stdout);
  expect(state.resources.map((one: { readonly name: string }) => one.name)).toEqual(['p', 'q']);
  succeeded(await project.run(...release));
  const again = succeeded(await project.run('plan', unit, '--out', bundle(), '--json'));
  expect(JSON.parse(again.stdout).units).toMatchObject([{ unit, unchanged: true }]);
}, 600_000);
