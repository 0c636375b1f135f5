import { expect, test } from '@jest/globals';

import type { OutputChanges } from '../../../terrace/delivery/plan/deferral';
import type { PlanTarget } from '../../../terrace/delivery/target/plan-target';
import type { UnitPlanning } from '../../../terrace/delivery/plan/plan-unit';
import { withoutExcluded } from '../../../terrace/delivery/plan/excluded';
import { network, reads, service, shopJson, shopModel, shopPath, type ShopUnit } from '../../_helpers/shop-tree';

const vpc = shopPath('network/vpc');
const api = shopPath('compute/api');
const board = shopPath('monitoring/board');
const units: readonly ShopUnit[] = [
  { id: 'monitoring/board', json: { locals: { api: reads('compute/api', 'address') } }, reads: { 'compute/api': ['address'] } },
  service(),
  network(),
];

function targets(operation: PlanTarget['operation'] = 'apply'): readonly PlanTarget[] {
  return shopModel(units).units.map((unit) => {
    const definition = units.find((one) => shopPath(one.id) === unit.path);
    if (definition === undefined) throw new RangeError(unit.path);
    const files = new Map([['main.tf.json', Buffer.from(JSON.stringify(shopJson(definition)))]]);
    return { unit, operation, files, access: { stateAccount: '123456789012', credentials: { kind: 'ambient' } } };
  });
}

/** What a unit's planning gives, as far as its dependents look at it. */
function planned(unit: string, outputs: OutputChanges): UnitPlanning {
  const target = targets().find((one) => one.unit.path === unit);
  if (target === undefined) throw new RangeError(unit);
  return {
    kind: 'planned',
    outputs,
    lost: { destroyed: [], replaced: [] },
    remarks: [],
    parts: { files: new Map(), masked: new Uint8Array(), encrypted: new Uint8Array() },
    seconds: 1,
    entry: {
      unit: target.unit,
      environment: target.access,
      operation: 'apply',
      files: [],
      contentDigest: '',
      lockFile: null,
      state: { lineage: 'l', serial: 1 },
      consumed: [],
      plan: null,
      show: { sha256: '', size: 0 },
      masked: { sha256: '', size: 0 },
      encrypted: { sha256: '', size: 0 },
      actions: { create: 0, update: 0, replace: 0, destroy: 0, read: 0, import: 0, move: 0, forget: 0, outputs: 0 },
      unchanged: true,
      mocks: [],
    },
  };
}

const same = { actions: ['no-op'], before: 'x', after: 'x' };
const outputs = { subnet_ids: same, subnet_id: same, vpc_id: same, address: same };
const kinds = (results: ReadonlyMap<string, UnitPlanning>): { readonly [unit: string]: string } =>
  Object.fromEntries([...results].map(([unit, result]) => [unit, 'reason' in result ? `${result.kind}: ${result.reason}` : result.kind]));

test('what was planned beside an upstream that changes nothing stays', () => {
  const results = new Map([
    [board, planned(board, {})],
    [api, planned(api, outputs)],
    [vpc, planned(vpc, outputs)],
  ]);
  expect(kinds(withoutExcluded(targets(), results, false))).toEqual({ [vpc]: 'planned', [api]: 'planned', [board]: 'planned' });
});

test('what was planned beside an upstream that failed at its end is left out, and everything behind it', () => {
  const results = new Map<string, UnitPlanning>([
    [board, planned(board, {})],
    [api, planned(api, outputs)],
    [vpc, { kind: 'failed', problems: [], exitCode: 1 }],
  ]);
  expect(kinds(withoutExcluded(targets(), results, false))).toEqual({
    [vpc]: 'failed',
    [api]: `skipped: ${vpc} could not be planned`,
    [board]: `skipped: ${api} could not be planned`,
  });
});

test('G6: what was planned beside an upstream whose outputs change after all is deferred', () => {
  const [read = ''] = Object.values(service().reads ?? {}).flat();
  const changed = { ...outputs, [read]: { actions: ['update'], before: 'x', after: 'y' } };
  const results = new Map([
    [board, planned(board, {})],
    [api, planned(api, outputs)],
    [vpc, planned(vpc, changed)],
  ]);
  expect(kinds(withoutExcluded(targets(), results, false))).toEqual({
    [vpc]: 'planned',
    [api]: `deferred: ${read} of ${vpc} changes`,
    [board]: `deferred: ${api} is itself deferred`,
  });
});

test('a unit is not destroyed while one that needs it could not be planned', () => {
  const results = new Map<string, UnitPlanning>([
    [board, { kind: 'failed', problems: [], exitCode: 1 }],
    [api, planned(api, {})],
    [vpc, planned(vpc, {})],
  ]);
  expect(kinds(withoutExcluded(targets('destroy'), results, false))).toEqual({
    [board]: 'failed',
    [api]: `deferred: kept because ${board} still needs it`,
    [vpc]: `deferred: kept because ${api} still needs it`,
  });
});
