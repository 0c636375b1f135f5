import { quantity } from '../../base/plural';
import { addActions, noActions, type ActionCounts } from '../../terraform/action-counts';

import { clock } from './earlier-times';
import { countsText } from './summary';

/** How one unit ended. */
export interface UnitOutcome {
  readonly unit: string;
  readonly status: 'applied' | 'destroyed' | 'unchanged' | 'already' | 'failed' | 'skipped' | 'deferred';
  readonly actions: ActionCounts;
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
