import { canonicalText, sha256 } from '../../base/canonical';
import { contentDigest } from '../../model/content-digest';
import { sourcePlan } from '../../terraform/source-plan';
import type { DeferredSource } from '../bundle/bundle';
import { maskPlan } from '../masking/mask-plan';
import type { PlanTarget } from '../target/plan-target';
import type { DeliveryContext } from '../terraform/context';

import { planUnit, type PlanOptions, type UnitPlanning } from './plan-unit';

/** What the source of a unit changes that is not planned yet. */
export interface Preview {
  /** `new`: it was never applied. `same`: its source is what was applied. `changes`: as planned with what its upstreams give now. */
  readonly how: 'new' | 'same' | 'changes';
  /** `plan.masked.json` of the changes; absent where the source is the same. */
  readonly masked?: Uint8Array;
}

/**
 * What a deferred unit's source changes, as far as it can be known now: for a new one from its source alone, for a changed one by a plan
 * that is shown and thrown away, with mocks for what no state gives. Undefined where even that fails: the next round says why.
 */
async function previewOf(context: DeliveryContext, target: PlanTarget, options: PlanOptions): Promise<Preview | undefined> {
  if (target.operation !== 'apply' || context.signal.aborted) return undefined;
  try {
    const account = await context.accounts.environmentFor(target.unit, target.access);
    const record = await context.states.readRecord(target.unit, account);
    if (record === undefined || record.status === 'destroyed') {
      const json: unknown = JSON.parse(Buffer.from(target.files.get('main.tf.json') ?? new Uint8Array()).toString('utf8'));
      return { how: 'new', masked: Buffer.from(canonicalText(maskPlan(sourcePlan(json), { key: new Uint8Array(32) }))) };
    }
    if (record.status === 'applied' && record.files === contentDigest(target.files)) return { how: 'same' };
  } catch {
    return undefined;
  }
  const planned = await planUnit(context, target, { ...options, mock: true, lock: false }, () => {});
  return planned.kind === 'planned' ? { how: 'changes', masked: planned.parts.masked } : undefined;
}

/** A deferred unit with what its source changes. */
export async function withPreview(
  context: DeliveryContext,
  target: PlanTarget,
  options: PlanOptions,
  deferred: UnitPlanning,
): Promise<UnitPlanning> {
  const preview = await previewOf(context, target, options);
  return deferred.kind === 'deferred' && preview !== undefined ? { ...deferred, preview } : deferred;
}

/** What the bundle says of a preview. */
export function sealedPreview({ how, masked }: Preview): DeferredSource {
  return { how, masked: masked === undefined ? null : { sha256: sha256(masked), size: masked.length } };
}
