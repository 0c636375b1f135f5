import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { neededInit } from '../../../terrace/delivery/terraform/kept-init';
import { openShop, type Shop } from '../../_helpers/shop';
import { network, shopJson } from '../../_helpers/shop-tree';

// A unit of its own, so that no init of another test's is there.
const unit = { ...network(), id: `network/vpc-${randomBytes(4).toString('hex')}` };

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
}, 600_000);
afterAll(() => shop.dispose());

/** Plans the unit; gives the commands that terraform ran. */
async function commands(): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  const real = await shop.context();
  const report = await shop.plan(
    [unit],
    {},
    {
      ...real,
      run: (run) => {
        seen.push(run.args[0]);
        return real.run(run);
      },
    },
  );
  expect(report.problems).toEqual([]);
  return seen;
}

test('a second plan of a unit takes over what init chose, and a kept init of another backend is not taken over', async () => {
  expect(await commands()).toEqual(['init', 'plan', 'show']);
  expect(await commands()).toEqual(['plan', 'show']);
  const context = await shop.context();
  const kept = neededInit(context, new Map([['main.tf.json', Buffer.from(JSON.stringify(shopJson(unit)))]]), shop.env, [
    'init',
    '-input=false',
    '-no-color',
  ]);
  if (kept === undefined) throw new Error('nothing kept');
  const text = readFileSync(kept.file, 'utf8');
  writeFileSync(kept.file, text.replaceAll('eu-central-1', 'eu-west-1'));
  expect(await commands()).toEqual(['init', 'plan', 'show']);
  expect(await commands()).toEqual(['plan', 'show']);
}, 600_000);
