import type { ActionCounts } from '../bundle/bundle';

import type { PlanJson } from '../../terraform/plan-json';

/** Counts a plan's changes. */
export function countActions(plan: PlanJson): ActionCounts {
  const counts = { create: 0, update: 0, replace: 0, destroy: 0, read: 0, import: 0, move: 0, forget: 0, outputs: 0 };
  for (const { change, previous_address, address } of plan.resource_changes ?? []) {
    const actions = new Set(change.actions);
    if (actions.has('delete') && actions.has('create')) counts.replace++;
    else if (actions.has('create')) counts.create++;
    else if (actions.has('delete')) counts.destroy++;
    else if (actions.has('update')) counts.update++;
    else if (actions.has('read')) counts.read++;
    if (actions.has('forget')) counts.forget++;
    if (change.importing !== undefined && change.importing !== null) counts.import++;
    if (previous_address !== undefined && previous_address !== address) counts.move++;
  }
  for (const change of Object.values(plan.output_changes ?? {})) if (!isNoOp(change.actions)) counts.outputs++;
  return counts;
}

export function isNoOp(actions: readonly string[]): boolean {
  return actions.every((action) => action === 'no-op');
}
