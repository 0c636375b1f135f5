import { hostname } from 'node:os';

import { expect, test } from '@jest/globals';

import { TerraceError } from '../../../terrace/base/errors';
import { underItsLock } from '../../../terrace/delivery/plan/left-lock';
import type { UnitModel } from '../../../terrace/model/model';
import { newLockInfo, type LockInfo } from '../../../terrace/state/lock/lock-info';
import { MemoryStates } from '../../_helpers/delivery-fakes';
import { errorOf } from '../../_helpers/shop';
import { network, shopModel, type ShopUnit } from '../../_helpers/shop-tree';

const since = Date.parse('2026-11-21T10:00:00.000Z');
const unit = unitOf(network());
const own: LockInfo = {
  ...newLockInfo({ operation: 'OperationTypePlan', path: 'b/k', now: new Date(since + 1000) }),
  who: `ana@${hostname()}`,
  created: '2026-11-21T10:00:01.123456789Z',
};

function unitOf(described: ShopUnit): UnitModel {
  const [found] = shopModel([described]).units;
  if (found === undefined) throw new Error('no unit');
  return found;
}

async function looked(lock: LockInfo | undefined, plan: () => Promise<string> = async () => 'planned'): Promise<string> {
  const states = new MemoryStates();
  states.holder = async () => lock;
  return underItsLock({ states }, unit, { env: {}, since }, plan);
}

const refusal = async (): Promise<never> => {
  throw new TerraceError({ code: 'E6018', title: 'plan failed', place: unit.path, found: 'no', todo: 'mend it' }, 3);
};

test('a lock that this plan took and that still stands is refused, with the command that releases it', async () => {
  const error = await errorOf(looked(own));
  expect(error.exitCode).toBe(1);
  expect(error.message).toContain('E4402 lock not released');
  expect(error.message).toContain(`terrace lock release ${unit.path} --id ${own.id}`);
});

test('no lock, an older one, and one of another host or another operation are not this plan’s', async () => {
  for (const lock of [
    undefined,
    { ...own, created: '2026-11-21T09:59:59Z' },
    { ...own, created: '' },
    { ...own, who: 'ana@elsewhere' },
    { ...own, operation: 'OperationTypeApply' },
  ])
    expect(await looked(lock)).toBe('planned');
});

test('a plan that failed says what it failed of, and the lock that it left', async () => {
  const error = await errorOf(looked(own, refusal));
  expect([error.exitCode, error.problems.map(({ code }) => code)]).toEqual([3, ['E6018', 'E4402']]);
  const alone = await errorOf(looked({ ...own, who: 'ana@elsewhere' }, refusal));
  expect(alone.problems.map(({ code }) => code)).toEqual(['E6018']);
});
