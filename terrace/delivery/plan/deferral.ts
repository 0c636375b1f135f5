import { isNoOp } from '../../terraform/action-counts';
import type { PlanJson } from '../../terraform/plan-json';

/** What a plan does to the unit's outputs, as terraform words it. */
export type OutputChanges = NonNullable<PlanJson['output_changes']>;

/** An output that the upstream's plan does not leave as it is. */
export interface OutputChange {
  readonly output: string;
  readonly how: 'changes' | 'becomes unknown' | 'is missing' | 'goes away';
}

/**
 * Which of the consumed outputs the upstream's plan changes, leaves unknown or does not give (G6): where there is one, the dependent is
 * deferred to the next round. Empty where it may be planned now and applied after its upstream. Pure.
 */
export function changedOutputs(upstream: OutputChanges, consumed: readonly string[] | null): readonly OutputChange[] {
  const found: OutputChange[] = [];
  for (const output of consumed ?? Object.keys(upstream).toSorted()) {
    const change = Object.hasOwn(upstream, output) ? upstream[output] : undefined;
    if (change !== undefined && isNull(change)) continue;
    if (change === undefined) found.push({ output, how: 'is missing' });
    else if (change.actions.includes('delete')) found.push({ output, how: 'goes away' });
    else if (change.after_unknown !== undefined && change.after_unknown !== false && anyTrue(change.after_unknown))
      found.push({ output, how: 'becomes unknown' });
    else if (!isNoOp(change.actions)) found.push({ output, how: 'changes' });
  }
  return found;
}

/** True for an output that is null and was null, whatever terraform calls that. */
function isNull({ before, after, after_unknown: unknown }: OutputChanges[string]): boolean {
  return before === null && after === null && (unknown === undefined || unknown === false);
}

/** The sentence beside a deferred unit. */
export function deferralReason(upstream: string, changes: readonly OutputChange[]): string {
  return changes.map(({ output, how }) => `${output} of ${upstream} ${how}`).join('; ');
}

function anyTrue(mask: unknown): boolean {
  if (typeof mask === 'boolean') return mask;
  return typeof mask === 'object' && mask !== null && Object.values(mask).some(anyTrue);
}
