import { isNoOp } from '../../terraform/action-counts';
import { remoteStatesOf } from '../../terraform/remote-states';
import type { Remark } from '../bundle/remark';
import { refused } from '../problems';
import type { Reader } from '../record/readers';
import { applyOrder, type PlanTarget, type ReadersFirst } from '../target/plan-target';
import type { KnownReaders } from './known-readers';
import type { PlannedUnit, UnitPlanning } from './plan-unit';

/** What becomes of plans that take away what applied units read. */
export interface ReaderVerdict {
  readonly results: ReadonlyMap<string, UnitPlanning>;
  readonly first: ReadersFirst;
  readonly remarks: readonly Remark[];
}

/** True where a plan takes away something that others may have read. */
export function takesAway(target: PlanTarget, result: UnitPlanning): boolean {
  return result.kind === 'planned' && (target.operation === 'destroy' || result.lost.destroyed.length > 0);
}

/** True where a plan takes away or changes something that others may have read. */
export function concernsReaders(target: PlanTarget, result: UnitPlanning): boolean {
  return takesAway(target, result) || (result.kind === 'planned' && changed(result).length > 0);
}

/**
 * Nothing that an applied unit reads is destroyed before that unit has left it (G15). A reader that no longer reads it comes first, in the
 * same bundle; one that waits keeps it; one outside of the bundle, and one that needs the same plan's outputs as well, refuse it (E6050).
 * Pure.
 */
export function withLivingReaders(
  targets: readonly PlanTarget[],
  planned: ReadonlyMap<string, UnitPlanning>,
  known: KnownReaders,
): ReaderVerdict {
  const byPath = new Map(targets.map((target) => [target.unit.path, target]));
  const results = new Map(planned);
  const first = new Map<string, Set<string>>();
  const remarks: Remark[] = [...known.remarks];
  for (const target of targets) {
    const { path } = target.unit;
    const result = planned.get(path);
    if (result?.kind !== 'planned') continue;
    const readers = known.of(path);
    remarks.push(...remarksOf(path, result, readers, byPath));
    const living = readers.filter(({ outputs }) => lostOf(target, result, outputs).length > 0);
    const verdict = judge(target, result, living, { byPath, planned });
    if ('first' in verdict) first.set(path, new Set(verdict.first));
    else results.set(path, verdict);
  }
  for (const path of inCircles(targets, results, first))
    if ((first.get(path)?.size ?? 0) > 0) results.set(path, neededBothWays(path, [...(first.get(path) ?? [])]));
  return { results, first, remarks };
}

interface Others {
  readonly byPath: ReadonlyMap<string, PlanTarget>;
  readonly planned: ReadonlyMap<string, UnitPlanning>;
}

function judge(
  target: PlanTarget,
  result: PlannedUnit,
  living: readonly Reader[],
  { byPath, planned }: Others,
): UnitPlanning | { readonly first: readonly string[] } {
  const { path } = target.unit;
  const outside = living.filter(({ unit }) => !byPath.has(unit));
  if (outside.length > 0) return stillRead(target, result, outside);
  const first: string[] = [];
  for (const reader of living) {
    const other = planned.get(reader.unit);
    const otherTarget = byPath.get(reader.unit);
    if (otherTarget === undefined || other === undefined) continue;
    if (other.kind === 'planned') {
      if (otherTarget.operation === 'apply' && stillReads(otherTarget, target, result)) return neededBothWays(path, [reader.unit]);
      first.push(reader.unit);
    } else if (other.kind === 'deferred') {
      if (waitsFor(reader.unit, path, planned)) return neededBothWays(path, [reader.unit]);
      return kept(reader.unit);
    } else if (target.operation === 'destroy') return kept(reader.unit);
    else return { kind: 'skipped', reason: `${reader.unit}, which still reads it, could not be planned` };
  }
  return { first };
}

/** The verdict of what is not destroyed now, since a reader stays. */
function kept(reader: string): UnitPlanning {
  return { kind: 'deferred', upstream: reader, outputs: [], reason: `kept because ${reader} still needs it` };
}

/** Which of the outputs go with what is destroyed. */
function lostOf({ operation }: PlanTarget, { lost }: PlannedUnit, outputs: readonly string[]): readonly string[] {
  return operation === 'destroy' ? outputs : outputs.filter((output) => lost.destroyed.includes(output));
}

/** True where a reader's files still read what is destroyed. */
function stillReads(reader: PlanTarget, target: PlanTarget, result: PlannedUnit): boolean {
  const names = new Set(reader.unit.dependencies.filter(({ unit }) => unit === target.unit.path).map(({ remoteState }) => remoteState));
  const json: unknown = JSON.parse(Buffer.from(reader.files.get('main.tf.json') ?? Buffer.from('{}')).toString('utf8'));
  return remoteStatesOf(json).some(
    ({ name, outputs }) =>
      names.has(name) &&
      (outputs === null ? target.operation === 'destroy' || result.lost.destroyed.length > 0 : lostOf(target, result, outputs).length > 0),
  );
}

function waitsFor(unit: string, upstream: string, planned: ReadonlyMap<string, UnitPlanning>): boolean {
  const seen = new Set<string>();
  for (let at = unit; !seen.has(at);) {
    seen.add(at);
    const result = planned.get(at);
    if (result?.kind !== 'deferred') return false;
    if (result.upstream === upstream) return true;
    at = result.upstream;
  }
  return false;
}

function stillRead(target: PlanTarget, result: PlannedUnit, readers: readonly Reader[]): UnitPlanning {
  const { path } = target.unit;
  const lines = readers.map(({ unit, outputs }) => `${unit} reads ${lostOf(target, result, outputs).join(', ')} of it`);
  return refusal(path, {
    found: `it would be destroyed while applied units read it:\n${lines.map((line) => `  ${line}`).join('\n')}`,
    todo: 'include the readers (--with-dependents), or change and apply them first',
  });
}

function neededBothWays(path: string, readers: readonly string[]): UnitPlanning {
  return refusal(path, {
    found: `${readers.join(', ')} cannot stop reading what this destroys until this is applied, and this cannot be applied until they have stopped`,
    todo: 'split it into two changes: one that adds the new resource beside the old one and moves the readers over, and, once that is applied, one that removes the old one',
  });
}

function refusal(place: string, details: { readonly found: string; readonly todo: string }): UnitPlanning {
  const error = refused('E6050', { place, ...details });
  return { kind: 'failed', problems: error.problems, exitCode: error.exitCode };
}

/** Outputs that had a value and get another one, or none. */
function changed({ outputs }: PlannedUnit): readonly string[] {
  return Object.entries(outputs).flatMap(([name, { actions, before }]) =>
    isNoOp(actions) || before === null || before === undefined ? [] : [name],
  );
}

function remarksOf(
  unit: string,
  result: PlannedUnit,
  readers: readonly Reader[],
  byPath: ReadonlyMap<string, PlanTarget>,
): readonly Remark[] {
  const replaced = result.lost.replaced.flatMap(({ output, address, createBeforeDestroy }): readonly Remark[] => {
    const names = readers.filter(({ outputs }) => outputs.includes(output)).map((reader) => reader.unit);
    return names.length === 0
      ? []
      : [
          {
            kind: 'replaced-under-readers',
            unit,
            text: `${address} is replaced; ${names.join(', ')} read ${output}; ${createBeforeDestroy ? 'the new one is created before the old one is destroyed' : 'the old one is destroyed before the new one is created'}`,
          },
        ];
  });
  const outputs = changed(result);
  const outside = readers
    .filter((reader) => !byPath.has(reader.unit))
    .flatMap((reader): readonly Remark[] => {
      const read = reader.outputs.filter((output) => outputs.includes(output));
      return read.length === 0
        ? []
        : [{ kind: 'readers-outside', unit, text: `${reader.unit} reads ${read.join(', ')}, which changes, and is not in this plan` }];
    });
  return [...replaced, ...outside];
}

/** Units that cannot be put in any order. */
function inCircles(targets: readonly PlanTarget[], results: ReadonlyMap<string, UnitPlanning>, first: ReadersFirst): readonly string[] {
  const left = new Map(
    [...applyOrder(targets, first)]
      .filter(([path]) => results.get(path)?.kind === 'planned')
      .map(([path, before]) => [path, before.filter((other) => results.get(other)?.kind === 'planned')]),
  );
  for (let done = true; done;) {
    done = false;
    for (const [path, before] of left) {
      if (before.some((other) => left.has(other))) continue;
      left.delete(path);
      done = true;
    }
  }
  return [...left.keys()];
}
