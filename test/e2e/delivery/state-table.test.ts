import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { aimedRequests, chosenCells, faultCells, tableLine, type AimedRequest } from '../../_helpers/fault-cells';
import { run, succeeded } from '../../_helpers/scratch-project';
import { stateCommands, type StateCommand, type StateCommands } from '../../_helpers/state-commands';
import { full } from '../../_helpers/where-available';

let states: StateCommands;
beforeAll(async () => {
  states = await stateCommands();
}, 600_000);
afterAll(() => states.dispose());

const names = ['state move', 'state move of a resource', 'state recover', 'state restore', 'state digest', 'lock release'] as const;

function commandOf(name: string): StateCommand {
  const found = states.commands.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no command ${name}`);
  return found;
}

const argsOf = ({ args }: StateCommand): readonly string[] => [...args, '--tree', `${states.world.project.root}/live`];

async function requestsOf(command: StateCommand): Promise<readonly AimedRequest[]> {
  await states.begin(command);
  const logged = states.world.requests().length;
  succeeded(await states.world.cli(...argsOf(command)));
  return aimedRequests(states.world.requests().slice(logged));
}

/** In a run that is not full: a lost answer at every request of these. */
const fewNames = ['state move', 'lock release'] as const;

test.each(full ? names : fewNames)(
  '%s goes through every fault at every request: nothing is lost, a success is one, and the messages lead on',
  async (name) => {
    const command = commandOf(name);
    const requests = await requestsOf(command);
    const all = faultCells(requests);
    const cells = full ? chosenCells(all, 1) : all.filter(({ kind }) => kind === 'reset-after');
    const outcomes: Record<number, number> = {};
    const wrong: unknown[] = [];
    for (const cell of cells) {
      const { index, service, skip, kind } = cell;
      await states.begin(command);
      states.world.faults.add({ service, operation: 'any', kind, status: 500, milliseconds: 50, skip, times: 1 });
      const outcome = await states.world.cli(...argsOf(command));
      const hit = states.world.faults.remove() === 0;
      outcomes[outcome.code] = (outcomes[outcome.code] ?? 0) + 1;
      const found = [...(hit ? [] : ['nothing struck']), ...(await states.judge(command, outcome))];
      if (found.length === 0) continue;
      wrong.push({ index, service, kind, found });
      tableLine({ command: name, index, service, kind, code: outcome.code, found });
    }
    tableLine(
      `${name}: ${requests.length} requests, ${cells.length} faults, ended with ${JSON.stringify(outcomes)}, ${wrong.length} wrong`,
    );
    expect(wrong).toEqual([]);
  },
  7_200_000,
);

/** Long enough that the kill comes before the answer on a machine that has much to do. */
const delay = { kind: 'delay', milliseconds: 1000, times: 1 } as const;

/** Kills a command with -9 while one of its requests is under way, and waits until that has had its effect. */
async function killed(command: StateCommand, { service, skip }: AimedRequest): Promise<void> {
  const { faults, project } = states.world;
  await states.begin(command);
  faults.add({ ...delay, service, operation: 'any', status: 500, skip });
  let child: ChildProcess | undefined;
  const program = { isOver: false };
  const ended = run(process.execPath, [path.join(project.root, 'node_modules/terrace/bin/terrace.js'), ...argsOf(command)], {
    cwd: project.root,
    env: { ...project.env, AWS_MAX_ATTEMPTS: '1' },
    started: (one) => (child = one),
  }).finally(() => (program.isOver = true));
  while (!program.isOver && faults.list().length > 0) await wait(20);
  child?.kill('SIGKILL');
  await ended;
  await wait(delay.milliseconds);
  faults.remove();
}

test.each(full ? names : (['state move'] as const))(
  '%s is killed at every request: nothing is lost, and the next run goes on',
  async (name) => {
    const command = commandOf(name);
    const moments = chosenCells(await requestsOf(command), 6);
    const wrong: unknown[] = [];
    for (const moment of moments) {
      await killed(command, moment);
      const found = await states.judge(command, undefined);
      if (found.length === 0) continue;
      wrong.push({ moment, found });
      tableLine({ command: name, moment, found });
    }
    tableLine(`${name}: killed ${moments.length} times, ${wrong.length} wrong`);
    expect(wrong).toEqual([]);
  },
  7_200_000,
);

test('every command of the table is tried', () => {
  expect(states.commands.map(({ name }) => name)).toEqual(names);
});
