import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { explain, type Explanation, type ValueLevel } from '../../tree/explain';
import type { SettingPoint } from '../../tree/observed-values';
import type { Region } from '../../tree/region';

/** The levels above a unit, each with the files that write it. */
export function levelsOf(region: Region, root: string): readonly ValueLevel[] {
  const { environment } = region;
  const system = `stacks/${environment.system.name}`;
  const read = (file: string, under?: string): ValueLevel['files'] => {
    const name = path.join(root, file);
    return existsSync(name) ? [{ file, source: readFileSync(name, 'utf8'), ...(under === undefined ? {} : { under }) }] : [];
  };
  return [
    { level: 'root', values: { ...environment.system.values }, files: read(`${system}/root.ts`) },
    {
      level: 'environment',
      values: { ...environment.values },
      files: [...read(`stacks/${environment.path}/env.ts`), ...read(`stacks/${environment.path}/account.ts`, 'account')],
    },
    { level: 'region', values: { ...region.values }, files: read(`stacks/${region.path}/region.ts`) },
  ];
}

/** Every setting that holds in a region. */
export function settingsOf(region: Region, root: string): readonly Explanation[] {
  return explain(levelsOf(region, root));
}

/** The point at which a setting of a region is observed. */
export function pointOf(region: Region, { level, setting }: Pick<Explanation, 'level' | 'setting'>): SettingPoint {
  const { environment } = region;
  return { level, setting, place: level === 'root' ? environment.system.name : level === 'environment' ? environment.path : region.path };
}

/** What other environments and regions of the system have in a setting's place, for values to try. */
export function valuesElsewhere(region: Region, { level, setting }: Pick<SettingPoint, 'level' | 'setting'>): readonly unknown[] {
  const { environments } = region.environment.system;
  const others =
    level === 'environment'
      ? environments.map(({ values }) => values)
      : level === 'region'
        ? environments.flatMap(({ regions }) => regions.map(({ values }) => values))
        : [];
  return others.map((values) => valueAt(values, setting)).filter((value) => value !== undefined);
}

function valueAt(values: object, setting: string): unknown {
  let value: unknown = values;
  for (const name of setting.split('.'))
    value = typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined;
  return value;
}
