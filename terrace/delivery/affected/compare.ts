import type { Model, UnitModel } from '../../model/model';
import { movedReason, previousPath } from '../../model/moved-unit';
import { renamedText, renamedUnits } from '../../model/renamed-unit';
import type { Tree } from '../tree/load-tree';

import type { ValueChange } from './value-changes';
import { contentDigests, type UnitFiles } from '../../model/content-digest';

/** A changed value, and where the source changed it: `stacks/shop/dev/env.ts:12`; absent where no changed line tells. */
export interface SourcedChange extends ValueChange {
  readonly source?: string;
}

/** Why a unit is selected. */
export type Change = 'added' | 'changed' | 'deleted' | 'moved' | 'dependent' | 'everything' | 'unapplied';

export interface AffectedUnit {
  readonly unit: string;
  readonly change: Change;
  readonly operation: 'apply' | 'destroy';
  /** Sentences, the most telling first. */
  readonly reasons: readonly string[];
  /** What its JSON holds instead of what, each with the line of the source; absent where its JSON is the same, or there is nothing to compare. */
  readonly values?: readonly SourcedChange[];
  /** Line of the source at which it came or went. */
  readonly source?: string;
  /** Path that a moved unit had before. */
  readonly from?: string;
  /** Units that read a deleted one; those that are still there are applied before it is destroyed. Sorted; absent where there are none. */
  readonly neededBy?: readonly string[];
  /** Affected units whose outputs it reads, sorted; absent where there are none. */
  readonly reads?: readonly string[];
  /** True for a unit that only `terrace backend bootstrap` applies. */
  readonly bootstrap?: true;
  /** True for a unit of an environment that is described and not built yet. */
  readonly planned?: true;
}

/** Compares two trees unit by unit and adds everything downstream of a change. Sorted by path. Pure. */
export function compareTrees(base: Tree, head: Tree): readonly AffectedUnit[] {
  const before = new Map(base.model.units.map((unit) => [unit.path, unit]));
  const after = new Map(head.model.units.map((unit) => [unit.path, unit]));
  const found = new Map<string, AffectedUnit>();
  const movedAway = new Set<string>();
  const renamed = renamedUnits(
    [...before.values()].filter(({ path }) => !after.has(path)).map((unit) => ({ unit, files: base.files.get(unit.path) ?? new Map() })),
    [...after.values()].filter(({ path }) => !before.has(path)).map((unit) => ({ unit, files: head.files.get(unit.path) ?? new Map() })),
  );
  for (const unit of after.values()) {
    const { path } = unit;
    const from = previousPath(unit);
    if (from !== undefined && before.has(from) && !after.has(from)) {
      movedAway.add(from);
      found.set(path, {
        unit: path,
        change: 'moved',
        operation: 'apply',
        reasons: [movedReason(from, path)],
        from,
        ...flag(unit),
      });
    } else if (!before.has(path)) {
      const old = renamed.get(path);
      const reasons = ['it is new', ...(old === undefined ? [] : [renamedText(old, unit)])];
      found.set(path, { unit: path, change: 'added', operation: 'apply', reasons, ...flag(unit) });
    } else {
      const reasons = fileReasons(base.files.get(path) ?? new Map(), head.files.get(path) ?? new Map());
      if (reasons.length > 0) found.set(path, { unit: path, change: 'changed', operation: 'apply', reasons, ...flag(unit) });
    }
  }
  const readers = readersIn(base.model);
  for (const unit of before.values()) {
    if (!after.has(unit.path) && !movedAway.has(unit.path))
      found.set(unit.path, {
        unit: unit.path,
        change: 'deleted',
        operation: 'destroy',
        reasons: ['it is no longer in the source'],
        ...neededBy((readers.get(unit.path) ?? []).map((reader) => reader.unit.path)),
        ...flag(unit),
      });
  }
  return withDependents([...found.values()], head.model);
}

/** Adds what depends on the given units, directly or not, with the output through which it does. Sorted by path. */
export function withDependents(affected: readonly AffectedUnit[], model: Model): readonly AffectedUnit[] {
  const found = new Map(affected.map((unit) => [unit.unit, unit]));
  const readers = readersIn(model);
  const queue = affected.map(({ unit }) => unit);
  for (let index = 0; index < queue.length; index++) {
    const upstream = queue[index] ?? '';
    for (const { unit, outputs } of readers.get(upstream) ?? []) {
      const reason = `it ${outputs.length === 0 ? 'comes after' : `reads ${outputs.join(', ')} of`} ${upstream}`;
      const known = found.get(unit.path);
      if (known === undefined) {
        found.set(unit.path, { unit: unit.path, change: 'dependent', operation: 'apply', reasons: [reason], ...flag(unit) });
        queue.push(unit.path);
      } else if (known.change === 'dependent') found.set(unit.path, { ...known, reasons: [...known.reasons, reason] });
    }
  }
  const upstreams = new Map(
    model.units.map((unit) => [unit.path, unit.dependencies.map((one) => one.unit).filter((one) => found.has(one))]),
  );
  return [...found.values()]
    .map((one) => {
      const reads = upstreams.get(one.unit) ?? [];
      return reads.length === 0 ? one : { ...one, reads };
    })
    .toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
}

/** Who depends on a unit, with the outputs that it reads; by the unit's path, each reader once for each dependency. */
function readersIn(model: Model): ReadonlyMap<string, readonly { readonly unit: UnitModel; readonly outputs: readonly string[] }[]> {
  const readers = new Map<string, { readonly unit: UnitModel; readonly outputs: readonly string[] }[]>();
  for (const unit of model.units) {
    for (const { unit: upstream, outputs } of unit.dependencies) {
      const list = readers.get(upstream);
      if (list === undefined) readers.set(upstream, [{ unit, outputs }]);
      else list.push({ unit, outputs });
    }
  }
  return readers;
}

/** Every unit of a tree, for one reason; what the base alone has is destroyed. */
export function everything(reason: string, base: Tree | undefined, head: Tree): readonly AffectedUnit[] {
  const compared = new Map((base === undefined ? [] : compareTrees(base, head)).map((unit) => [unit.unit, unit]));
  for (const unit of head.model.units) {
    const known = compared.get(unit.path);
    if (known === undefined || known.change === 'dependent')
      compared.set(unit.path, {
        unit: unit.path,
        change: 'everything',
        operation: 'apply',
        reasons: [reason, ...(known?.reasons ?? [])],
        ...flag(unit),
      });
  }
  return [...compared.values()].toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
}

/** Who needs a unit, as a property that is absent where nobody does. */
export function neededBy(units: readonly string[]): { readonly neededBy?: readonly string[] } {
  return units.length === 0 ? {} : { neededBy: units.toSorted() };
}

/** What a unit is beside a change of it. */
export function flag(unit: UnitModel): Pick<AffectedUnit, 'bootstrap' | 'planned'> {
  return { ...(unit.bootstrap ? { bootstrap: true } : {}), ...(unit.planned === true ? { planned: true } : {}) };
}

function fileReasons(base: UnitFiles, head: UnitFiles): readonly string[] {
  const reasons: string[] = [];
  for (const name of [...head.keys()].toSorted()) {
    const [before, after] = [base.get(name), head.get(name)];
    if (before === undefined) reasons.push(`${name} is new`);
    else if (after !== undefined && !sameContent(name, before, after))
      reasons.push(`${name} differs${blocksThatDiffer(name, before, after)}`);
  }
  for (const name of [...base.keys()].toSorted()) if (!head.has(name)) reasons.push(`${name} is gone`);
  return reasons;
}

/** Nearly all files are equal byte for byte, and need not be read as JSON. */
function sameContent(name: string, before: Uint8Array, after: Uint8Array): boolean {
  return (
    Buffer.compare(before, after) === 0 ||
    contentDigests(new Map([[name, before]])).get(name) === contentDigests(new Map([[name, after]])).get(name)
  );
}

function blocksThatDiffer(name: string, before: Uint8Array, after: Uint8Array): string {
  if (!name.endsWith('.tf.json')) return '';
  try {
    const [a, b] = [before, after].map((bytes) => blockTexts(JSON.parse(Buffer.from(bytes).toString('utf8'))));
    if (a === undefined || b === undefined) return '';
    const names = [...new Set([...a.keys(), ...b.keys()])].filter((block) => a.get(block) !== b.get(block)).toSorted();
    if (names.length === 0) return '';
    return `: ${names.slice(0, 4).join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''}`;
  } catch {
    return '';
  }
}

/** Each block's text by the name people know it by: `aws_vpc.vpc`, `output.vpc_id`, `provider.aws`. */
function blockTexts(json: unknown): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [kind, blocks] of entries(json)) {
    if (kind === '//') continue;
    for (const [first, value] of entries(blocks)) {
      if (kind !== 'resource' && kind !== 'data') texts.set(`${kind}.${first}`, JSON.stringify(sorted(value)));
      else
        for (const [second, body] of entries(value))
          texts.set(`${kind === 'data' ? 'data.' : ''}${first}.${second}`, JSON.stringify(sorted(body)));
    }
  }
  return texts;
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '//')
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
