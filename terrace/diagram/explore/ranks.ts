/**
 * The column of each of some things that arrows join: behind everything that leads to it, those without arrows in the first. An arrow
 * that closes a circle counts for nothing, in the order in which things are given.
 */
export function ranksOf(items: readonly number[], arrows: readonly (readonly [from: number, to: number])[]): ReadonlyMap<number, number> {
  const next = new Map<number, number[]>(items.map((item) => [item, []]));
  for (const [from, to] of arrows) if (next.has(to)) next.get(from)?.push(to);
  const done = new Set<number>();
  const busy = new Set<number>();
  const order: number[] = [];
  const kept = new Map<number, number[]>();
  const visit = (item: number): void => {
    busy.add(item);
    for (const to of next.get(item) ?? []) {
      if (busy.has(to)) continue;
      kept.set(item, [...(kept.get(item) ?? []), to]);
      if (!done.has(to)) visit(to);
    }
    busy.delete(item);
    done.add(item);
    order.push(item);
  };
  for (const item of items) if (!done.has(item)) visit(item);
  const ranks = new Map<number, number>(items.map((item) => [item, 0]));
  for (const item of order.toReversed()) {
    for (const to of kept.get(item) ?? []) ranks.set(to, Math.max(ranks.get(to) ?? 0, (ranks.get(item) ?? 0) + 1));
  }
  return ranks;
}
