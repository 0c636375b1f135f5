/** Something that comes after others, named by its path. */
export interface Ordered {
  readonly path: string;
  readonly dependencies: readonly { readonly unit: string }[];
}

/**
 * The wave of each unit: 0 where it depends on nothing among `units`, else one more than its latest dependency.
 * Dependencies outside `units` do not count. Linear in units and edges.
 * Raises a RangeError for a cycle, which the tree has refused before.
 */
export function wavesOf(units: readonly Ordered[]): ReadonlyMap<string, number> {
  const byPath = new Map(units.map((unit) => [unit.path, unit]));
  const waves = new Map<string, number>();
  const dependents = new Map<string, string[]>();
  const missing = new Map<string, number>();
  let ready: string[] = [];
  for (const { path, dependencies } of units) {
    const inside = dependencies.filter(({ unit }) => byPath.has(unit));
    for (const { unit } of inside) {
      const list = dependents.get(unit);
      if (list === undefined) dependents.set(unit, [path]);
      else list.push(path);
    }
    missing.set(path, inside.length);
    if (inside.length === 0) ready.push(path);
  }
  for (let wave = 0; ready.length > 0; wave += 1) {
    const next: string[] = [];
    for (const path of ready) {
      waves.set(path, wave);
      for (const dependent of dependents.get(path) ?? []) {
        const left = (missing.get(dependent) ?? 0) - 1;
        missing.set(dependent, left);
        if (left === 0) next.push(dependent);
      }
    }
    ready = next;
  }
  if (waves.size < byPath.size) throw new RangeError(`cycle among ${[...byPath.keys()].filter((path) => !waves.has(path)).join(', ')}`);
  return waves;
}

/** The units grouped by wave, each wave in the order of `units`. */
export function groupByWave<U extends Ordered>(units: readonly U[]): readonly (readonly U[])[] {
  const waves = wavesOf(units);
  const groups: U[][] = [];
  for (const unit of units) (groups[waves.get(unit.path) ?? 0] ??= []).push(unit);
  return groups;
}
