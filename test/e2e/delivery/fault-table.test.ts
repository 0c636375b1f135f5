import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { aimedRequests, chosenCells, faultCells, tableLine, type AimedRequest, type FaultCell } from '../../_helpers/fault-cells';
import { full } from '../../_helpers/where-available';
import { writtenUnit, type WritingCommand, type WrittenUnit } from '../../_helpers/written-unit';

let written: WrittenUnit;
beforeAll(async () => {
  written = await writtenUnit();
}, 600_000);
afterAll(() => written.dispose());

/** Requests of a run in which nothing goes wrong. */
async function requestsOf(command: WritingCommand): Promise<readonly AimedRequest[]> {
  await written.begin(command);
  const logged = written.world.requests().length;
  const outcome = await written.world.cli(...command.args());
  expect([outcome.code, outcome.code === 0 ? '' : outcome.output]).toEqual([0, '']);
  return aimedRequests(written.world.requests().slice(logged));
}

/** One run with a fault at one of its requests; how it ended, and what is not right then. */
async function struck(command: WritingCommand, { service, skip, kind }: FaultCell) {
  await written.begin(command);
  const { faults } = written.world;
  faults.add({ service, operation: 'any', kind, status: 500, milliseconds: 50, skip, times: 1 });
  const outcome = await written.world.cli(...command.args());
  faults.remove();
  return { code: outcome.code, wrong: await written.judge(command, outcome) };
}

const names = ['plan', 'approve', 'apply', 'deploy', 'apply of a destroy', 'deploy --destroy', 'state import', 'state absent'] as const;
/** In a run that is not full: what seems to be stored and is not, in the commands that change most. */
const chosen = full ? names : (['apply', 'state import'] as const);

test.each(chosen)(
  '%s goes through every fault at every request: nothing is lost or made twice, a success is one, and the messages lead on',
  async (name) => {
    const command = written.commands.find((one) => one.name === name);
    if (command === undefined) throw new Error(`there is no command ${name}`);
    const requests = await requestsOf(command);
    const cells = full
      ? chosenCells(faultCells(requests), 1)
      : faultCells(requests).filter(({ kind, reads }) => kind === 'empty' && !reads);
    const outcomes: Record<number, number> = {};
    const wrong: unknown[] = [];
    for (const cell of cells) {
      const result = await struck(command, cell);
      outcomes[result.code] = (outcomes[result.code] ?? 0) + 1;
      if (result.wrong.length === 0) continue;
      wrong.push({ ...cell, ...result });
      tableLine({ command: name, ...cell, ...result });
    }
    tableLine(
      `${name}: ${requests.length} requests, ${cells.length} faults, ended with ${JSON.stringify(outcomes)}, ${wrong.length} wrong`,
    );
    expect(wrong).toEqual([]);
  },
  7_200_000,
);

test('every command of the table is tried', () => {
  expect(written.commands.map(({ name }) => name)).toEqual(names);
});
