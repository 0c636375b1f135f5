import type { AffectedReport } from '../../delivery/affected/affected';
import { isSealed, planBundle } from '../../delivery/plan/plan-bundle';
import { targetsOf } from '../../delivery/plan/selection';
import { failed } from '../../delivery/problems';
import type { PlanTarget } from '../../delivery/target/plan-target';
import type { DeliveryContext } from '../../delivery/terraform/context';
import { runInOrder, unitsAtOnce } from '../../delivery/terraform/pool';
import type { Problem } from '../../base/errors';
import type { Model } from '../../model/model';
import { hasChanges, noActions } from '../../terraform/action-counts';
import type { LastPlan } from '../rehearsal';
import { plansNothing } from './plans-nothing';

/** Units of the last plan: all, or with a base those that the change concerns. */
export function lastTargets(
  selected: Parameters<typeof targetsOf>[0],
  report: AffectedReport,
  base: string | undefined,
): ReturnType<typeof targetsOf> {
  const concerned = new Set(report.units.map(({ unit }) => unit));
  return targetsOf(
    base === undefined ? selected : { ...selected, units: selected.units.filter(({ path: unit }) => concerned.has(unit)) },
    'apply',
  );
}

/**
 * What is left when every round is through, which nobody applies; nothing is what a rehearsal is for. Terraform alone is asked of every unit;
 * a unit for which it does not say that nothing changes is planned as in a round, for what changes or why it cannot be planned.
 */
export async function lastPlan(
  context: DeliveryContext,
  model: Model,
  targets: ReturnType<typeof targetsOf>,
  request: Pick<Parameters<typeof planBundle>[1], 'recipients' | 'out' | 'round' | 'memory'>,
): Promise<{ readonly plan: LastPlan; readonly problems: readonly Problem[] }> {
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const left = targets.length === 0 ? [] : await notEmpty(context, targets, request.round ?? 1);
  if (left.length === 0) return { plan: { units: targets.length, changed: [], seconds: seconds() }, problems: [] };
  const report = await planBundle(context, {
    targets: left,
    commit: model.commit,
    dirty: model.dirty,
    authors: [],
    rules: null,
    models: new Map(model.units.map((unit) => [unit.path, unit])),
    ...request,
  });
  const changed = isSealed(report.bundle)
    ? report.bundle.units.flatMap(({ unit, unchanged, actions }) =>
        unchanged && !hasChanges(actions)
          ? []
          : [
              {
                unit: unit.path,
                counts: { create: actions.create, update: actions.update, replace: actions.replace, delete: actions.destroy },
              },
            ],
      )
    : [];
  return { plan: { units: targets.length, changed, seconds: seconds() }, problems: report.problems };
}

/** The units of which terraform does not say that nothing changes. Raises E6036 after Ctrl-C. */
async function notEmpty(context: DeliveryContext, targets: readonly PlanTarget[], round: number): Promise<readonly PlanTarget[]> {
  context.onEvent({ type: 'round', phase: 'plan', round, units: targets.map(({ unit }) => unit.path) });
  const tasks = targets.map((target) => ({ path: target.unit.path, after: [], target }));
  const isEmpty = await runInOrder(tasks, unitsAtOnce(context.parallel), async ({ path: unit, target }) => {
    if (context.signal.aborted) return false;
    const began = performance.now();
    context.onEvent({ type: 'planning', unit });
    const nothing = await plansNothing(context, target);
    if (nothing)
      context.onEvent({
        type: 'planned',
        unit,
        actions: noActions,
        unchanged: true,
        tainted: false,
        seconds: (performance.now() - began) / 1000,
      });
    return nothing;
  });
  if (context.signal.aborted) {
    context.onEvent({ type: 'interrupted' });
    throw failed('E6036', {
      found: 'interrupted before everything was planned; terraform ended cleanly',
      todo: 'run the command again',
    });
  }
  return targets.filter(({ unit }) => isEmpty.get(unit.path) !== true);
}
