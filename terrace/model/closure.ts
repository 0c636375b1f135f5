import type { Ordered } from './waves';

/** The paths and everything they depend on, directly or not, in the order of `units`. */
export function withDependencies<U extends Ordered>(units: readonly U[], paths: readonly string[]): readonly U[] {
  const byPath = new Map(units.map((unit) => [unit.path, unit]));
  return within(units, paths, (path) => byPath.get(path)?.dependencies.map(({ unit }) => unit) ?? []);
}

/** The paths and everything that depends on them, directly or not, in the order of `units`. */
export function withDependents<U extends Ordered>(units: readonly U[], paths: readonly string[]): readonly U[] {
  const dependents = new Map<string, string[]>();
  for (const { path, dependencies } of units)
    for (const { unit } of dependencies) {
      const list = dependents.get(unit);
      if (list === undefined) dependents.set(unit, [path]);
      else list.push(path);
    }
  return within(units, paths, (path) => dependents.get(path) ?? []);
}

function within<U extends Ordered>(units: readonly U[], paths: readonly string[], next: (path: string) => readonly string[]): readonly U[] {
  const seen = new Set<string>(paths);
  const queue = [...paths];
  for (let path = queue.pop(); path !== undefined; path = queue.pop())
    for (const other of next(path))
      if (!seen.has(other)) {
        seen.add(other);
        queue.push(other);
      }
  return units.filter(({ path }) => seen.has(path));
}
