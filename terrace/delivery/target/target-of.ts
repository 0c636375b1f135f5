import type { Model, UnitModel } from '../../model/model';
import type { UnitFiles } from '../../model/content-digest';

import { claimOf, previousState } from './moved-state';
import { accessOf, type PlanTarget } from './plan-target';

/** A unit of a model as something to plan. Raises E6038 where the model does not hold its environment. */
export function targetOf(model: Model, unit: UnitModel, files: UnitFiles, operation: 'apply' | 'destroy'): PlanTarget {
  const previous = previousState(model, unit);
  const claimed = claimOf(model, unit);
  return {
    unit,
    access: accessOf(model, unit),
    files,
    operation,
    ...(previous === undefined ? {} : { previous }),
    ...(claimed === undefined ? {} : { claimed }),
  };
}
