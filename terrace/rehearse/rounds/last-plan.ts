import type { AffectedReport } from '../../delivery/affected/affected';
import { isSealed, planBundle } from '../../delivery/plan/plan-bundle';
import { targetsOf } from '../../delivery/plan/selection';
import type { DeliveryContext } from '../../delivery/terraform/context';
import type { Problem } from '../../base/errors';
import type { Model } from '../../model/model';
import { hasChanges } from '../../terraform/action-counts';
import type { LastPlan } from '../rehearsal';

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

/** What is left when every round is through, as a plan that nobody applies; an empty one is what a rehearsal is for. */
export async function lastPlan(
  context: DeliveryContext,
  model: Model,
  targets: ReturnType<typeof targetsOf>,
  request: Pick<Parameters<typeof planBundle>[1], 'recipients' | 'out' | 'round' | 'memory'>,
): Promise<{ readonly plan: LastPlan; readonly problems: readonly Problem[] }> {
  const began = performance.now();
  if (targets.length === 0) return { plan: { units: 0, changed: [], seconds: 0 }, problems: [] };
  const report = await planBundle(context, {
    targets,
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
  return { plan: { units: targets.length, changed, seconds: (performance.now() - began) / 1000 }, problems: report.problems };
}
