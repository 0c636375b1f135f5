import type { BuiltTree } from '../../tree/project';
import type { Region } from '../../tree/region';
import type { SettingPoint } from '../../tree/observed-values';
import { explainer, type Effect } from './explainer';
import { pointKey, type ObservedBuilder } from './observed-builds';
import { pointOf, settingsOf, valuesElsewhere } from './setting-levels';
import { settingsNamed } from './unit-settings';

/** A unit whose JSON a setting decides a part of. */
export interface SettingUser {
  readonly unit: string;
  readonly settings: readonly { readonly setting: string; readonly attributes: readonly string[] }[];
}

/** The answer to who uses a setting. */
export interface UsedBy {
  /** Settings that were found, each once; none where no level has it. */
  readonly settings: readonly string[];
  /** Sorted by unit. */
  readonly units: readonly SettingUser[];
  /** Settings in whose place no other value could be built, and where: nothing is known of their users. */
  readonly untried: readonly string[];
}

/**
 * The units and attributes that a setting decides, by building each of its environments again with another value. A level of values counts once,
 * however many regions lie below it. `tree` holds what was selected.
 */
export async function usedBy(builder: ObservedBuilder, tree: BuiltTree, setting: string, root: string): Promise<UsedBy> {
  const found = new Set<string>();
  const users = new Map<string, Map<string, Set<string>>>();
  const untried: string[] = [];
  for (const [selector, points] of placesOf(tree, setting, root)) {
    for (const { point } of points) found.add(point.setting);
    const isSelected = new Set(tree.selected);
    const units = tree.selected.filter((unit) => unit.startsWith(`${selector}/`));
    if (units.length === 0) continue;
    const explains = await explainer(builder, units);
    for (const { point, value, elsewhere } of points) {
      const effect = await explains.effectOf(point, value, elsewhere);
      if (effect.untried) untried.push(`${point.setting} of ${point.place}`);
      add(users, effect, isSelected);
    }
  }
  return {
    settings: [...found].toSorted(),
    units: [...users]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([unit, settings]) => ({
        unit,
        settings: [...settings].map(([name, attributes]) => ({ setting: name, attributes: [...attributes].toSorted() })),
      })),
    untried,
  };
}

interface Place {
  readonly point: SettingPoint;
  readonly value: unknown;
  readonly elsewhere: readonly unknown[];
}

/** The points of a setting by the part of the tree that they can concern. */
function placesOf(tree: BuiltTree, setting: string, root: string): ReadonlyMap<string, readonly Place[]> {
  const places = new Map<string, Map<string, Place>>();
  const regions = tree.systems.flatMap(({ environments }) => environments.flatMap((environment) => environment.regions));
  for (const region of regions.filter((one) => tree.selected.some((unit) => unit.startsWith(`${one.path}/`))))
    for (const one of settingsNamed(settingsOf(region, root), setting)) {
      const point = pointOf(region, one);
      const selector = selectorOf(region, point);
      const known = places.get(selector) ?? new Map<string, Place>();
      places.set(selector, known.set(pointKey(point), { point, value: one.value, elsewhere: valuesElsewhere(region, point) }));
    }
  return new Map([...places].map(([selector, points]) => [selector, [...points.values()]]));
}

/** A region's values may be read by other regions of its environment. */
function selectorOf({ environment }: Region, { level }: SettingPoint): string {
  return level === 'root' ? environment.system.name : environment.path;
}

function add(users: Map<string, Map<string, Set<string>>>, { point, changes }: Effect, isSelected: ReadonlySet<string>): void {
  for (const [unit, changed] of changes) {
    if (!isSelected.has(unit)) continue;
    const settings = users.get(unit) ?? new Map<string, Set<string>>();
    const attributes = settings.get(point.setting) ?? new Set();
    for (const { block, attribute } of changed) attributes.add(attribute === '' ? block : `${block} ${attribute}`);
    users.set(unit, settings.set(point.setting, attributes));
  }
}
