import type { DeliveryContext } from '../terraform/context';
import { failure } from '../terraform/events';

import type { UnitPlanning } from './plan-unit';

/** Says how planning a unit ended. */
export function announce(context: DeliveryContext, unit: string, result: UnitPlanning): void {
  if (result.kind === 'planned')
    context.onEvent({
      type: 'planned',
      unit,
      actions: result.entry.actions,
      unchanged: result.entry.unchanged,
      tainted: result.entry.mocks.length > 0,
      seconds: result.seconds,
    });
  else if (result.kind === 'deferred') context.onEvent({ type: 'deferred', unit, reason: result.reason });
  else if (result.kind === 'skipped') context.onEvent({ type: 'skipped', unit, reason: result.reason });
  else context.onEvent(failure(unit, 'plan', result.problems, 0));
}
