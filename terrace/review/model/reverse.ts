import { statefulTypes } from '../findings/stateful';
import type { ResourceChange } from '../plan/plan-model';

/** A resource that going back to the former commit would touch. */
export interface Reversed {
  readonly unit: string;
  readonly address: string;
  readonly change: string;
  /** True where it will hold data by then that goes back with it, or that is already gone. */
  readonly stateful: boolean;
}

/** What the plan of the opposite change would do. */
export interface Reverse {
  /** Created now, so destroyed then, with what they hold by then. */
  readonly destroyed: readonly Reversed[];
  /** Replaced now, so replaced once more. */
  readonly replaced: readonly Reversed[];
  /** Deleted now: created again, but empty. */
  readonly emptied: readonly Reversed[];
}

/** What going back would do; only the actions are turned round, no plan is made. */
export function reverseOf(changes: readonly ResourceChange[]): Reverse {
  const of = (action: ResourceChange['action']): readonly Reversed[] =>
    changes
      .filter((change) => change.action === action && change.mode === 'managed')
      .map((change) => ({ unit: change.unit, address: change.address, change: change.id, stateful: statefulTypes.has(change.type) }));
  return { destroyed: of('create'), replaced: of('replace'), emptied: of('delete') };
}
