import { blocksOf, valueChanges, type ValueChange } from '../../delivery/affected/value-changes';
import { sourceLineOf } from '../../base/source-line';
import type { SettingPoint } from '../../tree/observed-values';
import type { ObservedBuild, ObservedBuilder, Replacement } from './observed-builds';
import { pointKey } from './observed-builds';
import { probesOf } from './probes';

/** What another value in a setting's place changes. */
export interface Effect {
  readonly point: SettingPoint;
  /** Changed values by unit; empty where nothing changes. */
  readonly changes: ReadonlyMap<string, readonly ValueChange[]>;
  /** Results of envcommon's functions that change: `envcommon/storage.ts#database backupDays`. */
  readonly results: ReadonlySet<string>;
  /** True where no other value could be built in its place. */
  readonly untried: boolean;
}

/** Finds out what a setting does by building again with another value in its place, and comparing. */
export interface Explainer {
  readonly base: ObservedBuild;
  effectOf(point: SettingPoint, value: unknown, elsewhere: readonly unknown[]): Promise<Effect>;
  /** Of many points those that `concerns` says yes to: halves that change nothing are dropped at once. */
  narrow(points: readonly Candidate[], concerns: (effect: Effect) => boolean): Promise<readonly Effect[]>;
}

/** A point, its value, and values that stand elsewhere in its place. */
export interface Candidate {
  readonly point: SettingPoint;
  readonly value: unknown;
  readonly elsewhere: readonly unknown[];
}

export async function explainer(builder: ObservedBuilder, selectors: readonly string[]): Promise<Explainer> {
  const base = await builder.build(selectors);
  if (base === undefined) throw new Error('what builds without replacements gives a build');
  const compare = (build: ObservedBuild, point: SettingPoint): Effect => ({
    point,
    changes: new Map(
      [...build.files].flatMap(([unit, files]) => {
        const changes = valueChanges(base.files.get(unit) ?? new Map(), files);
        return changes.length === 0 ? [] : [[unit, changes] as const];
      }),
    ),
    results: changedResults(base, build),
    untried: false,
  });
  const tryOne = async (replacements: readonly Replacement[]): Promise<Effect | undefined> => {
    const build = await builder.build(selectors, replacements);
    const [first] = replacements;
    return build === undefined || first === undefined ? undefined : compare(build, first.point);
  };
  const effectOf: Explainer['effectOf'] = async (point, value, elsewhere) => {
    let last: Effect = { point, changes: new Map(), results: new Set(), untried: true };
    for (const probe of probesOf(value, elsewhere)) {
      const effect = await tryOne([{ point, value: probe }]);
      if (effect !== undefined) last = effect;
      if (last.changes.size > 0) return last;
    }
    return last;
  };
  const narrow: Explainer['narrow'] = async (points, concerns) => {
    const [first] = points;
    if (first === undefined) return [];
    if (points.length === 1) {
      const effect = await effectOf(first.point, first.value, first.elsewhere);
      return concerns(effect) ? [effect] : [];
    }
    const replacements = points.flatMap(({ point, value, elsewhere }) => {
      const [probe] = probesOf(value, elsewhere);
      return probe === undefined ? [] : [{ point, value: probe }];
    });
    const together = await tryOne(replacements);
    if (together !== undefined && !concerns(together)) return [];
    const half = Math.ceil(points.length / 2);
    return [...(await narrow(points.slice(0, half), concerns)), ...(await narrow(points.slice(half), concerns))];
  };
  return { base, effectOf, narrow };
}

/** Where the constructor of a unit read settings, in the project's own source: not in envcommon, whose functions pass them on. */
export function readingLines(
  build: ObservedBuild,
  unit: string,
  keys: ReadonlySet<string>,
): readonly { readonly file: string; readonly line: number; readonly text: string }[] {
  const found = new Map<string, { readonly file: string; readonly line: number; readonly text: string }>();
  for (const { point, at, unit: reader } of build.reads) {
    if (reader !== unit || !keys.has(pointKey(point))) continue;
    const place = sourceLineOf(at.stack);
    if (place === undefined || place.text.startsWith('envcommon/')) continue;
    found.set(place.text, { file: place.file, line: place.line, text: place.text });
  }
  return [...found.values()];
}

/** The blocks of a unit as they are. */
export function blocksIn(build: ObservedBuild, unit: string): ReadonlyMap<string, unknown> {
  return blocksOf(build.files.get(unit) ?? new Map());
}

function changedResults(base: ObservedBuild, build: ObservedBuild): ReadonlySet<string> {
  const [before, after] = [resultsOf(base), resultsOf(build)];
  return new Set([...before.keys(), ...after.keys()].filter((name) => before.get(name)?.join(' ') !== after.get(name)?.join(' ')));
}

/** What each property of each function's results was, over all calls, sorted. */
function resultsOf({ calls }: ObservedBuild): ReadonlyMap<string, readonly string[]> {
  const results = new Map<string, string[]>();
  for (const { place, result } of calls) {
    const value: unknown = JSON.parse(result === '' ? 'null' : result);
    for (const [key, leaf] of leaves(value)) {
      const name = `${place} ${key}`;
      results.set(name, [...(results.get(name) ?? []), JSON.stringify(leaf)]);
    }
  }
  for (const texts of results.values()) texts.sort();
  return results;
}

function leaves(value: unknown, prefix = ''): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[prefix, value]];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, prefix === '' ? key : `${prefix}.${key}`));
}
