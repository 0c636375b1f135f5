import { kindOf, kindOfLayer, providerOf, type Kind } from './kinds';

const helpers = new Set(['random', 'tls', 'time', 'null', 'local', 'archive', 'terraform']);

/** The provider of most of a unit's resources; helpers count only where there is nothing else. */
export function mainProvider(types: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(providerOf(type), (counts.get(providerOf(type)) ?? 0) + (helpers.has(providerOf(type)) ? 0.001 : 1));
  return [...counts].sort((left, right) => right[1] - left[1])[0]?.[0];
}

/** The kind of a unit: what its name says, else what most of its resources are, else its layer's. */
export function kindOfUnit(layer: string, name: string, types: readonly string[]): Kind {
  const named = kindOf(`unit_${name.replaceAll('-', '_')}`);
  if (named !== 'resource') return named;
  const counts = new Map<Kind, number>();
  for (const type of types) counts.set(kindOf(type), (counts.get(kindOf(type)) ?? 0) + 1);
  return [...counts].sort((left, right) => right[1] - left[1])[0]?.[0] ?? kindOfLayer(layer);
}
