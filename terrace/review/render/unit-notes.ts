import type { ReviewedUnit } from '../model/review';

import { plural } from './words';

/** What happens in a unit beside the four columns of its table: moves, imports, outputs, drift, mocks, its end. */
export function unitNotes({ counts, outputs, drift, mocks, destroys }: ReviewedUnit): string {
  return [
    ...(counts.move > 0 ? [`${counts.move} moved`] : []),
    ...(counts.import > 0 ? [`${counts.import} imported`] : []),
    ...(counts.forget > 0 ? [`${counts.forget} forgotten`] : []),
    ...(outputs.length > 0 ? [plural(outputs.length, 'output')] : []),
    ...(drift.length > 0 ? [`${drift.length} drifted`] : []),
    ...(mocks.length > 0 ? [`${mocks.length} mocked`] : []),
    ...(destroys ? ['whole unit destroyed'] : []),
  ].join(', ');
}

/** True for a unit about which there is nothing to say. */
export function isStill(unit: ReviewedUnit): boolean {
  return unit.status === 'unchanged' && unit.drift.length + unit.mocks.length === 0;
}
