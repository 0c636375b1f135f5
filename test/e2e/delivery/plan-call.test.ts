import { existsSync } from 'node:fs';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { TerraceError } from '../../../terrace/base/errors';
import { plan, type PlanRequest } from '../../../terrace/delivery';
import { inOrder } from '../../_helpers/in-order';
import { openShop, type Shop } from '../../_helpers/shop';
import { network, service, shopPath } from '../../_helpers/shop-tree';

const test = inOrder();

let shop: Shop;
let request: Pick<PlanRequest, 'tree' | 'recipients'>;
beforeAll(async () => {
  shop = await openShop();
  shop.write([network(), service()]);
  request = { tree: shop.at('live'), recipients: [shop.keys.age.recipient] };
}, 600_000);
afterAll(() => shop.dispose());

test('one call leads from selectors to a sealed bundle', async () => {
  const out = shop.at('whole');
  const planned = await plan(await shop.context(), { ...request, selectors: ['shop/dev'], out });
  expect([planned.place, planned.bundle.units.map(({ unit }) => unit.path), planned.bundle.deferred.map(({ unit }) => unit)]).toEqual([
    out,
    [shopPath('network/vpc')],
    [shopPath('compute/api')],
  ]);
  expect(existsSync(shop.at('whole', 'bundle.json'))).toBe(true);
}, 600_000);

test('a wave without units and a selector that names nothing are refused before anything is planned', async () => {
  const context = await shop.context();
  await expect(plan(context, { ...request, selectors: [], wave: 7, out: shop.at('none') })).rejects.toThrow('E6066');
  await expect(plan(context, { ...request, selectors: ['shop/absent'], out: shop.at('none') })).rejects.toThrow('E120');
  expect(existsSync(shop.at('none'))).toBe(false);
});

test('what judges the targets refuses before terraform runs, and what judges the bundle leaves none behind', async () => {
  const context = await shop.context();
  const problem = { code: 'E9999', title: 'refused', found: 'x', todo: 'y' };
  const before = shop.events.length;
  const refused = plan(context, { ...request, selectors: [], out: shop.at('a'), judge: async () => ({ problems: [problem] }) });
  await expect(refused).rejects.toThrow(TerraceError);
  expect(shop.events).toHaveLength(before);
  const denied = plan(context, { ...request, selectors: [], out: shop.at('a'), judge: async () => ({ denials: async () => [problem] }) });
  await expect(denied).rejects.toThrow('E9999');
  expect([existsSync(shop.at('a')), shop.events.length > before]).toEqual([false, true]);
}, 600_000);
