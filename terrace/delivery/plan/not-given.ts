import type { Remark } from '../bundle/remark';
import type { PlanTarget } from '../target/plan-target';

/**
 * Targets that need none of these variables, and a remark for each of the others: they are not planned, because what writes is not given to
 * whoever only reads. Pure.
 */
export function withoutVariables(
  targets: readonly PlanTarget[],
  names: readonly string[],
): { readonly targets: readonly PlanTarget[]; readonly remarks: readonly Remark[] } {
  const needed = ({ unit }: PlanTarget): readonly string[] => unit.variables.flatMap(({ name }) => (names.includes(name) ? [name] : []));
  return {
    targets: targets.filter((target) => needed(target).length === 0),
    remarks: targets.flatMap((target) => {
      const missing = needed(target);
      if (missing.length === 0) return [];
      const text = `it is not planned here: ${missing.join(', ')} exists only with write access, and is available to the protected branch alone`;
      return [{ kind: 'unit-unplanned' as const, unit: target.unit.path, text }];
    }),
  };
}
