import { beforeAll, expect, test } from '@jest/globals';

import type { Bundle } from '../../../terrace/delivery/bundle/bundle';
import { mergeBundles } from '../../../terrace/delivery/bundle/merge';
import { verifyContent, type VerifiedBundle } from '../../../terrace/delivery/bundle/verify';
import { newCast, sealedBundle, type Cast } from '../../_helpers/sealed-bundle';
import { codesOf } from '../../_helpers/shop';
import { network, shopPath } from '../../_helpers/shop-tree';

let cast: Cast;
beforeAll(async () => {
  cast = await newCast();
});

async function shard(index: number, count: number, id: string, change: Partial<Bundle> = {}): Promise<VerifiedBundle> {
  return verifyContent(
    await sealedBundle(
      { units: [{ unit: { ...network(), id } }], change: (bundle) => ({ ...bundle, shard: { index, count }, ...change }) },
      cast,
    ),
  );
}

function refusal(bundles: readonly VerifiedBundle[]): string {
  let thrown: unknown;
  try {
    mergeBundles(bundles, 'merged');
  } catch (error) {
    thrown = error;
  }
  expect(codesOf(thrown)).toEqual(['E6026']);
  expect(thrown).toMatchObject({ exitCode: 3 });
  return String(thrown);
}

test('the shards of one wave become one bundle, whole in itself', async () => {
  const merged = await verifyContent(
    mergeBundles([await shard(2, 2, 'storage/db'), await shard(1, 2, 'network/vpc', { expiresAt: '2026-11-21T12:00:00.000Z' })], 'merged'),
  );
  expect(merged.bundle.units.map((entry) => entry.unit.path)).toEqual([shopPath('network/vpc'), shopPath('storage/db')]);
  expect([merged.bundle.shard, merged.bundle.expiresAt]).toEqual([null, '2026-11-21T12:00:00.000Z']);
});

test('gaps, repetitions, overlaps and whole bundles are refused', async () => {
  const [one, two] = [await shard(1, 3, 'network/vpc'), await shard(2, 3, 'storage/db')];
  expect(refusal([one, two])).toContain('shard 3/3 is missing');
  expect(refusal([one, two, await shard(2, 3, 'storage/queue')])).toContain('shard 2 is given twice');
  expect(refusal([one, two, await shard(3, 3, 'network/vpc')])).toContain(`${shopPath('network/vpc')} is in`);
  expect(refusal([await verifyContent(await sealedBundle({ units: [] }, cast))])).toContain('is not a shard');
  expect(refusal([])).toContain('no bundle is given');
});

test.each<[string, Partial<Bundle>]>([
  ['commit', { commit: 'f'.repeat(40) }],
  ['terraform', { terraform: { name: 'tofu', version: '1.8.0' } }],
  ['round', { round: 2 }],
  ['selection', { selection: 'a'.repeat(64) }],
  ['base', { rules: { base: 'other', files: [] } }],
])('shards that differ in %s are refused', async (aspect, change) => {
  expect(refusal([await shard(1, 2, 'network/vpc'), await shard(2, 2, 'storage/db', change)])).toContain(`they differ in ${aspect}`);
});
