import type { PlanJson } from './plan-json';

/** Changes of one unit's plan. A replacement counts as one `replace`, not as create and destroy. */
export interface ActionCounts {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly destroy: number;
  /** Data sources read at apply. */
  readonly read: number;
  readonly import: number;
  readonly move: number;
  readonly forget: number;
  /** Outputs that change. */
  readonly outputs: number;
}

export const noActions: ActionCounts = { create: 0, update: 0, replace: 0, destroy: 0, read: 0, import: 0, move: 0, forget: 0, outputs: 0 };

export function addActions(a: ActionCounts, b: ActionCounts): ActionCounts {
  return {
    create: a.create + b.create,
    update: a.update + b.update,
    replace: a.replace + b.replace,
    destroy: a.destroy + b.destroy,
    read: a.read + b.read,
    import: a.import + b.import,
    move: a.move + b.move,
    forget: a.forget + b.forget,
    outputs: a.outputs + b.outputs,
  };
}

/** True where anything but reading would happen. */
export function hasChanges(actions: ActionCounts): boolean {
  const { read: _read, ...rest } = actions;
  return Object.values(rest).some((count) => count > 0);
}

/** True where applying the plan would change neither resources nor state. */
export function changesNothing(plan: PlanJson): boolean {
  return plan.applyable === undefined ? !hasChanges(countActions(plan)) : !plan.applyable;
}

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
