import { expect, test } from '@jest/globals';

import { isUnmoved, previousState, refuseUnmoved } from '../../../terrace/delivery/target/moved-state';
import { targetOf } from '../../../terrace/delivery/target/target-of';
import { parseState } from '../../../terrace/delivery/record/states';
import { fakeDelivery, MemoryStates } from '../../_helpers/delivery-fakes';
import { codesOf, errorOf } from '../../_helpers/shop';
import { network, service, shopModel, shopPath, type ShopUnit } from '../../_helpers/shop-tree';

const newKey = 'dev/eu-central-1/network/main/terraform.tfstate';
const oldKey = 'dev/eu-central-1/network/vpc/terraform.tfstate';
const moved: ShopUnit = { ...network(), id: 'network/main', movedFrom: 'network/vpc' };

function modelWith(...units: readonly ShopUnit[]) {
  const model = shopModel(units);
  const unit = model.units.find((one) => one.path === shopPath('network/main'));
  if (unit === undefined) throw new Error('no unit');
  return { model, unit };
}

/** States by their keys: a lineage, and how many resources it holds. */
function statesWith(states: { readonly [key: string]: readonly [string, number] }): MemoryStates {
  const memory = new MemoryStates();
  for (const [key, [lineage, count]] of Object.entries(states)) {
    const resources = Array.from({ length: count }, (_, index) => ({ type: 'terraform_data', name: `r${index}` }));
    const text = JSON.stringify({ version: 4, terraform_version: '1.11.4', lineage, serial: 3, outputs: {}, resources });
    memory.states.set(
      key,
      parseState(text, { path: key, backend: { bucket: 'b', key, region: 'eu-central-1', kmsKeyId: '', useLockfile: false } }),
    );
  }
  return memory;
}

test('the old place of a moved unit lies beside it, however short movedFrom is', () => {
  for (const movedFrom of ['network/vpc', shopPath('network/vpc')]) {
    const { model, unit } = modelWith({ ...moved, movedFrom });
    const previous = previousState(model, unit);
    expect([previous?.target.path, previous?.target.backend.key]).toEqual([shopPath('network/vpc'), oldKey]);
  }
});

test('a unit of an environment that is gone is looked for in the bucket of the one that came from it', () => {
  const { model, unit } = modelWith({ ...moved, movedFrom: 'shop/test/eu-central-1/network/vpc' });
  expect(previousState(model, unit)?.target.backend.key).toBe('test/eu-central-1/network/vpc/terraform.tfstate');
});

test('the old place is that of another unit where one stands there now; nothing has moved where the unit itself does', () => {
  const taken = previousState(modelWith(moved, network()).model, modelWith(moved).unit);
  expect([taken?.target.path, taken?.beside.path]).toEqual([shopPath('network/vpc'), shopPath('network/vpc')]);
  const { model, unit } = modelWith({ ...moved, movedFrom: 'network/main' });
  expect(previousState(model, unit)).toBeUndefined();
});

test.each<[string, { readonly [key: string]: readonly [string, number] }, boolean]>([
  ['the old state stands and there is no new one', { [oldKey]: ['a', 2] }, true],
  ['the old state stands and the new one is empty', { [oldKey]: ['a', 2], [newKey]: ['b', 0] }, true],
  ['nothing was ever applied', {}, false],
  ['the old state is empty', { [oldKey]: ['a', 0] }, false],
  ['the state has arrived', { [newKey]: ['a', 2] }, false],
  ['the new place has resources', { [oldKey]: ['a', 2], [newKey]: ['b', 2] }, false],
])('a unit waits for its state: %s', async (_, states, expected) => {
  const { model, unit } = modelWith(moved);
  const previous = previousState(model, unit);
  if (previous === undefined) throw new Error('no previous state');
  expect(await isUnmoved(fakeDelivery({ states: statesWith(states) }), unit, {}, previous)).toBe(expected);
});

test('its plan is refused with 3 and the exact command, to apply and to destroy', async () => {
  const { model, unit } = modelWith(moved, service());
  const delivery = fakeDelivery({ states: statesWith({ [oldKey]: ['a', 2] }) });
  for (const operation of ['apply', 'destroy'] as const) {
    const error = await errorOf(refuseUnmoved(delivery, targetOf(model, unit, new Map(), operation), {}));
    expect([codesOf(error), error.exitCode]).toEqual([['E6041'], 3]);
    expect(error.problems[0]?.todo).toContain(`terrace state move ${shopPath('network/vpc')} ${shopPath('network/main')}`);
  }
  const other = model.units.find((one) => one.path === shopPath('compute/api'));
  if (other === undefined) throw new Error('no unit');
  await refuseUnmoved(delivery, targetOf(model, other, new Map(), 'apply'), {});
});
