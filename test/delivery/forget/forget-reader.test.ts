import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { forgetReader } from '../../../terrace/delivery/forget/forget-reader';
import type { GoneReader } from '../../../terrace/delivery/forget/gone-reader';
import { parseRecord, type AppliedRecord } from '../../../terrace/delivery/record/record';
import type { LockKind } from '../../../terrace/model/model';
import { readRecordText, writeRecordText } from '../../../terrace/state/applied-record';
import { withStateLock } from '../../../terrace/state/lock/with-state-lock';
import type { StateTarget } from '../../../terrace/state/state-access';
import { appliedRecord } from '../../_helpers/record-text';
import { stateTarget } from '../../_helpers/state-backend';
import { codesOf, stateSandbox, type StateSandbox } from '../../_helpers/state-sandbox';

let states: StateSandbox;
let counter = 0;
beforeAll(async () => {
  states = await stateSandbox();
}, 600_000);
afterAll(() => states.dispose());

const write = (target: StateTarget, record: AppliedRecord): Promise<void> =>
  states.on(target, (access) => writeRecordText(access, `${JSON.stringify(record)}\n`));
const recorded = async (target: StateTarget): Promise<AppliedRecord> =>
  parseRecord((await states.on(target, readRecordText)) ?? '', target.path);

/** A reader, what it reads of two units, and both their records where they stand. */
async function reading(lock: LockKind = 'dynamodb'): Promise<{ readonly gone: GoneReader; readonly places: readonly StateTarget[] }> {
  counter += 1;
  const [site, zone, other] = ['gone/r/web/site', 'hub/r/dns/zone', 'hub/r/dns/other'].map((unit) =>
    stateTarget(`${unit}${counter}`, lock),
  );
  if (site === undefined || zone === undefined || other === undefined) throw new Error('no units');
  const record = appliedRecord(site.path, { [zone.path]: ['id'], [other.path]: ['id', 'name'], 'demo/gone/r/web/beside': ['id'] });
  await write(site, record);
  for (const unit of [zone, other]) await write(unit, appliedRecord(unit.path));
  const reads = [zone, other].map((target, index) => ({
    target,
    env: states.env,
    record: appliedRecord(target.path),
    outputs: index === 0 ? ['id'] : ['id', 'name'],
  }));
  const gone: GoneReader = { reader: site.path, target: site, env: states.env, record, reads, already: [], authors: [], resources: 3 };
  return { gone, places: [site, zone, other] };
}

const commit = 'e'.repeat(40);
const now = (): Date => new Date('2026-12-01T10:00:00.000Z');

test.each(['dynamodb', 's3', 'both'] as const)(
  'G15: with `lock: %s` the units that were read say who forgot their reader, and it no longer counts',
  async (lock) => {
    const { gone, places } = await reading(lock);
    const forgotten = await forgetReader(gone, { commit, now });
    const [site, zone, other] = await Promise.all(places.map(recorded));
    expect(forgotten.map(({ unit, outputs }) => [unit, outputs])).toEqual([
      [places[1]?.path, ['id']],
      [places[2]?.path, ['id', 'name']],
    ]);
    expect(forgotten[0]).toMatchObject({ reader: gone.reader, resources: 3, commit, at: '2026-12-01T10:00:00.000Z' });
    expect(forgotten[0]?.by).toMatch(/^arn:aws:/);
    expect([zone?.forgotten, other?.forgotten]).toEqual([[forgotten[0]], [forgotten[1]]]);
    expect([site?.forgotten, site?.consumed.map(({ unit }) => unit)]).toEqual([forgotten, ['demo/gone/r/web/beside']]);
    for (const target of places)
      expect(await codesOf(withStateLock(target, 'free', async () => undefined, { env: states.env }))).toBe('done');
  },
);

test.each(['dynamodb', 's3', 'both'] as const)('with `lock: %s` a held lock of any of them keeps it out with exit code 4', async (lock) => {
  const { gone, places } = await reading(lock);
  for (const target of places)
    await withStateLock(target, 'OperationTypeApply', async () => expect(await codesOf(forgetReader(gone, { commit }))).toBe('4 E4401'), {
      env: states.env,
    });
  expect((await recorded(gone.target)).consumed).toHaveLength(3);
});

test('G15: interrupted before its own record is written, it still reads, what it read says so already, and a second run goes on', async () => {
  const { gone, places } = await reading();
  const [, zone, other] = places;
  if (zone === undefined || other === undefined) throw new Error('no units');
  await withStateLock(other, 'OperationTypeApply', async () => expect(await codesOf(forgetReader(gone, { commit, now }))).toBe('4 E4401'), {
    env: states.env,
  });
  const first = (await recorded(zone)).forgotten;
  expect([first?.length, (await recorded(other)).forgotten, (await recorded(gone.target)).consumed.length]).toEqual([1, undefined, 3]);
  const forgotten = await forgetReader(gone, { commit, now: () => new Date('2026-12-02T10:00:00.000Z') });
  expect(forgotten.map(({ at }) => at.slice(0, 10))).toEqual(['2026-12-01', '2026-12-02']);
  expect((await recorded(zone)).forgotten).toEqual(first);
  expect((await recorded(gone.target)).forgotten).toEqual(forgotten);
});

test('a reader that was applied again since it was shown is not forgotten, and nothing is written', async () => {
  const { gone, places } = await reading();
  await write(gone.target, { ...gone.record, at: '2026-12-01T09:00:00.000Z' });
  expect(await codesOf(forgetReader(gone, { commit }))).toBe('3 E4523');
  for (const target of places) expect((await recorded(target)).forgotten).toBeUndefined();
});
