import { changedOutputs, deferralReason } from './deferral';
import { applyOrder, type PlanTarget } from '../target/plan-target';
import type { UnitPlanning } from './plan-unit';
import { remoteStatesOf } from '../../terraform/remote-states';

/** What keeps a unit from being planned now, seen from the plans of its upstreams; undefined where nothing does. */
export function excludedByUpstreams(
  target: PlanTarget,
  results: ReadonlyMap<string, UnitPlanning>,
  mock: boolean,
): UnitPlanning | undefined {
  if (target.operation === 'destroy') return undefined;
  const remotes = remoteStatesOf(JSON.parse(Buffer.from(target.files.get('main.tf.json') ?? new Uint8Array()).toString('utf8')));
  for (const { unit: upstream, remoteState } of target.unit.dependencies) {
    const result = results.get(upstream);
    if (result === undefined) continue;
    if (result.kind === 'failed' || result.kind === 'skipped') return { kind: 'skipped', reason: `${upstream} could not be planned` };
    if (result.kind === 'deferred') return { kind: 'deferred', upstream, outputs: [], reason: `${upstream} is itself deferred` };
    const consumed = remotes.find((remote) => remote.name === remoteState)?.outputs ?? [];
    // With --mock, what the upstream has never given is mocked; what it has given and changes is waited for all the same.
    const changes = changedOutputs(result.outputs, consumed).filter(
      ({ output, how }) => !mock || !(how === 'is missing' || result.outputs[output]?.actions.includes('create') === true),
    );
    if (changes.length > 0)
      return { kind: 'deferred', upstream, outputs: changes.map((change) => change.output), reason: deferralReason(upstream, changes) };
  }
  return undefined;
}

/** The results of a finished run, with what may not travel left out of them: reasons stand in the plans' places. */
export function withoutExcluded(
  targets: readonly PlanTarget[],
  results: ReadonlyMap<string, UnitPlanning>,
  mock: boolean,
): ReadonlyMap<string, UnitPlanning> {
  return withoutEarlyDestroys(targets, withoutFailedUpstreams(targets, results, mock));
}

/**
 * A unit may be planned while its upstream, which changes nothing, is still being read and sealed; should that fail, or show a change
 * after all, the unit is judged by it like any other. By wave, so that the verdict reaches everything behind it.
 */
function withoutFailedUpstreams(
  targets: readonly PlanTarget[],
  results: ReadonlyMap<string, UnitPlanning>,
  mock: boolean,
): ReadonlyMap<string, UnitPlanning> {
  const judged = new Map(results);
  for (const target of targets.toSorted((a, b) => a.unit.wave - b.unit.wave)) {
    const { path } = target.unit;
    const planned = judged.get(path);
    if (planned?.kind !== 'planned') continue;
    const verdict = excludedByUpstreams(target, judged, mock);
    if (verdict === undefined) continue;
    const { masked } = planned.parts;
    judged.set(path, verdict.kind === 'deferred' ? { ...verdict, preview: { how: 'changes', masked } } : verdict);
  }
  return judged;
}

/** A unit is destroyed only together with, or after, everything that needed it: it waits where one of those is not in this bundle. */
function withoutEarlyDestroys(
  targets: readonly PlanTarget[],
  results: ReadonlyMap<string, UnitPlanning>,
): ReadonlyMap<string, UnitPlanning> {
  const order = applyOrder(targets);
  const kept = new Map(results);
  for (let changed = true; changed;) {
    changed = false;
    for (const target of targets) {
      const { path } = target.unit;
      if (target.operation !== 'destroy' || kept.get(path)?.kind !== 'planned') continue;
      const waitsFor = order.get(path)?.find((other) => kept.get(other)?.kind !== 'planned');
      if (waitsFor === undefined) continue;
      kept.set(path, { kind: 'deferred', upstream: waitsFor, outputs: [], reason: `kept because ${waitsFor} still needs it` });
      changed = true;
    }
  }
  return kept;
}
