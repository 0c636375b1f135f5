import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';

import { withStateLock } from '../../terrace/state/lock/with-state-lock';
import { stateHistory } from '../../terrace/state/history';
import { moveUnitState } from '../../terrace/state/move-unit';
import { pullState } from '../../terrace/state/pull';
import { writeRecordText } from '../../terrace/state/applied-record';
import { recordStateDigest } from '../../terrace/state/record-digest';
import { recoverState } from '../../terrace/state/recover';
import { restoreState } from '../../terrace/state/restore';
import { digestOf } from '../../terrace/state/state-file';
import { retireState, stateVersions } from '../../terrace/state/state-store';
import { stateText } from '../_helpers/state-backend';
import { codesOf, stateSandbox, type StateSandbox } from '../_helpers/state-sandbox';

let states: StateSandbox;

beforeAll(async () => {
  states = await stateSandbox();
}, 600_000);

afterAll(() => states.dispose());

beforeEach(() => states.proxy.heal());

test('a state is written with its digest, and pulled byte by byte', async () => {
  const target = states.fresh();
  const text = stateText({ serial: 3 });
  await states.write(target, text);
  expect(await states.on(target, (access) => pullState(access))).toBe(text);
  expect(await states.digest(target)).toBe(digestOf(text));
});

test('pulling refuses what does not fit its digest, and says when there is nothing', async () => {
  const target = states.fresh();
  expect(await codesOf(states.on(target, (access) => pullState(access)))).toBe('1 E4510');
  await states.write(target, stateText());
  await states.write({ ...target, backend: states.withoutTable(target) }, stateText({ serial: 2 }));
  expect(await codesOf(states.on(target, (access) => pullState(access)))).toBe('1 E4509');
  expect(await codesOf(states.on(target, (access) => pullState(access, 'no-such-version')))).toBe('1 E4510');
});

test('an earlier version becomes current again with a serial above every other, and the one before stays', async () => {
  const target = states.fresh();
  await states.write(target, stateText({ serial: 1, resources: ['a'] }));
  await states.write(target, stateText({ serial: 2, resources: ['a', 'b'] }));
  await states.write(target, stateText({ serial: 9, resources: [] }));
  const versions = await states.on(target, (access) => stateHistory(access, 50));
  expect(versions.map(({ serial, instances, latest }) => [serial, instances, latest])).toEqual([
    [9, 0, true],
    [2, 2, false],
    [1, 1, false],
  ]);
  expect(await restoreState(target, versions[1]?.versionId ?? '', { env: states.env })).toMatchObject({ from: 2, serial: 10, replaced: 9 });
  expect(await states.read(target)).toBe(stateText({ serial: 10, resources: ['a', 'b'] }));
  expect(await states.digest(target)).toBe(digestOf(stateText({ serial: 10, resources: ['a', 'b'] })));
  expect(await states.serials(target)).toEqual([10, 9, 2, 1]);
});

test('a deleted state and a broken one can be restored; the serial is above what there was', async () => {
  const target = states.fresh();
  await states.write(target, stateText({ serial: 4 }));
  const [version] = await states.on(target, stateVersions);
  await states.on(target, retireState);
  expect((await states.on(target, (access) => stateHistory(access, 5))).map(({ deleted, latest }) => [deleted, latest])).toEqual([
    [true, true],
    [false, false],
  ]);
  await restoreState(target, version?.versionId ?? '', { env: states.env });
  expect(await states.read(target)).toBe(stateText({ serial: 5 }));
  await states.write(target, 'not a state at all');
  expect(await restoreState(target, version?.versionId ?? '', { env: states.env })).toMatchObject({ serial: 6, replaced: undefined });
  expect(await states.read(target)).toBe(stateText({ serial: 6 }));
});

test('restoring refuses a version that is not there, a deletion, and another lineage unless told', async () => {
  const target = states.fresh();
  await states.write(target, stateText({ lineage: 'first' }));
  await states.on(target, retireState);
  await states.write(target, stateText({ lineage: 'second' }));
  const versions = await states.on(target, stateVersions);
  const deletion = versions.find(({ deleted }) => deleted)?.versionId ?? '';
  const first = versions.at(-1)?.versionId ?? '';
  expect(await codesOf(restoreState(target, 'none', { env: states.env }))).toBe('1 E4502');
  expect(await codesOf(restoreState(target, deletion, { env: states.env }))).toBe('1 E4502');
  expect(await codesOf(restoreState(target, first, { env: states.env }))).toBe('3 E4505');
  expect(await states.read(target)).toBe(stateText({ lineage: 'second' }));
  expect(await codesOf(restoreState(target, first, { env: states.env, otherLineage: true }))).toBe('done');
});

test('a writer that holds the lock keeps restore, move, recover and digest out with exit code 4', async () => {
  const [target, other] = [states.fresh(), states.fresh()];
  await states.write(target, stateText());
  const [version] = await states.on(target, stateVersions);
  await withStateLock(
    target,
    'OperationTypeApply',
    async () => {
      expect(await codesOf(restoreState(target, version?.versionId ?? '', { env: states.env }))).toBe('4 E4401');
      expect(await codesOf(moveUnitState(target, other, { fromEnv: states.env, toEnv: states.env }))).toBe('4 E4401');
      expect(await codesOf(moveUnitState(other, target, { fromEnv: states.env, toEnv: states.env }))).toBe('4 E4401');
      expect(await codesOf(recoverState(target, stateText({ serial: 2 }), 'errored.tfstate', { env: states.env }))).toBe('4 E4401');
      expect(await codesOf(recordStateDigest(target, { env: states.env }))).toBe('4 E4401');
    },
    { env: states.env },
  );
  expect(await states.serials(target)).toEqual([1]);
  expect(await states.read(other)).toBeUndefined();
});

test('a bucket that keeps no versions is not written to', async () => {
  const target = { ...states.fresh(), backend: { ...states.fresh().backend, bucket: 'terraform-state-plain' } };
  const { CreateBucketCommand } = await import('@aws-sdk/client-s3');
  await states.on(target, (access) =>
    access.s3.send(
      new CreateBucketCommand({ Bucket: 'terraform-state-plain', CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }),
    ),
  );
  expect(await codesOf(recoverState(target, stateText(), 'errored.tfstate', { env: states.env }))).toBe('1 E4504');
  expect(await states.read(target)).toBeUndefined();
});

test('an errored state is pushed once, and not over a newer or foreign one', async () => {
  const target = states.fresh();
  const errored = stateText({ serial: 2, resources: ['a', 'b'] });
  await states.write(target, stateText({ serial: 1 }));
  expect(await recoverState(target, errored, 'errored.tfstate', { env: states.env })).toMatchObject({
    outcome: 'written',
    serial: 2,
    replaced: 1,
  });
  expect(await states.read(target)).toBe(errored);
  expect(await recoverState(target, errored, 'errored.tfstate', { env: states.env })).toMatchObject({ outcome: 'unchanged', serial: 2 });
  expect(await states.serials(target)).toEqual([2, 1]);
  await states.write(target, stateText({ serial: 3 }));
  expect(await codesOf(recoverState(target, errored, 'errored.tfstate', { env: states.env }))).toBe('3 E4511');
  expect(await recoverState(target, errored, 'errored.tfstate', { env: states.env, olderToo: true })).toMatchObject({ serial: 4 });
  expect(await codesOf(recoverState(target, stateText({ serial: 9, lineage: 'other' }), 'errored.tfstate', { env: states.env }))).toBe(
    '3 E4505',
  );
  const first = states.fresh();
  const unborn = stateText({ serial: 0, lineage: '' });
  for (const outcome of ['written', 'unchanged'])
    expect(await recoverState(first, unborn, 'errored.tfstate', { env: states.env })).toMatchObject({ outcome, serial: 1 });
  expect(await codesOf(recoverState(target, unborn, 'errored.tfstate', { env: states.env }))).toBe('3 E4505');
  expect(await codesOf(recoverState(target, 'broken', 'errored.tfstate', { env: states.env }))).toBe('1 E4501');
});

test('no digest is recorded for an object that is older than its record says was left', async () => {
  const target = states.fresh();
  await states.write(target, stateText({ serial: 3 }));
  const record = { version: 1, unit: target.path, status: 'applied', state: { lineage: JSON.parse(stateText()).lineage, serial: 4 } };
  await states.on(target, (access) => writeRecordText(access, JSON.stringify(record)));
  expect(await codesOf(recordStateDigest(target, { env: states.env }))).toBe('3 E4522');
  await states.write(target, stateText({ serial: 4 }));
  expect(await recordStateDigest(target, { env: states.env })).toMatchObject({ outcome: 'fits' });
});

test('the digest of what is stored is recorded where it does not fit', async () => {
  const target = states.fresh();
  expect(await recordStateDigest(target, { env: states.env })).toEqual({ outcome: 'absent' });
  await states.write(target, stateText());
  expect(await recordStateDigest(target, { env: states.env })).toMatchObject({ outcome: 'fits' });
  await states.write({ ...target, backend: states.withoutTable(target) }, stateText({ serial: 2 }));
  expect(await recordStateDigest(target, { env: states.env })).toEqual({
    outcome: 'recorded',
    digest: digestOf(stateText({ serial: 2 })),
    before: digestOf(stateText()),
  });
  expect(await states.digest(target)).toBe(digestOf(stateText({ serial: 2 })));
});
