import type { PlanJson } from '../../terraform/plan-json';
import type { Remark } from '../bundle/remark';

/** One remark for each resource that a plan destroys or replaces although the files that were applied last protected it. Pure. */
export function protectionRemarks(unit: string, plan: PlanJson, protects: readonly string[]): readonly Remark[] {
  return (plan.resource_changes ?? []).flatMap(({ address, mode, module_address: module, type, name, change }): readonly Remark[] => {
    const isGone = mode === 'managed' && module === undefined && change.actions.includes('delete');
    if (!isGone || !protects.includes(`${type}.${name}`)) return [];
    return [{ kind: 'protection-removed', unit, text: `${address} is destroyed; what was applied last protected it with prevent_destroy` }];
  });
}
