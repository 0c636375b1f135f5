import type { ChangedLine } from '../../git/changed-lines';
import type { Model, UnitModel } from '../../model/model';
import type { ValueChange } from './value-changes';

/** The place in the source that most probably gave a value: `stacks/shop/dev/env.ts:12`; undefined where no changed line says anything of it. */
export type SourceOf = (change: ValueChange) => string | undefined;

/**
 * Finds, among the changed lines of a commit, those that a unit's changed values come from: of the files that can concern the unit, the line that
 * had the old text and has the new one; else the one whose words are those of the attribute; else the nearest file's. It reads text, not
 * meaning: `terrace explain` follows a value through the program. Pure.
 */
export function changedSource(lines: readonly ChangedLine[], unit: UnitModel, model: Model): SourceOf {
  const near = lines
    .map((line) => ({ line, distance: distanceOf(line.file, unit, model) }))
    .filter(({ distance }) => distance < unrelated)
    .toSorted((a, b) => a.distance - b.distance);
  return (change) => {
    const scored = near.map(({ line, distance }) => ({
      line,
      score: 10 * textScore(line, change) + wordScore(line, change) - distance / 10,
    }));
    const best = scored.reduce<(typeof scored)[number] | undefined>(
      (top, one) => (top === undefined || one.score > top.score ? one : top),
      undefined,
    );
    const nearest = near[0];
    if (best === undefined || nearest === undefined) return undefined;
    // A line that shares neither text nor word says something only where its file is the unit's own, or nothing else changed.
    if (best.score < 1 && nearest.distance > ownFile && new Set(near.map(({ line }) => line.file)).size > 1) return undefined;
    return `${best.line.file}:${best.line.line}`;
  };
}

/** The place where a unit came into its table, or left it. */
export function changedEntry(lines: readonly ChangedLine[], unit: UnitModel): string | undefined {
  const names = [`'${unit.layer}/${unit.name}'`, `"${unit.layer}/${unit.name}"`];
  const found = lines.find(
    ({ file, before, after }) =>
      file.startsWith(`stacks/${unit.system}/`) && names.some((name) => before.includes(name) || after.includes(name)),
  );
  return found === undefined ? undefined : `${found.file}:${found.line}`;
}

const ownFile = 1;
const unrelated = 9;

/** How near a file is to a unit: its own, its region's, its environment's, its system's, shared settings, modules. */
function distanceOf(file: string, { system, environment, region, layer, name }: UnitModel, model: Model): number {
  const [folder, first, second, third] = file.split('/');
  if (folder === 'envcommon') return 5;
  if (folder === 'modules' || folder === 'backend') return 6;
  if (folder !== 'stacks') return file === 'main.ts' ? 7 : unrelated;
  if (first !== system) return unrelated;
  if (file === `stacks/${system}/units/${layer}/${name}.ts`) return ownFile;
  const environments = model.systems.find((one) => one.name === system)?.environments ?? [];
  if (environments.some((one) => one.name === second)) {
    if (second !== environment) return unrelated;
    const isRegion = model.units.some((one) => one.system === system && one.environment === second && one.region === third);
    return !isRegion ? 3 : third === region ? 2 : unrelated;
  }
  return second === 'units' ? 7 : 4;
}

/** 2 where the line had the old value's text and has the new one's, 1 where one of both; what both values share counts for nothing. */
function textScore({ before, after }: ChangedLine, change: ValueChange): number {
  const [old, now] = distinct(textOf(change.before), textOf(change.after));
  const had = old !== '' && hasWord(before, old);
  const has = now !== '' && hasWord(after, now);
  return Number(had) + Number(has) - Number(had && hasWord(after, old)) - Number(has && hasWord(before, now));
}

/** Two texts without the words that they begin and end with in common. */
function distinct(before: string, after: string): readonly [string, string] {
  const [a, b] = [before, after].map((text) => text.match(/[A-Za-z0-9_]+|[^A-Za-z0-9_]/g) ?? []);
  if (a === undefined || b === undefined) return [before, after];
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  return [a.slice(start, a.length - end).join(''), b.slice(start, b.length - end).join('')];
}

function hasWord(line: string, text: string): boolean {
  const isWord = (character: string | undefined): boolean => character !== undefined && /\w/.test(character);
  for (let at = line.indexOf(text); at >= 0; at = line.indexOf(text, at + 1))
    if (!(isWord(text[0]) && isWord(line[at - 1])) && !(isWord(text.at(-1)) && isWord(line[at + text.length]))) return true;
  return false;
}

/** How many words of the attribute's own name the line has, as a part of all. */
function wordScore({ before, after }: ChangedLine, { block, attribute }: ValueChange): number {
  const wanted = wordsOf(attribute === '' ? block : (attribute.split('.').findLast((one) => !/^\d+$/.test(one)) ?? ''));
  const has = new Set(wordsOf(`${before} ${after}`));
  return wanted.length === 0 ? 0 : (2 * wanted.filter((word) => has.has(word)).length) / wanted.length;
}

/** `backupRetentionDays` and `backup_retention_days` alike: backup, retention, days. */
function wordsOf(text: string): readonly string[] {
  return (text.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []).map((word) => word.toLowerCase()).filter((word) => word.length > 2);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}
