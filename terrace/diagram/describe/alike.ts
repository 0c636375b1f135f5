import type { UnitNode } from '../read/graph';

/** Regions that are made alike: the first one is drawn for all. */
export interface Alike {
  readonly drawn: string;
  readonly others: readonly string[];
}

/** Regions of a system that have the same units and the same dependencies among them, by path, in groups of two or more. */
export function alikeRegions(units: readonly UnitNode[]): readonly Alike[] {
  const regions = new Map<string, string[]>();
  for (const { unit, planned } of units) {
    const region = `${unit.system}/${unit.environment}/${unit.region}`;
    const inside = unit.dependencies.map((one) => one.unit).filter((one) => one.startsWith(`${region}/`));
    const line = `${planned ? 'planned ' : ''}${unit.layer}/${unit.name} < ${inside
      .map((one) => one.slice(region.length))
      .sort()
      .join(' ')}`;
    regions.set(region, [...(regions.get(region) ?? []), line]);
  }
  const groups = new Map<string, string[]>();
  for (const [region, lines] of regions) {
    const key = `${region.split('/')[0] ?? ''}\n${lines.sort().join('\n')}`;
    groups.set(key, [...(groups.get(key) ?? []), region]);
  }
  return [...groups.values()].flatMap(([drawn, ...others]): Alike[] =>
    drawn === undefined || others.length === 0 ? [] : [{ drawn, others }],
  );
}
