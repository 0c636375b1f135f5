import { TerraceError, exitCodes } from '../../base/errors';
import { canonicalText } from '../../base/canonical';
import { problem } from '../problems';

import { bundleFile, type Bundle } from './bundle';
import { contentOf, type BundleContent } from './content';
import type { VerifiedBundle } from './verify';

/**
 * Joins the shards of one round into one bundle. Raises E6026 (exit 3) with every reason why they do not fit: a shard that is missing or
 * given twice, a unit in two of them, another commit, base, terraform, round or selection. Needs no key. Pure.
 */
export function mergeBundles(bundles: readonly VerifiedBundle[], place: string): BundleContent {
  const [first] = bundles;
  const found: string[] =
    first === undefined ? ['no bundle is given'] : [...disagreements(first.bundle, bundles), ...shards(bundles), ...overlaps(bundles)];
  if (first === undefined || found.length > 0)
    throw new TerraceError(
      problem('E6026', { found: found.join('\n'), todo: 'merge all shards of one plan, 1/n to n/n' }),
      exitCodes.refused,
    );
  const all = bundles.map(({ bundle }) => bundle);
  const merged: Bundle = {
    ...first.bundle,
    dirty: all.some((bundle) => bundle.dirty),
    authors: [...new Set(all.flatMap((bundle) => bundle.authors))].toSorted(),
    rules: all.some((bundle) => bundle.rules === null)
      ? null
      : { base: first.bundle.rules?.base ?? '', files: [...new Set(all.flatMap((bundle) => bundle.rules?.files ?? []))].toSorted() },
    createdAt: all.map((bundle) => bundle.createdAt).toSorted()[0] ?? first.bundle.createdAt,
    expiresAt: all.map((bundle) => bundle.expiresAt).toSorted()[0] ?? first.bundle.expiresAt,
    shard: null,
    units: all.flatMap((bundle) => bundle.units).toSorted((a, b) => (a.unit.path < b.unit.path ? -1 : 1)),
    deferred: all.flatMap((bundle) => bundle.deferred).toSorted((a, b) => (a.unit < b.unit ? -1 : 1)),
    failed: all.flatMap((bundle) => bundle.failed).toSorted((a, b) => (a.unit < b.unit ? -1 : 1)),
  };
  const remarks = all.flatMap((bundle) => bundle.remarks ?? []);
  const files = new Map(bundles.flatMap(({ content }) => [...content.files].filter(([name]) => name !== bundleFile)));
  files.set(bundleFile, Buffer.from(canonicalText(remarks.length === 0 ? merged : { ...merged, remarks })));
  return contentOf(place, files);
}

function disagreements(first: Bundle, bundles: readonly VerifiedBundle[]): readonly string[] {
  const aspects: readonly (readonly [string, (bundle: Bundle) => unknown])[] = [
    ['commit', (bundle) => bundle.commit],
    ['base', (bundle) => bundle.rules?.base ?? null],
    ['terraform', (bundle) => `${bundle.terraform.name} ${bundle.terraform.version}`],
    ['round', (bundle) => bundle.round],
    ['selection', (bundle) => bundle.selection],
    ['what they cover', (bundle) => canonicalText(bundle.covers ?? [])],
    ['what they supersede', (bundle) => bundle.supersedes ?? null],
    ['number of shards', (bundle) => bundle.shard?.count ?? null],
  ];
  return aspects
    .flatMap(([name, of]) => {
      const values = new Set(bundles.map(({ bundle }) => String(of(bundle))));
      return values.size > 1 ? [`they differ in ${name}: ${[...values].join(', ')}`] : [];
    })
    .concat(first.commit === null ? ['they name no commit'] : []);
}

function shards(bundles: readonly VerifiedBundle[]): readonly string[] {
  const found: string[] = [];
  const seen = new Map<number, string>();
  for (const { bundle, content } of bundles) {
    if (bundle.shard === null) found.push(`${content.place} is not a shard`);
    else if (seen.has(bundle.shard.index))
      found.push(`shard ${bundle.shard.index} is given twice: ${seen.get(bundle.shard.index) ?? ''} and ${content.place}`);
    else seen.set(bundle.shard.index, content.place);
  }
  const count = bundles[0]?.bundle.shard?.count ?? 0;
  for (let index = 1; index <= count; index++) if (!seen.has(index)) found.push(`shard ${index}/${count} is missing`);
  return found;
}

function overlaps(bundles: readonly VerifiedBundle[]): readonly string[] {
  const owner = new Map<string, string>();
  const found: string[] = [];
  for (const { bundle, content } of bundles) {
    for (const { unit } of bundle.units) {
      const other = owner.get(unit.path);
      if (other !== undefined) found.push(`${unit.path} is in ${other} and in ${content.place}`);
      owner.set(unit.path, content.place);
    }
  }
  return found;
}
