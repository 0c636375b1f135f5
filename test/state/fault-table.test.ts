import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { layoutOf } from '../../terrace/sandbox/daemon/layout';
import { ServiceFaults, type FaultyService, type ServiceFaultKind } from '../../terrace/sandbox/gateway/service-faults';
import { moveUnitState } from '../../terrace/state/move-unit';
import { recordStateDigest } from '../../terrace/state/record-digest';
import { recoverState } from '../../terrace/state/recover';
import { restoreState } from '../../terrace/state/restore';
import { openState, type StateTarget } from '../../terrace/state/state-access';
import { digestOf } from '../../terrace/state/state-file';
import { readDigest, readStateObject, stateVersions, writeState } from '../../terrace/state/state-store';
import { releaseLock } from '../../terrace/state/lock/release-lock';
import { TerraceError } from '../../terrace/base/errors';
import { readRecordText, writeRecordText } from '../../terrace/state/applied-record';
import { forgetReader } from '../../terrace/delivery/forget/forget-reader';
import type { GoneReader } from '../../terrace/delivery/forget/gone-reader';
import type { AppliedRecord } from '../../terrace/delivery/record/record';
import { appliedRecord } from '../_helpers/record-text';
import { awsAccepted } from '../../terrace/state/accepted-object';
import { newLockInfo, type LockInfo } from '../../terrace/state/lock/lock-info';
import { itemPlace } from '../../terrace/state/lock/lock-places';
import { testSandbox, type TestSandbox } from '../_helpers/sandbox';
import { makeStateBackend, stateTarget, stateText, testAccount } from '../_helpers/state-backend';
import { codesOf } from '../_helpers/state-sandbox';
import { aimedRequests, chosenCells, faultCells, tableLine } from '../_helpers/fault-cells';
import { full } from '../_helpers/where-available';

/** What a command finds, does and leaves; `places` are the units that it works on. */
interface Written {
  readonly name: string;
  prepare(at: readonly [StateTarget, StateTarget]): Promise<void>;
  run(at: readonly [StateTarget, StateTarget]): Promise<unknown>;
  /** Where the state is to stand afterwards, 0 or 1, and its serial. */
  readonly ends: readonly [at: 0 | 1, serial: number];
  /** What else is true when it is done. @default nothing */
  isDone?(at: readonly [StateTarget, StateTarget]): Promise<boolean>;
  /** What the run after it may say as well, since the first one did it. */
  readonly already?: string;
}

let sandbox: TestSandbox;
let env: NodeJS.ProcessEnv;
let faults: ServiceFaults;
let counter = 0;
beforeAll(async () => {
  sandbox = await testSandbox();
  // Each request is tried once: what strikes is not repeated away.
  env = { ...sandbox.env({ account: testAccount, units: [] }), AWS_MAX_ATTEMPTS: '1' };
  await makeStateBackend(env);
  faults = new ServiceFaults(layoutOf(sandbox.dir).cloud);
}, 600_000);
afterAll(() => sandbox.dispose());

async function on<T>(target: StateTarget, work: (access: Awaited<ReturnType<typeof openState>>) => Promise<T>): Promise<T> {
  const access = await openState(target, env);
  try {
    return await work(access);
  } finally {
    access.close();
  }
}

const text = (serial: number): string => stateText({ serial, resources: ['a', 'b'] });
const commands: Written[] = [
  {
    name: 'state move',
    prepare: ([from]) => on(from, (access) => writeState(access, text(5))),
    run: ([from, to]) => moveUnitState(from, to, { fromEnv: env, toEnv: env }),
    ends: [1, 6],
  },
  {
    name: 'state recover',
    prepare: ([at]) => on(at, (access) => writeState(access, stateText({ serial: 3 }))),
    run: ([at]) => recoverState(at, text(4), 'errored.tfstate', { env }),
    ends: [0, 4],
  },
  {
    name: 'state restore',
    prepare: ([at]) => on(at, (access) => writeState(access, text(1)).then(() => writeState(access, stateText({ serial: 2 })))),
    run: async ([at]) => {
      const versions = await on(at, stateVersions);
      return restoreState(at, versions.findLast((one) => !one.deleted)?.versionId ?? '', { env });
    },
    ends: [0, 3],
  },
  {
    name: 'state digest',
    prepare: async ([at]) => {
      const { dynamodbTable: _, ...backend } = at.backend;
      await on({ ...at, backend: { ...backend, useLockfile: true } }, (access) => writeState(access, text(1)));
    },
    run: ([at]) => recordStateDigest(at, { env }),
    ends: [0, 1],
  },
];

/** Where an environment's accepted commit stands, beside a unit. */
const acceptedBeside = ({ path: unit, backend }: StateTarget) => ({
  bucket: backend.bucket,
  region: backend.region,
  key: `${unit}/accepted.json`,
  owner: testAccount,
  ...(backend.kmsKeyId === undefined ? {} : { kmsKeyId: backend.kmsKeyId }),
});
const lockOf = (target: StateTarget): LockInfo => ({ ...newLockInfo({ operation: 'terrace apply', path: target.path }), id: 'dead' });

commands.push(
  {
    name: 'lock release',
    prepare: ([at]) => on(at, (access) => writeState(access, text(1)).then(() => itemPlace(access).take(lockOf(at)))).then(() => undefined),
    run: ([at]) => releaseLock(at, { id: 'dead', minAge: 0, force: true, confirm: () => Promise.resolve(true), env }),
    ends: [0, 1],
    isDone: ([at]) => on(at, (access) => itemPlace(access).read()).then((standing) => standing === undefined),
    already: '1 E4403',
  },
  {
    name: 'accepted',
    prepare: async ([at]) => {
      await on(at, (access) => writeState(access, text(1)));
      await awsAccepted.write(acceptedBeside(at), env, 'before', undefined);
    },
    run: async ([at]) => {
      const place = acceptedBeside(at);
      const standing = await awsAccepted.read(place, env);
      if (standing?.text === 'after') return;
      if (!(await awsAccepted.write(place, env, 'after', standing)))
        throw new TerraceError({ code: 'E4311', title: 'meanwhile', found: '', todo: '' });
    },
    ends: [0, 1],
    isDone: async ([at]) => (await awsAccepted.read(acceptedBeside(at), env))?.text === 'after',
  },
);

/** Two units, of which the first reads the second, as `terrace state forget-reader` finds them. */
const goneReader = ([reader, unit]: readonly [StateTarget, StateTarget]): GoneReader => {
  const record = appliedRecord(reader.path, { [unit.path]: ['id'] });
  const reads = [{ target: unit, env, record: appliedRecord(unit.path), outputs: ['id'] }];
  return { reader: reader.path, target: reader, env, record, reads, already: [], authors: [], resources: 2 };
};
const recordAt = (target: StateTarget): Promise<Partial<AppliedRecord>> =>
  on(target, readRecordText).then((record) => JSON.parse(record ?? '{}') as Partial<AppliedRecord>);

commands.push({
  name: 'state forget-reader',
  prepare: async (at) => {
    const { record, reads } = goneReader(at);
    await on(at[0], (access) => writeState(access, text(1)).then(() => writeRecordText(access, JSON.stringify(record))));
    await on(at[1], (access) => writeRecordText(access, JSON.stringify(reads[0]?.record)));
  },
  run: (at) => forgetReader(goneReader(at), { commit: 'e'.repeat(40) }),
  ends: [0, 1],
  isDone: async ([reader, unit]) => {
    const [{ consumed, forgotten }, said] = [await recordAt(reader), await recordAt(unit)];
    return consumed?.length === 0 && forgotten?.length === 1 && said.forgotten?.length === 1;
  },
});

const fresh = (): readonly [StateTarget, StateTarget] => {
  counter += 1;
  return [stateTarget(`e/r/from/u${counter}`), stateTarget(`e/r/to/u${counter}`)];
};

/** Serials of everything that is or was at a place. */
async function kept(target: StateTarget): Promise<readonly string[]> {
  return on(target, async (access) => {
    const versions = (await stateVersions(access)).filter((one) => !one.deleted);
    return Promise.all(versions.map(async (one) => (await readStateObject(access, one.versionId)) ?? ''));
  });
}

async function releaseLeft(places: readonly StateTarget[]): Promise<number> {
  let left = 0;
  for (const place of places) {
    const standing = await on(place, (access) => itemPlace(access).read());
    if (standing?.lock === undefined) continue;
    left += 1;
    await releaseLock(place, { id: standing.lock.id, minAge: 0, force: true, confirm: () => Promise.resolve(true), env });
  }
  return left;
}

/** One run with a fault at the n-th request, and the run after it. */
async function struck(command: Written, service: FaultyService, skip: number, kind: ServiceFaultKind) {
  const places = fresh();
  await command.prepare(places);
  const before = await kept(places[0]);
  faults.add({ service, operation: 'any', kind, status: 500, milliseconds: 50, skip, times: 1 });
  const outcome = await codesOf(command.run(places));
  const hit = faults.remove() === 0;
  const [at, serial] = command.ends;
  const now = await on(places[at], async (access) => [await readStateObject(access), await readDigest(access)] as const);
  const holds = now[0] !== undefined && now[0] === text(serial) && now[1] === digestOf(now[0]);
  const isDone = holds && ((await command.isDone?.(places)) ?? true);
  const all = new Set([...(await kept(places[0])), ...(await kept(places[1]))]);
  const locks = await releaseLeft(places);
  const again = await codesOf(command.run(places));
  const after = await on(places[at], readStateObject);
  return {
    hit,
    coded: outcome === 'done' ? isDone : /^[134]( E4\d{3})+$/.test(outcome),
    lost: before.filter((one) => !all.has(one)),
    silentLock: locks > 0 && command.name !== 'lock release' && !outcome.includes('E4402') && !/E43/.test(outcome),
    again: [command.already, 'done'].includes(again) || command.name === 'state restore' ? 'done' : again,
    resources: (JSON.parse(after ?? '{"resources":[]}') as { readonly resources: readonly unknown[] }).resources.length,
  };
}

const chosen = full
  ? commands
  : commands.filter(({ name }) => ['state move', 'state forget-reader', 'lock release', 'accepted'].includes(name));

test.each(chosen.map((command) => [command.name, command] as const))(
  '%s goes through every fault at every request: nothing is lost, a success is one, and the next run goes on',
  async (_, command) => {
    const places = fresh();
    await command.prepare(places);
    const logged = sandbox.requests().length;
    expect(await codesOf(command.run(places))).toBe('done');
    const requests = aimedRequests(sandbox.requests().slice(logged));
    expect(requests.length).toBeGreaterThan(1);
    const wrong: unknown[] = [];
    const cells = full ? chosenCells(faultCells(requests), 1) : faultCells(requests).filter(({ kind }) => kind === 'reset-after');
    for (const { index, service, skip, kind } of cells) {
      const result = await struck(command, service, skip, kind);
      const isRight =
        result.hit && result.coded && result.lost.length === 0 && !result.silentLock && result.again === 'done' && result.resources === 2;
      if (isRight) continue;
      wrong.push({ command: command.name, index, service, kind, ...result });
      tableLine({ command: command.name, index, service, kind, ...result });
    }
    tableLine(`${command.name}: ${requests.length} requests, ${cells.length} faults, ${wrong.length} wrong`);
    expect(wrong).toEqual([]);
  },
  600_000,
);
