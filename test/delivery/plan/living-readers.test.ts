import { beforeAll, expect, test } from '@jest/globals';

import type { BundleUnit } from '../../../terrace/delivery/bundle/bundle';
import { verifyContent } from '../../../terrace/delivery/bundle/verify';
import { withLivingReaders } from '../../../terrace/delivery/plan/living-readers';
import type { PlannedUnit, UnitPlanning } from '../../../terrace/delivery/plan/plan-unit';
import type { PlanTarget } from '../../../terrace/delivery/target/plan-target';
import { newCast, sealedBundle } from '../../_helpers/sealed-bundle';
import { network, service, shopModel, shopPath, type ShopUnit } from '../../_helpers/shop-tree';

const [vpc, api] = [shopPath('network/vpc'), shopPath('compute/api')];
let entry: BundleUnit;
beforeAll(async () => {
  const [first] = (await verifyContent(await sealedBundle({ units: [{ unit: network() }] }, await newCast()))).bundle.units;
  if (first === undefined) throw new Error('no unit');
  entry = first;
});

const planned = (destroyed: readonly string[] = []): PlannedUnit => ({
  kind: 'planned',
  entry,
  parts: { files: new Map(), masked: new Uint8Array(), encrypted: new Uint8Array() },
  outputs: {},
  lost: { destroyed, replaced: [] },
  remarks: [],
  seconds: 0,
});

function targets(units: readonly ShopUnit[], gone: readonly string[] = []): readonly PlanTarget[] {
  return shopModel(units).units.map((unit) => ({
    unit,
    access: { stateAccount: '123456789012', credentials: { kind: 'ambient' } },
    files: new Map([['main.tf.json', Buffer.from(JSON.stringify(units.find(({ id }) => unit.path.endsWith(id))?.json))]]),
    operation: gone.includes(unit.path) ? 'destroy' : 'apply',
  }));
}

/** Somebody applied compute/api, which reads the subnet. */
const readers = { of: (unit: string) => (unit === vpc ? [{ unit: api, outputs: ['subnet_id'] }] : []), remarks: [] };
const verdict = (all: readonly PlanTarget[], results: readonly (readonly [string, UnitPlanning])[]) => {
  const found = withLivingReaders(all, new Map(results), readers);
  const result = found.results.get(vpc);
  return {
    kind: result?.kind,
    code: result?.kind === 'failed' ? result.problems[0]?.code : undefined,
    first: [...(found.first.get(vpc) ?? [])],
  };
};

test('G15: what an applied unit outside of the plan reads is not destroyed', () => {
  const alone = targets([network()], [vpc]);
  expect(verdict(alone, [[vpc, planned()]])).toMatchObject({ kind: 'failed', code: 'E6050' });
  expect(verdict(targets([network()]), [[vpc, planned(['subnet_id'])]])).toMatchObject({ kind: 'failed', code: 'E6050' });
  expect(verdict(targets([network()]), [[vpc, planned(['vpc_id'])]])).toMatchObject({ kind: 'planned' });
});

test('G15: a reader that leaves it is applied first; where one waits, it stays', () => {
  const leaving = targets([network(), { ...service(), reads: {}, json: { output: {} } }]);
  expect(
    verdict(leaving, [
      [vpc, planned(['subnet_id'])],
      [api, planned()],
    ]),
  ).toMatchObject({ kind: 'planned', first: [api] });
  expect(
    verdict(leaving, [
      [vpc, planned(['subnet_id'])],
      [api, { kind: 'deferred', upstream: 'another', outputs: [], reason: 'waits' }],
    ]),
  ).toMatchObject({ kind: 'deferred' });
});
