import { isObject } from '../base/json';
import type { SettingPoint } from './observed-values';
import { propertyLines } from './property-lines';

/** A level of values and the file that writes them. */
export interface ValueLevel {
  readonly level: SettingPoint['level'];
  readonly values: Readonly<Record<string, unknown>>;
  /** Relative to the project; the first file is the level's own, others hold the values under one key (`account`). */
  readonly files: readonly { readonly file: string; readonly source: string; readonly under?: string }[];
}

/** Where one setting came from. */
export interface Explanation {
  /** Dotted path: `database.backupDays`. */
  readonly setting: string;
  readonly value: unknown;
  readonly level: ValueLevel['level'];
  readonly file: string;
  /** Line of the property, or of the nearest one above it. */
  readonly line: number;
  /** True where the file does not write the setting itself, but something it is computed from. */
  readonly computed: boolean;
  /** What lower levels said, nearest first. */
  readonly overrides: readonly {
    readonly value: unknown;
    readonly level: ValueLevel['level'];
    readonly file: string;
    readonly line: number;
  }[];
}

/**
 * Every setting that holds for a unit, from the levels above it in the order root, environment, region; sorted by path. A setting that
 * two levels write is the later one's, which names what it overrode.
 */
export function explain(levels: readonly ValueLevel[]): readonly Explanation[] {
  const explained = new Map<string, Explanation>();
  for (const level of levels)
    for (const [setting, value] of leaves(level.values)) {
      const before = explained.get(setting);
      const { file, line, computed } = placeOf(level, setting);
      explained.set(setting, {
        setting,
        value,
        level: level.level,
        file,
        line,
        computed,
        overrides:
          before === undefined
            ? []
            : [{ value: before.value, level: before.level, file: before.file, line: before.line }, ...before.overrides],
      });
    }
  return [...explained.values()].sort((a, b) => (a.setting < b.setting ? -1 : 1));
}

/** The settings at or below a dotted path; all of them without one. */
export function settingsBelow(explanations: readonly Explanation[], setting: string | undefined): readonly Explanation[] {
  return setting === undefined
    ? explanations
    : explanations.filter((one) => one.setting === setting || one.setting.startsWith(`${setting}.`));
}

/** Paths of the values that are no objects; a list counts as one value. */
function leaves(values: Readonly<Record<string, unknown>>, prefix = ''): readonly (readonly [string, unknown])[] {
  return Object.entries(values).flatMap(([name, value]): readonly (readonly [string, unknown])[] => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    return isObject(value) ? leaves(value, path) : [[path, value]];
  });
}

function placeOf({ files }: ValueLevel, setting: string): { readonly file: string; readonly line: number; readonly computed: boolean } {
  const own = files.find(({ under }) => under !== undefined && setting.startsWith(`${under}.`)) ?? files[0];
  if (own === undefined) return { file: '', line: 1, computed: true };
  const relative = own.under === undefined ? setting : setting.slice(own.under.length + 1);
  const lines = new Map([...propertyLines(own.source)].reverse().map(({ path, line }) => [path, line]));
  for (let path = relative; ; path = path.slice(0, Math.max(path.lastIndexOf('.'), 0))) {
    const line = lines.get(path);
    if (line !== undefined) return { file: own.file, line, computed: path !== relative };
    if (path === '') return { file: own.file, line: exportLine(own.source), computed: true };
  }
}

/** The line of the file's first export: where values that it computes begin. */
function exportLine(source: string): number {
  return Math.max(source.split('\n').findIndex((line) => line.startsWith('export ')) + 1, 1);
}
