import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';

import { stateHistory } from '../../../backend/state/history';
import { moveResourceStates } from '../../../backend/state/move-resources';
import { moveUnitState } from '../../../backend/state/move-unit';
import { pullState } from '../../../backend/state/pull';
import { recordStateDigest } from '../../../backend/state/record-digest';
import { recoverState } from '../../../backend/state/recover';
import { parseMoves } from '../../../backend/state/resource-move';
import { restoreState } from '../../../backend/state/restore';
import { digestOf } from '../../../backend/state/state-file';
import { readDigest, readStateObject, retireState, stateVersions, writeState } from '../../../backend/state/state-store';
import { withStateLock } from '../../../backend/lock/with-state-lock';
import { openState, type StateAccess, type StateTarget } from '../../../backend/state-access';
import { TerraceError } from '../../../terrace/errors';
import { faultyFront, type FaultyFront } from '../../_helpers/faulty-front';
import { testSandbox, type TestSandbox } from '../../_helpers/sandbox';
import { makeStateBackend, stateTarget, stateText } from '../../_helpers/state-backend';

let sandbox: TestSandbox;
let front: FaultyFront;
let env: NodeJS.ProcessEnv;
let counter = 0;

beforeAll(async () => {
  sandbox = await testSandbox();
  env = { ...sandbox.env({ account: '123456789012', units: [] }), AWS_MAX_ATTEMPTS: '1' };
  await makeStateBackend(env);
  front = await faultyFront(env['HTTP_PROXY'] ?? '');
  env = { ...env, ...front.variables };
}, 60_000);

afterAll(async () => {
  await front.close();
  await sandbox.dispose();
});

beforeEach(() => front.heal());

/** A unit that no other test uses. */
function fresh(): StateTarget {
  counter += 1;
  return stateTarget(`e/r/l/u${counter}`);
}

async function on<T>(target: StateTarget, work: (access: StateAccess) => Promise<T>): Promise<T> {
  const access = await openState(target, env);
  try {
    return await work(access);
  } finally {
    access.close();
  }
}

const write = (target: StateTarget, text: string): Promise<void> => on(target, (access) => writeState(access, text));
const read = (target: StateTarget): Promise<string | undefined> => on(target, readStateObject);
const digest = (target: StateTarget): Promise<string | undefined> => on(target, readDigest);
const serials = (target: StateTarget): Promise<readonly (number | undefined)[]> => on(target, (access) => stateHistory(access, 50).then((list) => list.map(({ serial }) => serial)));

async function codesOf(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    if (error instanceof TerraceError) return [error.exitCode, ...error.problems.map(({ code }) => code)].join(' ');
    throw error;
  }
  return 'done';
}

test('a state is written with its digest, and pulled byte by byte', async () => {
  const target = fresh();
  const text = stateText({ serial: 3 });
  await write(target, text);
  expect(await on(target, (access) => pullState(access))).toBe(text);
  expect(await digest(target)).toBe(digestOf(text));
});

test('pulling refuses what does not fit its digest, and says when there is nothing', async () => {
  const target = fresh();
  expect(await codesOf(on(target, (access) => pullState(access)))).toBe('1 E4510');
  await write(target, stateText());
  await write({ ...target, backend: withoutTable(target) }, stateText({ serial: 2 }));
  expect(await codesOf(on(target, (access) => pullState(access)))).toBe('1 E4509');
  expect(await codesOf(on(target, (access) => pullState(access, 'no-such-version')))).toBe('1 E4510');
});

test('an earlier version becomes current again with a serial above every other, and the one before stays', async () => {
  const target = fresh();
  await write(target, stateText({ serial: 1, resources: ['a'] }));
  await write(target, stateText({ serial: 2, resources: ['a', 'b'] }));
  await write(target, stateText({ serial: 9, resources: [] }));
  const versions = await on(target, (access) => stateHistory(access, 50));
  expect(versions.map(({ serial, instances, latest }) => [serial, instances, latest])).toEqual([[9, 0, true], [2, 2, false], [1, 1, false]]);
  expect(await restoreState(target, versions[1]?.versionId ?? '', { env })).toMatchObject({ from: 2, serial: 10, replaced: 9 });
  expect(await read(target)).toBe(stateText({ serial: 10, resources: ['a', 'b'] }));
  expect(await digest(target)).toBe(digestOf(stateText({ serial: 10, resources: ['a', 'b'] })));
  expect(await serials(target)).toEqual([10, 9, 2, 1]);
});

test('a deleted state and a broken one can be restored; the serial is above what there was', async () => {
  const target = fresh();
  await write(target, stateText({ serial: 4 }));
  const [version] = await on(target, stateVersions);
  await on(target, retireState);
  expect((await on(target, (access) => stateHistory(access, 5))).map(({ deleted, latest }) => [deleted, latest])).toEqual([[true, true], [false, false]]);
  await restoreState(target, version?.versionId ?? '', { env });
  expect(await read(target)).toBe(stateText({ serial: 5 }));
  await write(target, 'not a state at all');
  expect(await restoreState(target, version?.versionId ?? '', { env })).toMatchObject({ serial: 6, replaced: undefined });
  expect(await read(target)).toBe(stateText({ serial: 6 }));
});

test('restoring refuses a version that is not there, a deletion, and another lineage unless told', async () => {
  const target = fresh();
  await write(target, stateText({ lineage: 'first' }));
  await on(target, retireState);
  await write(target, stateText({ lineage: 'second' }));
  const versions = await on(target, stateVersions);
  const deletion = versions.find(({ deleted }) => deleted)?.versionId ?? '';
  const first = versions.at(-1)?.versionId ?? '';
  expect(await codesOf(restoreState(target, 'none', { env }))).toBe('1 E4502');
  expect(await codesOf(restoreState(target, deletion, { env }))).toBe('1 E4502');
  expect(await codesOf(restoreState(target, first, { env }))).toBe('3 E4505');
  expect(await read(target)).toBe(stateText({ lineage: 'second' }));
  expect(await codesOf(restoreState(target, first, { env, otherLineage: true }))).toBe('done');
});

test('a writer that holds the lock keeps restore, move, recover and digest out with exit code 4', async () => {
  const [target, other] = [fresh(), fresh()];
  await write(target, stateText());
  const [version] = await on(target, stateVersions);
  await withStateLock(target, 'OperationTypeApply', async () => {
    expect(await codesOf(restoreState(target, version?.versionId ?? '', { env }))).toBe('4 E4401');
    expect(await codesOf(moveUnitState(target, other, { fromEnv: env, toEnv: env }))).toBe('4 E4401');
    expect(await codesOf(moveUnitState(other, target, { fromEnv: env, toEnv: env }))).toBe('4 E4401');
    expect(await codesOf(recoverState(target, stateText({ serial: 2 }), 'errored.tfstate', { env }))).toBe('4 E4401');
    expect(await codesOf(recordStateDigest(target, { env }))).toBe('4 E4401');
  }, { env });
  expect(await serials(target)).toEqual([1]);
  expect(await read(other)).toBeUndefined();
});

test('a bucket that keeps no versions is not written to', async () => {
  const target = { ...fresh(), backend: { ...fresh().backend, bucket: 'terraform-state-plain' } };
  const { CreateBucketCommand } = await import('@aws-sdk/client-s3');
  await on(target, (access) => access.s3.send(new CreateBucketCommand({ Bucket: 'terraform-state-plain', CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } })));
  expect(await codesOf(recoverState(target, stateText(), 'errored.tfstate', { env }))).toBe('1 E4504');
  expect(await read(target)).toBeUndefined();
});

test('a unit moves with its lineage; its old place keeps the history and nothing else; again changes nothing', async () => {
  const [from, to] = [fresh(), fresh()];
  await write(from, stateText({ serial: 5, resources: ['a', 'b'] }));
  const options = { fromEnv: env, toEnv: env };
  expect(await moveUnitState(from, to, options)).toEqual({ outcome: 'moved', serial: 6, lineage: '11111111-2222-3333-4444-555555555555', instances: 2 });
  expect(await read(to)).toBe(stateText({ serial: 6, resources: ['a', 'b'] }));
  expect([await read(from), await digest(from)]).toEqual([undefined, undefined]);
  expect(await serials(from)).toEqual([undefined, 5]);
  expect(await moveUnitState(from, to, options)).toMatchObject({ outcome: 'already', serial: 6 });
  expect(await serials(to)).toEqual([6]);
});

test.each([
  ['the copy', ({ method, path }: Hit) => method === 'PUT' && path.includes('u-to')],
  ['its digest', ({ operation, body }: Hit) => operation === 'PutItem' && body.includes('-md5')],
  ['the removal of the old digest', ({ operation, body }: Hit) => operation === 'DeleteItem' && body.includes('-md5')],
  ['the removal of the old state', ({ method, path }: Hit) => method === 'DELETE' && path.includes('u-from')],
])('a move that breaks off at %s is completed by the same command, without loss on the way', async (step, hit) => {
  const [from, to] = [stateTarget(`e/r/${step.length}/u-from`), stateTarget(`e/r/${step.length}/u-to`)];
  await write(from, stateText({ serial: 5, resources: ['a', 'b'] }));
  front.fail((request) => (hit(request) ? { kind: 'reset' } : undefined));
  expect(await codesOf(moveUnitState(from, to, { fromEnv: env, toEnv: env }))).toMatch(/^1 E4/);
  front.heal();
  const [old, moved] = [await read(from), await read(to)];
  expect([old, moved]).toContain(old === undefined ? stateText({ serial: 6, resources: ['a', 'b'] }) : stateText({ serial: 5, resources: ['a', 'b'] }));
  expect(await moveUnitState(from, to, { fromEnv: env, toEnv: env })).toMatchObject({ outcome: 'moved', instances: 2 });
  expect(await read(to)).toBe(stateText({ serial: 6, resources: ['a', 'b'] }));
  expect(await digest(to)).toBe(digestOf(stateText({ serial: 6, resources: ['a', 'b'] })));
  expect([await read(from), await digest(from)]).toEqual([undefined, undefined]);
});

type Hit = Parameters<Parameters<FaultyFront['fail']>[0]>[0];

test('an interrupted move is judged by what was written since', async () => {
  const options = { fromEnv: env, toEnv: env };
  const both = async (old: string, copy: readonly string[], older: readonly string[] = []): Promise<{ codes: string; to: string | undefined }> => {
    const [from, to] = [fresh(), fresh()];
    for (const text of [...older, old]) await write(from, text);
    for (const text of copy) await write(to, text);
    return { codes: await codesOf(moveUnitState(from, to, options)), to: await read(to) };
  };
  const five = stateText({ serial: 5 });
  const six = stateText({ serial: 6 });
  expect(await both(five, [six, stateText({ serial: 7, resources: ['a', 'new'] })])).toEqual({ codes: 'done', to: stateText({ serial: 7, resources: ['a', 'new'] }) });
  expect(await both(stateText({ serial: 6, resources: ['a', 'old'] }), [six], [five])).toEqual({ codes: 'done', to: stateText({ serial: 7, resources: ['a', 'old'] }) });
  expect(await both(stateText({ serial: 6, resources: ['a', 'old'] }), [stateText({ serial: 7, resources: ['a', 'new'] })], [five])).toMatchObject({ codes: '3 E4513' });
});

test('a place that another state holds is refused, one whose state is empty is not', async () => {
  const [from, taken, empty] = [fresh(), fresh(), fresh()];
  await write(from, stateText({ serial: 2 }));
  await write(taken, stateText({ lineage: 'other' }));
  await write(empty, stateText({ serial: 8, lineage: 'other', resources: [] }));
  const options = { fromEnv: env, toEnv: env };
  expect(await codesOf(moveUnitState(from, taken, options))).toBe('3 E4512');
  expect(await codesOf(moveUnitState(from, from, options))).toBe('64 E4514');
  expect(await codesOf(moveUnitState(fresh(), fresh(), options))).toBe('1 E4510');
  expect(await moveUnitState(from, empty, options)).toMatchObject({ serial: 9 });
  expect(await read(empty)).toBe(stateText({ serial: 9 }));
});

test('single resources move between states; a unit without one gets a state of its own', async () => {
  const [from, to] = [fresh(), fresh()];
  const options = { fromEnv: env, toEnv: env };
  await write(from, stateText({ serial: 5, resources: ['a', 'b', 'c'] }));
  expect(await moveResourceStates(from, to, parseMoves(['terraform_data.b', 'terraform_data.c=terraform_data.d']), options)).toEqual({ moved: ['terraform_data.b', 'terraform_data.d'], already: [], fromSerial: 6, toSerial: 1 });
  expect(await read(from)).toBe(stateText({ serial: 6, resources: ['a'] }));
  const received: unknown = JSON.parse((await read(to)) ?? '');
  expect(received).toMatchObject({ serial: 1, terraform_version: '1.11.4', resources: [{ name: 'b' }, { name: 'd', instances: [{ attributes: { id: 'id-c' } }] }] });
  expect(received).not.toHaveProperty('lineage', '11111111-2222-3333-4444-555555555555');
  expect(await moveResourceStates(from, to, parseMoves(['terraform_data.b']), options)).toEqual({ moved: [], already: ['terraform_data.b'], fromSerial: 6, toSerial: 1 });
  expect(await codesOf(moveResourceStates(from, to, parseMoves(['terraform_data.z']), options))).toBe('1 E4516');
});

test('resources whose removal broke off are in both states until the same command is run again', async () => {
  const [from, to] = [fresh(), fresh()];
  const options = { fromEnv: env, toEnv: env };
  await write(from, stateText({ serial: 5, resources: ['a', 'b'] }));
  front.fail(({ method, path }) => (method === 'PUT' && path.includes(from.backend.key) ? { kind: 'reset' } : undefined));
  expect(await codesOf(moveResourceStates(from, to, parseMoves(['terraform_data.b']), options))).toBe('1 E4309');
  front.heal();
  expect(await read(from)).toBe(stateText({ serial: 5, resources: ['a', 'b'] }));
  expect(await moveResourceStates(from, to, parseMoves(['terraform_data.b']), options)).toEqual({ moved: [], already: ['terraform_data.b'], fromSerial: 6, toSerial: 1 });
  expect(await read(from)).toBe(stateText({ serial: 6, resources: ['a'] }));
});

test('an errored state is pushed once, and not over a newer or foreign one', async () => {
  const target = fresh();
  const errored = stateText({ serial: 2, resources: ['a', 'b'] });
  await write(target, stateText({ serial: 1 }));
  expect(await recoverState(target, errored, 'errored.tfstate', { env })).toMatchObject({ outcome: 'written', serial: 2, replaced: 1 });
  expect(await read(target)).toBe(errored);
  expect(await recoverState(target, errored, 'errored.tfstate', { env })).toMatchObject({ outcome: 'unchanged', serial: 2 });
  expect(await serials(target)).toEqual([2, 1]);
  await write(target, stateText({ serial: 3 }));
  expect(await codesOf(recoverState(target, errored, 'errored.tfstate', { env }))).toBe('3 E4511');
  expect(await recoverState(target, errored, 'errored.tfstate', { env, olderToo: true })).toMatchObject({ serial: 4 });
  expect(await codesOf(recoverState(target, stateText({ serial: 9, lineage: 'other' }), 'errored.tfstate', { env }))).toBe('3 E4505');
  expect(await codesOf(recoverState(target, 'broken', 'errored.tfstate', { env }))).toBe('1 E4501');
});

test('the digest of what is stored is recorded where it does not fit', async () => {
  const target = fresh();
  expect(await recordStateDigest(target, { env })).toEqual({ outcome: 'absent' });
  await write(target, stateText());
  expect(await recordStateDigest(target, { env })).toMatchObject({ outcome: 'fits' });
  await write({ ...target, backend: withoutTable(target) }, stateText({ serial: 2 }));
  expect(await recordStateDigest(target, { env })).toEqual({ outcome: 'recorded', digest: digestOf(stateText({ serial: 2 })), before: digestOf(stateText()) });
  expect(await digest(target)).toBe(digestOf(stateText({ serial: 2 })));
});

function withoutTable(target: StateTarget): StateTarget['backend'] {
  const { dynamodbTable: _, ...backend } = target.backend;
  return { ...backend, useLockfile: true };
}
