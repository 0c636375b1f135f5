import type { ChangedLine } from '../../git/changed-lines';
import type { Tree } from '../tree/load-tree';
import type { AffectedUnit } from './compare';
import { lineNow, linesOfSide, linesThatDiffer, type AskedUnit, type SourceLines, type SourceSide } from './source-lines';
import { valueChanges, type ValueChange } from './value-changes';

/** Two sources, what differs between them, and how they are asked for lines. */
export interface ComparedSources {
  readonly base: SourceSide;
  readonly head: SourceSide;
  readonly differing: readonly ChangedLine[];
  readonly lines: SourceLines;
  readonly includePlanned: boolean;
}

/** Units with what their JSON holds instead of what. Pure. */
export function withValues(units: readonly AffectedUnit[], base: Tree, head: Tree): readonly AffectedUnit[] {
  return units.map((one) => {
    const [before, after] = [base.files.get(one.from ?? one.unit), head.files.get(one.unit)];
    const values = before === undefined || after === undefined ? [] : valueChanges(before, after);
    return values.length === 0 ? one : { ...one, values };
  });
}

/**
 * Units whose values name the lines of the source that decide them: the head's, and the base's (counted as the head counts them) of what is gone.
 * A unit that came or went names the line of its table.
 */
export async function withSourceLines(units: readonly AffectedUnit[], sources: ComparedSources): Promise<readonly AffectedUnit[]> {
  const { lines, differing, includePlanned } = sources;
  const ask = (side: 'base' | 'head') =>
    linesOfSide(sources[side], lines, {
      units: units.flatMap((unit) => askedOf(unit, side)),
      changed: linesThatDiffer(differing, side),
      includePlanned,
    });
  const head = await ask('head');
  const base = await ask('base');
  return units.map((unit) => {
    const [now, then] = [head[unit.unit], base[unit.from ?? unit.unit]];
    const gone = then?.entry === undefined ? undefined : lineNow(differing, then.entry);
    const source = now?.entry ?? gone;
    const [asked, askedBefore] = [valuesOf(unit, 'head'), valuesOf(unit, 'base')];
    const values = unit.values?.map((change) => {
      const line = now?.values[asked.indexOf(change)] ?? undefined;
      const before = then?.values[askedBefore.indexOf(change)] ?? undefined;
      const place = line ?? (before === undefined ? undefined : lineNow(differing, before));
      return place === undefined ? change : { ...change, source: place };
    });
    return { ...unit, ...(source === undefined ? {} : { source }), ...(values === undefined ? {} : { values }) };
  });
}

function askedOf(unit: AffectedUnit, side: 'base' | 'head'): readonly AskedUnit[] {
  const entry = unit.change === (side === 'head' ? 'added' : 'deleted');
  const values = valuesOf(unit, side).map(({ block, attribute }) => ({ block, attribute }));
  const path = side === 'head' ? unit.unit : (unit.from ?? unit.unit);
  return entry || values.length > 0 ? [{ unit: path, values, entry }] : [];
}

/** What is gone is the base's; all else is the head's. */
function valuesOf({ values = [] }: AffectedUnit, side: 'base' | 'head'): readonly ValueChange[] {
  return values.filter((change) => 'after' in change === (side === 'head'));
}
