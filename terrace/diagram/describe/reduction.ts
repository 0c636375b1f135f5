/** An arrow as far as reachability goes. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
}

/**
 * The arrows without those that a longer way of other arrows already says: who can reach whom stays the same. Unique where there are no
 * cycles; in a cycle the earlier arrows go first. Of several between the same two, the first stays.
 */
export function reduced<T extends Arrow>(arrows: readonly T[]): readonly T[] {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of arrows) next.set(from, (next.get(from) ?? new Set()).add(to));
  const seen = new Set<string>();
  return arrows.filter(({ from, to }) => {
    const pair = JSON.stringify([from, to]);
    if (from === to || seen.has(pair)) return false;
    seen.add(pair);
    const targets = next.get(from) ?? new Set();
    targets.delete(to);
    if (reaches(next, from, to)) return false;
    targets.add(to);
    return true;
  });
}

/** True when some arrow leads back to where others came from. */
export function isCyclic(arrows: readonly Arrow[]): boolean {
  const next = new Map<string, Set<string>>();
  const incoming = new Map<string, number>();
  for (const { from, to } of arrows) {
    const targets = next.get(from) ?? new Set();
    if (!targets.has(to)) incoming.set(to, (incoming.get(to) ?? 0) + 1);
    next.set(from, targets.add(to));
  }
  const ready = [...next.keys()].filter((id) => !incoming.has(id));
  for (let at = ready.pop(); at !== undefined; at = ready.pop()) {
    for (const target of next.get(at) ?? []) {
      const left = (incoming.get(target) ?? 0) - 1;
      incoming.set(target, left);
      if (left === 0) ready.push(target);
    }
  }
  return [...incoming.values()].some((left) => left > 0);
}

function reaches(next: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  const seen = new Set([from]);
  const waiting = [from];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const target of next.get(at) ?? []) {
      if (target === to) return true;
      if (!seen.has(target)) {
        seen.add(target);
        waiting.push(target);
      }
    }
  }
  return false;
}
