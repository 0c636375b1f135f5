import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { livingTerraforms } from '../../../terrace/delivery/terraform/workspace';
import { aimedRequests, chosenCells, tableLine, type AimedRequest } from '../../_helpers/fault-cells';
import { run } from '../../_helpers/scratch-project';
import { full } from '../../_helpers/where-available';
import { writtenUnit, type WritingCommand, type WrittenUnit } from '../../_helpers/written-unit';

let written: WrittenUnit;
beforeAll(async () => {
  written = await writtenUnit();
}, 600_000);
afterAll(() => written.dispose());

/** What Terrace is killed at: a request, or the creation of a resource, alone or with its terraform. */
type Moment = AimedRequest | { readonly creation: 'alone' | 'with its terraform' };

/** Long enough that the kill comes before the answer on a machine that has much to do. */
const delay = { kind: 'delay', milliseconds: 1000, times: 1 } as const;

/** Kills a command with -9 at a moment, and waits until its terraform has ended and what was under way has had its effect. */
async function killed(command: WritingCommand, moment: Moment): Promise<void> {
  const { world } = written;
  await written.begin(command);
  if ('creation' in moment) world.resourceFaults.add({ ...delay, type: 'aws_eip', operation: 'create', message: '' });
  else world.faults.add({ ...delay, service: moment.service, operation: 'any', status: 500, skip: moment.skip });
  let child: ChildProcess | undefined;
  const program = { isOver: false };
  const ended = run(process.execPath, [path.join(world.project.root, 'node_modules/terrace/bin/terrace.js'), ...command.args()], {
    cwd: world.project.root,
    env: { ...world.project.env, AWS_MAX_ATTEMPTS: '1' },
    started: (one) => (child = one),
  }).finally(() => (program.isOver = true));
  while (!program.isOver && world.faults.list().length + world.resourceFaults.list().length > 0) await wait(20);
  const work = path.join(world.project.root, '.terrace');
  if ('creation' in moment && moment.creation === 'with its terraform')
    for (const { pid } of livingTerraforms(work)) process.kill(pid, 'SIGKILL');
  child?.kill('SIGKILL');
  await ended;
  while (livingTerraforms(work).length > 0) await wait(50);
  await wait(delay.milliseconds);
  world.faults.remove();
  world.resourceFaults.remove();
}

async function momentsOf(command: WritingCommand): Promise<readonly Moment[]> {
  await written.begin(command);
  const logged = written.world.requests().length;
  expect((await written.world.cli(...command.args())).code).toBe(0);
  const creations = command.makes === true ? (['alone', 'with its terraform'] as const).map((creation) => ({ creation })) : [];
  return [...creations, ...aimedRequests(written.world.requests().slice(logged))];
}

const names = ['plan', 'approve', 'apply', 'deploy', 'apply of a destroy', 'deploy --destroy', 'state import', 'state absent'] as const;

test.each(full ? names : (['apply'] as const))(
  '%s is killed at every request, and inside every creation, alone and with its terraform: nothing is lost or made twice, and the next run goes on',
  async (name) => {
    const command = written.commands.find((one) => one.name === name);
    if (command === undefined) throw new Error(`there is no command ${name}`);
    const moments = chosenCells(await momentsOf(command), 12);
    const wrong: unknown[] = [];
    for (const moment of moments) {
      await killed(command, moment);
      const left = await written.judgeKilled(command);
      if (left.length === 0) continue;
      wrong.push({ moment, left });
      tableLine({ command: name, moment, left });
    }
    tableLine(`${name}: killed ${moments.length} times, ${wrong.length} wrong`);
    expect(wrong).toEqual([]);
  },
  7_200_000,
);
