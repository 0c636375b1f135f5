import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';

import { moveResourceStates } from '../../terrace/state/move-resources';
import { moveUnitState } from '../../terrace/state/move-unit';
import { parseMoves } from '../../terrace/state/resource-move';
import { digestOf } from '../../terrace/state/state-file';
import type { FaultyProxy } from '../_helpers/faulty-proxy';
import { stateTarget, stateText } from '../_helpers/state-backend';
import { codesOf, stateSandbox, type StateSandbox } from '../_helpers/state-sandbox';

let states: StateSandbox;

beforeAll(async () => {
  states = await stateSandbox();
}, 600_000);

afterAll(() => states.dispose());

beforeEach(() => states.proxy.heal());

test('a unit moves with its lineage; its old place keeps the history and nothing else; again changes nothing', async () => {
  const [from, to] = [states.fresh(), states.fresh()];
  await states.write(from, stateText({ serial: 5, resources: ['a', 'b'] }));
  const options = { fromEnv: states.env, toEnv: states.env };
  expect(await moveUnitState(from, to, options)).toEqual({
    outcome: 'moved',
    serial: 6,
    lineage: '11111111-2222-3333-4444-555555555555',
    instances: 2,
  });
  expect(await states.read(to)).toBe(stateText({ serial: 6, resources: ['a', 'b'] }));
  expect([await states.read(from), await states.digest(from)]).toEqual([undefined, undefined]);
  expect(await states.serials(from)).toEqual([undefined, 5]);
  expect(await moveUnitState(from, to, options)).toMatchObject({ outcome: 'already', serial: 6 });
  expect(await states.serials(to)).toEqual([6]);
});

test.each([
  ['the copy', ({ method, path }: Hit) => method === 'PUT' && path.includes('u-to')],
  ['its digest', ({ operation, body }: Hit) => operation === 'PutItem' && body.includes('-md5')],
  ['the removal of the old digest', ({ operation, body }: Hit) => operation === 'DeleteItem' && body.includes('-md5')],
  ['the removal of the old state', ({ method, path }: Hit) => method === 'DELETE' && path.includes('u-from')],
])('a move that breaks off at %s is completed by the same command, without loss on the way', async (step, hit) => {
  const [from, to] = [stateTarget(`e/r/${step.length}/u-from`), stateTarget(`e/r/${step.length}/u-to`)];
  await states.write(from, stateText({ serial: 5, resources: ['a', 'b'] }));
  states.proxy.fail((request) => (hit(request) ? { kind: 'reset' } : undefined));
  expect(await codesOf(moveUnitState(from, to, { fromEnv: states.env, toEnv: states.env }))).toMatch(/^1 E4/);
  states.proxy.heal();
  const [old, moved] = [await states.read(from), await states.read(to)];
  expect([old, moved]).toContain(
    old === undefined ? stateText({ serial: 6, resources: ['a', 'b'] }) : stateText({ serial: 5, resources: ['a', 'b'] }),
  );
  expect(await moveUnitState(from, to, { fromEnv: states.env, toEnv: states.env })).toMatchObject({ outcome: 'moved', instances: 2 });
  expect(await states.read(to)).toBe(stateText({ serial: 6, resources: ['a', 'b'] }));
  expect(await states.digest(to)).toBe(digestOf(stateText({ serial: 6, resources: ['a', 'b'] })));
  expect([await states.read(from), await states.digest(from)]).toEqual([undefined, undefined]);
});

type Hit = Parameters<Parameters<FaultyProxy['fail']>[0]>[0];

test('an interrupted move is judged by what was written since', async () => {
  const options = { fromEnv: states.env, toEnv: states.env };
  const both = async (
    old: string,
    copy: readonly string[],
    older: readonly string[] = [],
  ): Promise<{ codes: string; to: string | undefined }> => {
    const [from, to] = [states.fresh(), states.fresh()];
    for (const text of [...older, old]) await states.write(from, text);
    for (const text of copy) await states.write(to, text);
    return { codes: await codesOf(moveUnitState(from, to, options)), to: await states.read(to) };
  };
  const five = stateText({ serial: 5 });
  const six = stateText({ serial: 6 });
  expect(await both(five, [six, stateText({ serial: 7, resources: ['a', 'new'] })])).toEqual({
    codes: 'done',
    to: stateText({ serial: 7, resources: ['a', 'new'] }),
  });
  expect(await both(stateText({ serial: 6, resources: ['a', 'old'] }), [six], [five])).toEqual({
    codes: 'done',
    to: stateText({ serial: 7, resources: ['a', 'old'] }),
  });
  expect(
    await both(stateText({ serial: 6, resources: ['a', 'old'] }), [stateText({ serial: 7, resources: ['a', 'new'] })], [five]),
  ).toMatchObject({ codes: '3 E4513' });
});

test('a place that another state holds is refused, one whose state is empty is not', async () => {
  const [from, taken, empty] = [states.fresh(), states.fresh(), states.fresh()];
  await states.write(from, stateText({ serial: 2 }));
  await states.write(taken, stateText({ lineage: 'other' }));
  await states.write(empty, stateText({ serial: 8, lineage: 'other', resources: [] }));
  const options = { fromEnv: states.env, toEnv: states.env };
  expect(await codesOf(moveUnitState(from, taken, options))).toBe('3 E4512');
  expect(await codesOf(moveUnitState(from, from, options))).toBe('64 E4514');
  expect(await codesOf(moveUnitState(states.fresh(), states.fresh(), options))).toBe('1 E4510');
  expect(await moveUnitState(from, empty, options)).toMatchObject({ serial: 9 });
  expect(await states.read(empty)).toBe(stateText({ serial: 9 }));
});

test('single resources move between states; a unit without one gets a state of its own', async () => {
  const [from, to] = [states.fresh(), states.fresh()];
  const options = { fromEnv: states.env, toEnv: states.env };
  await states.write(from, stateText({ serial: 5, resources: ['a', 'b', 'c'] }));
  expect(await moveResourceStates(from, to, parseMoves(['terraform_data.b', 'terraform_data.c=terraform_data.d']), options)).toEqual({
    moved: ['terraform_data.b', 'terraform_data.d'],
    already: [],
    fromSerial: 6,
    toSerial: 1,
  });
  expect(await states.read(from)).toBe(stateText({ serial: 6, resources: ['a'] }));
  const received: unknown = JSON.parse((await states.read(to)) ?? '');
  expect(received).toMatchObject({
    serial: 1,
    terraform_version: '1.11.4',
    resources: [{ name: 'b' }, { name: 'd', instances: [{ attributes: { id: 'id-c' } }] }],
  });
  expect(received).not.toHaveProperty('lineage', '11111111-2222-3333-4444-555555555555');
  expect(await moveResourceStates(from, to, parseMoves(['terraform_data.b']), options)).toEqual({
    moved: [],
    already: ['terraform_data.b'],
    fromSerial: 6,
    toSerial: 1,
  });
  expect(await codesOf(moveResourceStates(from, to, parseMoves(['terraform_data.z']), options))).toBe('1 E4516');
});

test('resources whose removal broke off are in both states until the same command is run again', async () => {
  const [from, to] = [states.fresh(), states.fresh()];
  const options = { fromEnv: states.env, toEnv: states.env };
  await states.write(from, stateText({ serial: 5, resources: ['a', 'b'] }));
  states.proxy.fail(({ method, path }) => (method === 'PUT' && path.includes(from.backend.key) ? { kind: 'reset' } : undefined));
  expect(await codesOf(moveResourceStates(from, to, parseMoves(['terraform_data.b']), options))).toBe('1 E4309');
  states.proxy.heal();
  expect(await states.read(from)).toBe(stateText({ serial: 5, resources: ['a', 'b'] }));
  expect(await moveResourceStates(from, to, parseMoves(['terraform_data.b']), options)).toEqual({
    moved: [],
    already: ['terraform_data.b'],
    fromSerial: 6,
    toSerial: 1,
  });
  expect(await states.read(from)).toBe(stateText({ serial: 6, resources: ['a'] }));
});
