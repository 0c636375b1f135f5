import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../../_helpers/in-order';
import { openShop, type Shop } from '../../_helpers/shop';
import { network, service, shopPath } from '../../_helpers/shop-tree';

const test = inOrder();

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
}, 600_000);
afterAll(() => shop.dispose());

test('an empty environment is deployed in as many rounds as its dependencies need', async () => {
  const report = await shop.deploy([network(), service()]);
  expect(report.problems).toEqual([]);
  expect(report.units.map(({ unit, round, status, actions }) => [unit, round, status, actions.create])).toEqual([
    [shopPath('compute/api'), 2, 'applied', 1],
    [shopPath('network/vpc'), 1, 'applied', 2],
  ]);
}, 600_000);

test('a second deploy changes nothing, in one round', async () => {
  const report = await shop.deploy([network(), service()]);
  expect(report.units.map(({ unit, round, status }) => [unit, round, status])).toEqual([
    [shopPath('compute/api'), 1, 'unchanged'],
    [shopPath('network/vpc'), 1, 'unchanged'],
  ]);
}, 600_000);

test('a replaced subnet takes its dependents along, in a second round', async () => {
  const report = await shop.deploy([network({ cidr: '10.0.1.0/24' }), service()]);
  expect(report.units.map(({ unit, round, status, actions }) => [unit, round, status, actions.replace, actions.update])).toEqual([
    [shopPath('compute/api'), 2, 'applied', 0, 1],
    [shopPath('network/vpc'), 1, 'applied', 1, 0],
  ]);
  const again = await shop.deploy([network({ cidr: '10.0.1.0/24' }), service()]);
  expect(again.units.every((unit) => unit.status === 'unchanged')).toBe(true);
}, 600_000);
