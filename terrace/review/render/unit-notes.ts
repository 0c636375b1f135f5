import type { ReviewedUnit } from '../model/review';
import type { ResourceChange } from '../plan/plan-model';

import { visible } from './value-text';
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

/** Addresses that are named. */
const mostNamed = 4;

const happens: Readonly<Record<ResourceChange['action'], string>> = {
  create: 'is new',
  update: 'changes',
  replace: 'is replaced',
  delete: 'goes away',
  forget: 'is forgotten',
  read: 'is read',
  none: 'moves',
};

/** `not planned yet: aws_iam_role_policy.api changes`; undefined where it is not known what the source of a unit changes. */
function sourceNote({ source }: ReviewedUnit): string | undefined {
  if (source === undefined) return undefined;
  const { how, changes } = source;
  if (how === 'same' || changes.length === 0) return 'its source changes nothing';
  if (how === 'new') return `not planned yet: ${plural(changes.length, 'resource is', 'resources are')} new`;
  const named = changes.slice(0, mostNamed).map(({ address, action }) => `${visible(address)} ${happens[action]}`);
  return `not planned yet: ${named.join(', ')}${changes.length > mostNamed ? ` and ${changes.length - mostNamed} more` : ''}`;
}

/** The reason of a unit without a plan, with what its source changes; paths of its own place are short. */
export function absentText(unit: ReviewedUnit): string {
  const place = `${unit.system}/${unit.environment}/${unit.region}/`;
  return [visible((unit.reason ?? '').replaceAll(place, '')), sourceNote(unit)].filter((part) => part !== undefined).join('; ');
}

/** True for a unit about which there is nothing to say. */
export function isStill(unit: ReviewedUnit): boolean {
  return unit.status === 'unchanged' && unit.drift.length + unit.mocks.length === 0;
}
