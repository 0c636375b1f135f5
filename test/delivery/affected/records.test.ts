import { expect, test } from '@jest/globals';

import { affectedByRecords } from '../../../terrace/delivery/affected/affected';
import type { Tree } from '../../../terrace/delivery/tree/load-tree';
import { joinTrees } from '../../../terrace/delivery/affected/orphan-trees';
import type { InspectedUnit } from '../../../terrace/delivery/inspection/inspect-units';
import type { AppliedRecord } from '../../../terrace/delivery/record/record';
import { network, service, shopModel, shopPath, type ShopUnit } from '../../_helpers/shop-tree';

const record: AppliedRecord = {
  version: 1,
  unit: shopPath('compute/api'),
  status: 'applied',
  commit: 'c'.repeat(40),
  files: 'a'.repeat(64),
  bundle: 'b'.repeat(64),
  round: 1,
  state: { lineage: 'l', serial: 1 },
  consumed: [{ unit: shopPath('network/gone'), lineage: 'm', outputs: ['id'], digest: 'd'.repeat(64) }],
  salt: 'e'.repeat(64),
  at: '2026-11-21T10:00:00.000Z',
  terraform: 'terraform 1.11.4',
};

function inspected(units: readonly ShopUnit[], id: string, changes: Partial<InspectedUnit>): InspectedUnit {
  const unit = shopModel(units).units.find((one) => one.path === shopPath(id));
  if (unit === undefined) throw new Error(id);
  return {
    unit,
    record: undefined,
    state: undefined,
    reasons: [],
    holder: undefined,
    movesFrom: undefined,
    worker: undefined,
    refusals: [],
    notes: [],
    problems: [],
    exitCode: 0,
    ...changes,
  };
}

const place = { bucket: 'b', key: 'k', record: undefined };

test('G11: an orphan is destroyed, after what read it when it was applied', () => {
  const units = [network(), service()];
  const report = affectedByRecords(
    shopModel(units),
    [inspected(units, 'compute/api', { record, reasons: ['its files differ'] })],
    [{ ...place, unit: shopPath('network/gone'), record: { ...record, unit: shopPath('network/gone'), consumed: [] } }],
  );
  expect(report.units.map(({ unit, change, operation, neededBy }) => [unit, change, operation, neededBy])).toEqual([
    [shopPath('compute/api'), 'unapplied', 'apply', undefined],
    [shopPath('network/gone'), 'deleted', 'destroy', [shopPath('compute/api')]],
  ]);
});

test('a state that waits to be moved is not destroyed; its unit is moved, and what reads it comes along', () => {
  const units = [network(), service()];
  const report = affectedByRecords(
    shopModel(units),
    [inspected(units, 'network/vpc', { movesFrom: shopPath('network/old'), reasons: ['its state moves here'] })],
    [{ ...place, unit: shopPath('network/old'), movesTo: shopPath('network/vpc') }],
  );
  expect(report.units.map(({ unit, change, operation, from }) => [unit, change, operation, from])).toEqual([
    [shopPath('compute/api'), 'dependent', 'apply', undefined],
    [shopPath('network/vpc'), 'moved', 'apply', shopPath('network/old')],
  ]);
});

test('trees of several commits are one, with every environment that one of them knows', () => {
  const tree = (id: string, environment: string): Tree => {
    const model = shopModel([{ ...network(), id }], { environment });
    return { model, files: new Map(model.units.map((unit) => [unit.path, new Map([['main.tf.json', Buffer.from(id)]])])) };
  };
  const joined = joinTrees([tree('network/b', 'prod'), tree('network/a', 'dev'), tree('network/c', 'dev')]);
  expect(joined?.model.units.map((unit) => unit.path)).toEqual([
    shopPath('network/a'),
    shopPath('network/c'),
    shopPath('network/b', 'prod'),
  ]);
  expect(joined?.model.systems.map((system) => [system.name, system.environments.map(({ name }) => name)])).toEqual([
    ['shop', ['dev', 'prod']],
  ]);
  expect([...(joined?.files.keys() ?? [])].length).toBe(3);
  expect(joinTrees([])).toBeUndefined();
});
