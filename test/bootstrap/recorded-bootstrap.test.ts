import { expect, test } from '@jest/globals';

import { unappliedReasons } from '../../terrace/delivery/inspection/unapplied';
import { contentDigest } from '../../terrace/model/content-digest';
import { recordedBootstrap } from '../../terrace/bootstrap/recorded-bootstrap';
import { MemoryStates } from '../_helpers/delivery-fakes';
import { errorOf, codesOf } from '../_helpers/shop';
import { network, service, shopJson, shopModel, type ShopUnit } from '../_helpers/shop-tree';

const now = (): Date => new Date('2026-11-21T10:00:00Z');

function unitOf(shop: ShopUnit) {
  const unit = shopModel([network(), service()]).units.find((one) => one.path.endsWith(`/${shop.id}`));
  if (unit === undefined) throw new Error(`the shop has no ${shop.id}`);
  return { unit, files: new Map([['main.tf.json', Buffer.from(JSON.stringify(shopJson(shop)))]]) };
}

function started(states: MemoryStates, shop: ShopUnit, changes: boolean, apply: () => Promise<void>) {
  const { unit, files } = unitOf(shop);
  return {
    key: unit.backend.key,
    files: contentDigest(files),
    outcome: recordedBootstrap({
      unit,
      files,
      commit: 'c'.repeat(40),
      terraform: { name: 'terraform', version: '1.11.4' },
      env: {},
      states,
      now,
      plan: async () => {
        if (!states.locks.has(unit.backend.key)) throw new Error('planned without the lock');
        return changes;
      },
      apply: async () => {
        if (!states.locks.has(unit.backend.key)) throw new Error('applied without the lock');
        await apply();
      },
    }),
  };
}

test('what a bootstrap applied is recorded like every apply: before terraform, and how it ended', async () => {
  const states = new MemoryStates();
  const { key, files, outcome } = started(states, network(), true, async () => states.put(key, 'lineage', 3));
  expect(await outcome).toBe('changed');
  expect(states.written.map(({ status, state }) => [status, state])).toEqual([
    ['applying', { lineage: null, serial: 0 }],
    ['applied', { lineage: 'lineage', serial: 3 }],
  ]);
  const record = states.records.get(key);
  expect(record).toMatchObject({ commit: 'c'.repeat(40), files, terraform: 'terraform 1.11.4', at: '2026-11-21T10:00:00.000Z' });
  expect(unappliedReasons({ files, record, state: { lineage: 'lineage', serial: 3 }, inputs: new Map() })).toEqual([]);
  expect(states.locks.size).toBe(0);
});

test('a second bootstrap applies nothing and leaves a record where an older one left none', async () => {
  const states = new MemoryStates();
  const { unit } = unitOf(network());
  states.put(unit.backend.key, 'lineage', 7);
  const { outcome } = started(states, network(), false, async () => {
    throw new Error('nothing was to be applied');
  });
  expect(await outcome).toBe('unchanged');
  expect(states.written.map(({ status, state }) => [status, state])).toEqual([['applied', { lineage: 'lineage', serial: 7 }]]);
});

test('a bootstrap that fails is recorded as failed, and its error is what is raised', async () => {
  const states = new MemoryStates();
  const { key, files, outcome } = started(states, network(), true, async () => {
    states.put(key, 'lineage', 1);
    throw new Error('AccessDenied');
  });
  await expect(outcome).rejects.toThrow('AccessDenied');
  const record = states.records.get(key);
  expect(record).toMatchObject({ status: 'failed', state: { lineage: 'lineage', serial: 1 } });
  expect(unappliedReasons({ files, record, state: { lineage: 'lineage', serial: 1 }, inputs: new Map() })).toEqual([
    'the last apply failed (a bootstrap)',
  ]);
  expect(states.locks.size).toBe(0);
});

test('what it read from other states is in the record', async () => {
  const states = new MemoryStates();
  const upstream = unitOf(network()).unit;
  states.put(upstream.backend.key, 'upstream', 2, { subnet_id: 'subnet-1' });
  const { key, outcome } = started(states, service(), true, async () => states.put(key, 'lineage', 1));
  await outcome;
  expect(states.records.get(key)?.consumed).toEqual([
    { unit: upstream.path, lineage: 'upstream', outputs: ['subnet_id'], digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ]);
});

test('a lock that somebody holds stops it before it plans', async () => {
  const states = new MemoryStates();
  const { unit } = unitOf(network());
  states.locks.set(unit.backend.key, 'somebody');
  const error = await errorOf(started(states, network(), true, async () => undefined).outcome);
  expect([codesOf(error), states.written]).toEqual([['E4401'], []]);
});
