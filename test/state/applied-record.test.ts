import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';

import { movedRecord, readRecordText, writeRecordText } from '../../terrace/state/applied-record';
import { moveUnitState } from '../../terrace/state/move-unit';
import type { StateTarget } from '../../terrace/state/state-access';
import { parseRecord } from '../../terrace/delivery/record/record';
import type { FaultyProxy } from '../_helpers/faulty-proxy';
import { stateTarget, stateText } from '../_helpers/state-backend';
import { codesOf, stateSandbox, type StateSandbox } from '../_helpers/state-sandbox';

type Hit = Parameters<Parameters<FaultyProxy['fail']>[0]>[0];

let states: StateSandbox;
beforeAll(async () => {
  states = await stateSandbox();
}, 600_000);
afterAll(() => states.dispose());
beforeEach(() => states.proxy.heal());

const lineage = '11111111-2222-3333-4444-555555555555';

function recordText(unit: string, changes: { readonly serial?: number; readonly lineage?: string; readonly at?: string } = {}): string {
  return `${JSON.stringify({
    version: 1,
    unit,
    status: 'applied',
    commit: null,
    files: 'a'.repeat(64),
    bundle: 'b'.repeat(64),
    round: 1,
    state: { lineage: changes.lineage ?? lineage, serial: changes.serial ?? 5 },
    consumed: [],
    salt: 'c'.repeat(64),
    at: changes.at ?? '2026-11-21T10:00:00.000Z',
    terraform: 'terraform 1.11.4',
  })}\n`;
}

const write = (target: StateTarget, text: string): Promise<void> => states.on(target, (access) => writeRecordText(access, text));
const read = (target: StateTarget): Promise<string | undefined> => states.on(target, readRecordText);
const move = (from: StateTarget, to: StateTarget) => moveUnitState(from, to, { fromEnv: states.env, toEnv: states.env });

/** True where nothing but the memory of what was applied is left. */
async function isRetired(target: StateTarget): Promise<boolean> {
  const text = await read(target);
  return text !== undefined && (await parseRecord(text, target.path)).status === 'destroyed' && (await states.read(target)) === undefined;
}

async function recordOf(target: StateTarget): Promise<{ readonly unit: string; readonly serial: number; readonly at: string } | undefined> {
  const text = await read(target);
  if (text === undefined) return undefined;
  const { unit, state, at } = await parseRecord(text, target.path);
  return { unit, serial: state.serial, at };
}

test('the record goes where the state goes, under its new name and with its serial', async () => {
  const [from, to] = [states.fresh(), states.fresh()];
  await states.write(from, stateText({ serial: 5 }));
  await write(from, recordText(from.path));
  await move(from, to);
  expect(await recordOf(to)).toEqual({ unit: to.path, serial: 6, at: '2026-11-21T10:00:00.000Z' });
  expect(await isRetired(from)).toBe(true);
});

test('the old place remembers which bundle was applied there: that bundle is not applied again on nothing', async () => {
  const [from, to] = [states.fresh(), states.fresh()];
  await states.write(from, stateText({ serial: 5 }));
  await write(from, recordText(from.path));
  await move(from, to);
  const left = await parseRecord((await read(from)) ?? '', from.path);
  expect(left).toMatchObject({ status: 'destroyed', bundle: 'b'.repeat(64), state: { lineage: null, serial: 0 } });
});

test('a state that was changed since its record still differs from it after the move', async () => {
  const [from, to] = [states.fresh(), states.fresh()];
  await states.write(from, stateText({ serial: 9 }));
  await write(from, recordText(from.path, { serial: 5 }));
  await move(from, to);
  expect(await recordOf(to)).toMatchObject({ unit: to.path, serial: 5 });
});

test('a unit without a record moves without one', async () => {
  const [from, to] = [states.fresh(), states.fresh()];
  await states.write(from, stateText({ serial: 5 }));
  await move(from, to);
  expect([await read(from), await read(to)]).toEqual([undefined, undefined]);
});

test('the record of what was destroyed at the new place gives way', async () => {
  const [from, to] = [states.fresh(), states.fresh()];
  await states.write(from, stateText({ serial: 5 }));
  await write(from, recordText(from.path));
  await write(to, recordText(to.path, { lineage: 'gone', at: '2027-01-01T00:00:00.000Z' }));
  await move(from, to);
  expect(await recordOf(to)).toEqual({ unit: to.path, serial: 6, at: '2026-11-21T10:00:00.000Z' });
});

test.each([
  ['the copy of the record', ({ method, path }: Hit) => method === 'PUT' && path.includes('to/applied.json')],
  ['the removal of the old state', ({ method, path }: Hit) => method === 'DELETE' && path.includes('from/terraform.tfstate')],
  ['the retirement of the old record', ({ method, path }: Hit) => method === 'PUT' && path.includes('from/applied.json')],
])('a move that breaks off at %s takes the record along when it is repeated', async (step, hit) => {
  const [from, to] = [stateTarget(`e/r/${step.length}/from`), stateTarget(`e/r/${step.length}/to`)];
  await states.write(from, stateText({ serial: 5 }));
  await write(from, recordText(from.path));
  states.proxy.fail((request) => (hit(request) ? { kind: 'reset' } : undefined));
  expect(await codesOf(move(from, to))).toMatch(/^1 E43/);
  states.proxy.heal();
  await move(from, to);
  expect(await recordOf(to)).toEqual({ unit: to.path, serial: 6, at: '2026-11-21T10:00:00.000Z' });
  expect(await isRetired(from)).toBe(true);
});

test('what was applied at the new place after a move that broke off is not forgotten when the move is completed', async () => {
  const [from, to] = [stateTarget('e/r/later/from'), stateTarget('e/r/later/to')];
  await states.write(from, stateText({ serial: 5 }));
  await write(from, recordText(from.path));
  states.proxy.fail(({ method, path }) => (method === 'PUT' && path.includes('from/applied.json') ? { kind: 'reset' } : undefined));
  expect(await codesOf(move(from, to))).toMatch(/^1 E43/);
  states.proxy.heal();
  await write(to, recordText(to.path, { serial: 8, at: '2026-11-22T10:00:00.000Z' }));
  expect(await move(from, to)).toMatchObject({ outcome: 'already' });
  expect(await recordOf(to)).toEqual({ unit: to.path, serial: 8, at: '2026-11-22T10:00:00.000Z' });
  expect(await isRetired(from)).toBe(true);
});

test('what is no record of the known form moves as it is', () => {
  const state = { lineage, before: 5, serial: 6 };
  for (const text of ['not json', '[]', '{"version":7}']) expect(movedRecord(text, 'demo/e/r/l/u', state)).toBe(text);
});
