import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../../_helpers/in-order';
import { awsBlocks, labProject, type LabProject } from '../../_helpers/lab-project';
import { run, succeeded, words } from '../../_helpers/scratch-project';

const test = inOrder();

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
          third: { name: '/kill/third', ...parameter, depends_on: ['aws_ssm_parameter.second'] },
        },
      }),
    },
    'kill/c': { json: awsBlocks({ aws_ssm_parameter: { only: { name: '/kill/only', ...parameter } } }) },
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

/** Process id of the terraform that applies, once it has begun to make something. */
function terraformAtWork(): number | undefined {
  try {
    const work = path.join(project.root, '.terrace', 'work');
    for (const name of readdirSync(work))
      if (readFileSync(path.join(work, name, 'terraform.out'), 'utf8').includes(': Creating...'))
        return JSON.parse(readFileSync(path.join(work, name, 'terraform.json'), 'utf8')).pid;
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
  const killed = run(process.execPath, [path.join(project.root, 'node_modules/terrace/bin/terrace.js'), 'apply', bundle()], {
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
  const [{ status: word, reasons, lock }] = JSON.parse(status.stdout).units;
  expect([status.code, word, reasons]).toEqual([0, 'applying', [`it is being applied right now: terraform, process ${pid} on this host`]]);
  const workspaces = path.join(project.root, '.terrace', 'work');
  const outputs = (): readonly string[] =>
    readdirSync(workspaces, { recursive: true, encoding: 'utf8' }).filter((name) => /terraform\.(?:out|err)$/.test(name));
  expect(outputs().map((name) => statSync(path.join(workspaces, name)).mode & 0o777)).toEqual([0o600, 0o600]);
  const second = await project.run('apply', bundle());
  expect([second.code, words(second)]).toEqual([
    4,
    expect.stringContaining(`E6016 interrupted unit ${unit} terraform is still working on it (process ${pid}`),
  ]);
  expect(words(second)).not.toContain('lock release');
  const release = ['lock', 'release', unit, '--id', lock.id, '--yes', '--force'];
  const early = await project.run(...release);
  expect([early.code, words(early)]).toEqual([
    3,
    expect.stringContaining(`E4407 lock in use ${unit} terraform is still working on it: process ${pid}`),
  ]);
  process.kill(pid, 'SIGCONT');
  await eventually(() => isGone(pid));
  expect(JSON.parse((await project.run('status', unit, '--json')).stdout).units).toMatchObject([{ unit, status: 'interrupted' }]);
  // What terraform wrote goes with the next command.
  expect(outputs()).toEqual([]);
  const state = JSON.parse(succeeded(await project.run('state', 'pull', unit)).stdout);
  expect(state.resources.map((one: { readonly name: string }) => one.name)).toEqual(['p', 'q']);
  succeeded(await project.run(...release));
  const again = succeeded(await project.run('plan', unit, '--out', bundle(), '--json'));
  expect(JSON.parse(again.stdout).units).toMatchObject([{ unit, unchanged: true }]);
}, 600_000);

const events = async (): Promise<readonly string[]> =>
  JSON.parse((await project.run('sandbox', 'cloud', 'events', '--json')).stdout).events.map(
    (one: { readonly operation: string; readonly id: string }) => `${one.operation} ${one.id}`,
  );

async function happened(event: string): Promise<void> {
  for (let tries = 0; tries < 100 && !(await events()).includes(event); tries += 1) await wait(100);
}

/** Plans, approves and begins to apply a unit whose creations take three seconds each. */
async function begin(id: string): Promise<{ readonly place: string; readonly args: readonly string[] }> {
  const place = `${bundle()}-${id.replace('/', '-')}`;
  succeeded(await project.run('plan', project.path(id), '--out', place));
  succeeded(await project.run('approve', place));
  succeeded(await project.run('sandbox', 'fault', 'add', 'aws_ssm_parameter', 'create', 'delay', '--seconds', '3', '--times', 'always'));
  return { place, args: ['apply', place] };
}

test('a machine that dies inside a create: every other one names what may exist, plans nothing before it is known, and makes nothing twice', async () => {
  const unit = project.path('kill/b');
  const { place, args } = await begin('kill/b');
  let kill = (): void => undefined;
  const killed = run(process.execPath, [path.join(project.root, 'node_modules/terrace/bin/terrace.js'), ...args], {
    cwd: project.root,
    env: project.env,
    started: (child) => (kill = () => void child.kill('SIGKILL')),
  });
  const pid = await eventually(terraformAtWork);
  await happened('create /kill/first');
  // The first is made; the second is under way, and the provider goes on with it when nobody waits for it.
  process.kill(pid, 'SIGSTOP');
  kill();
  await killed;
  process.kill(pid, 'SIGKILL');
  await happened('create /kill/second');
  succeeded(await project.run('sandbox', 'fault', 'clear'));
  // What stood on its disk is gone with it.
  rmSync(path.join(project.root, '.terrace', 'work'), { recursive: true });

  const status = await project.run('status', unit, '--json');
  const [{ status: word, lock }] = JSON.parse(status.stdout).units;
  expect([status.code, word]).toEqual([3, 'outcome unknown']);
  succeeded(await project.run('lock', 'release', unit, '--id', lock.id, '--yes', '--force'));
  const refused = await project.run('plan', unit, '--out', place);
  expect([refused.code, words(refused)]).toEqual([3, expect.stringContaining(`E6054 outcome unknown ${unit}`)]);
  for (const name of ['first', 'second', 'third'])
    expect(words(refused)).toContain(`aws_ssm_parameter.${name} was being created; whether it exists is not known`);
  for (const name of ['first', 'second'])
    succeeded(await project.run('state', 'import', unit, `aws_ssm_parameter.${name}`, `/kill/${name}`));
  const early = await project.run('state', 'absent', unit, 'aws_ssm_parameter.first');
  expect([early.code, words(early)]).toEqual([64, expect.stringContaining('E6068')]);
  succeeded(await project.run('state', 'absent', unit, 'aws_ssm_parameter.third'));
  const again = succeeded(await project.run('plan', unit, '--out', place, '--json'));
  expect(JSON.parse(again.stdout).units).toMatchObject([{ unit, actions: { create: 1, destroy: 0 } }]);
  expect((await events()).filter((one) => /^create .kill.(first|second)$/.test(one))).toHaveLength(2);
}, 600_000);

test('credentials that expire while terraform applies: its state is kept, nothing is planned before it is recovered, nothing is made twice', async () => {
  const unit = project.path('kill/c');
  const { place, args } = await begin('kill/c');
  const handed = path.join(project.root, 'handed');
  const applied = project.run(...args, '--kept', handed);
  await eventually(terraformAtWork);
  for (const service of ['s3', 'dynamodb', 'sts'])
    succeeded(await project.run('sandbox', 'fault', 'add', service, 'any', 'expired', '--times', 'always'));
  const ended = await applied;
  expect([ended.code, words(ended)]).toEqual([1, expect.stringContaining(`E6053 state not uploaded ${unit}`)]);
  expect(words(ended)).toContain(`terrace state recover ${unit}`);
  expect(words(ended)).toContain('E4301 credentials expired');
  succeeded(await project.run('sandbox', 'fault', 'clear'));

  for (const command of [['status', unit], ['plan', unit, '--out', place], args, ['deploy', unit, '--auto-approve']]) {
    const refused = await project.run(...command);
    expect([command[0], refused.code, words(refused)]).toEqual([command[0], 3, expect.stringContaining('E6053')]);
  }
  const [{ id }] = JSON.parse(succeeded(await project.run('lock', 'list', unit, '--json')).stdout).locks;
  succeeded(await project.run('lock', 'release', unit, '--id', id, '--yes', '--force'));
  // Another machine has nothing but what the run handed over.
  rmSync(path.join(project.root, '.terrace', 'errored'), { recursive: true });
  const elsewhere = await project.run('plan', unit, '--out', place);
  expect([elsewhere.code, words(elsewhere)]).toEqual([3, expect.stringContaining('E6054')]);
  const file = path.join(handed, `${unit.replaceAll('/', '-')}.tfstate.age`);
  expect(readFileSync(file, 'latin1')).toMatch(/^age-encryption\.org\/v1(?![^]*kill.only)/);
  succeeded(await project.run('state', 'recover', unit, '--file', file));
  const again = succeeded(await project.run('plan', unit, '--out', place, '--json'));
  expect(JSON.parse(again.stdout).units).toMatchObject([{ unit, unchanged: true }]);
}, 600_000);
