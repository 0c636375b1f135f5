import { plain } from '../../base/paint';
import type { BootstrapResult } from '../../bootstrap/bootstrap-unit';
import { unitLines, type UnitLinesOptions } from '../../delivery/report/unit-lines';

/** What a bootstrap did, under the place of each unit; units that were as they should be are counted. */
export function bootstrapText(
  results: readonly BootstrapResult[],
  { paint = plain, width }: Omit<UnitLinesOptions, 'unchanged'> = {},
): string {
  const told = results.filter(({ outcome }) => outcome !== 'unchanged');
  return unitLines(
    told.map(({ unit, outcome }) => ({ unit, text: paint(outcome === 'created' ? 'add' : 'change', outcome) })),
    { unchanged: results.length - told.length, paint, width },
  ).join('\n');
}
