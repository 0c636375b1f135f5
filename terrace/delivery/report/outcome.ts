import { plain } from '../../base/paint';
import { quantity } from '../../base/plural';
import { visibleLine } from '../../base/visible';
import { addActions, noActions, type ActionCounts } from '../../terraform/action-counts';

import { clock } from './earlier-times';
import { countsText, paintedCounts } from './summary';
import { unitLines, withoutPlace, type UnitLinesOptions } from './unit-lines';

/** How one unit ended. */
export interface UnitOutcome {
  readonly unit: string;
  readonly status: 'applied' | 'destroyed' | 'unchanged' | 'already' | 'failed' | 'skipped' | 'deferred';
  readonly actions: ActionCounts;
  /** Of planning and applying. @default not said */
  readonly seconds?: number;
  /** Why it was not applied. @default not said */
  readonly reason?: string;
  /** Said where there was more than one. @default 1 */
  readonly round?: number;
}

const isQuiet = ({ status }: UnitOutcome): boolean => status === 'unchanged' || status === 'already';

/** Every unit that something happened to, under its place, with what happened and how long it took; the others are counted. */
export function outcomeLines(
  units: readonly UnitOutcome[],
  { paint = plain, width }: Omit<UnitLinesOptions, 'unchanged'> = {},
): readonly string[] {
  const rounds = new Set(units.map(({ round = 1 }) => round)).size;
  const words = { applied: 'good', destroyed: 'destroy', failed: 'bad', skipped: 'soft', deferred: 'soft' } as const;
  return unitLines(
    units.flatMap((one) => {
      if (one.status === 'unchanged' || one.status === 'already') return [];
      const isDone = one.status === 'applied' || one.status === 'destroyed';
      const parts = [
        `${paint(words[one.status], one.status === 'deferred' ? 'later' : one.status)}${one.reason === undefined ? '' : `: ${visibleLine(withoutPlace(one.reason, one.unit))}`}`,
        ...(isDone ? [paintedCounts(one.actions, paint)] : []),
        ...(rounds > 1 ? [`round ${one.round ?? 1}`] : []),
        ...(isDone && one.seconds !== undefined ? [paint('soft', `${one.seconds.toFixed(1)} s`)] : []),
      ];
      return [{ unit: one.unit, text: parts.join('  ') }];
    }),
    { unchanged: units.filter(isQuiet).length, paint, width },
  );
}

/**
 * One sentence that could be the whole message: what was done, where, how much of what, what was not, and how long it took.
 * `Applied 5 units of shop/dev: +34 ~2; 3 without changes, 1 failed, in 1:10.`
 */
export function outcomeText(units: readonly UnitOutcome[], seconds: number): string {
  const places = [...new Set(units.map(({ unit }) => unit.split('/').slice(0, 2).join('/')))].toSorted();
  const where = places.length > 3 ? `${places.slice(0, 3).join(', ')} and ${places.length - 3} more` : places.join(', ');
  const of = (...status: readonly UnitOutcome['status'][]): readonly UnitOutcome[] => units.filter((one) => status.includes(one.status));
  const done = (['applied', 'destroyed'] as const).flatMap((status) => {
    const own = of(status);
    return own.length === 0
      ? []
      : [
          `${status} ${quantity(own.length, 'unit')} of ${where}: ${countsText(own.map(({ actions }) => actions).reduce(addActions, noActions))}`,
        ];
  });
  const rest = (
    [
      [of('unchanged', 'already').length, 'without changes'],
      [of('failed').length, 'failed'],
      [of('skipped').length, 'skipped'],
      [of('deferred').length, 'later'],
    ] as const
  ).flatMap(([count, says]) => (count === 0 ? [] : [`${count} ${says}`]));
  const head = done.length === 0 ? `nothing changed in ${where || 'no unit'}` : done.join('; ');
  const text = `${head}${rest.length === 0 ? '' : `; ${rest.join(', ')}`}, in ${clock(seconds)}.`;
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}
