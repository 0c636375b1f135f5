import { TerraceError, exitCodes, type Problem } from '../../base/errors';
import { unitPaths, type BundleUnit } from '../bundle/bundle';
import { filesOf, type VerifiedBundle } from '../bundle/verify';
import { unitScopes } from '../judgement/unit-scopes';
import { canonicalText, sha256 } from '../../base/canonical';
import { changesNothing, countActions } from '../../terraform/action-counts';
import { parsePlan, type PlanJson } from '../../terraform/plan-json';
import { literalsOf } from '../../terraform/scope';
import { stateOfPlan } from '../terraform/plan-archive';
import { problem } from '../problems';
import { maskPlan } from '../masking/mask-plan';
import { problemsOf } from '../terraform/terraform-steps';
import { decryptPlan, type UnmaskedPlan } from '../bundle/encrypted-plan';

/** A unit's plan in plain form, compared with everything the bundle says about it. */
export interface OpenedUnit {
  readonly entry: BundleUnit;
  readonly unmasked: UnmaskedPlan & { readonly plan: Uint8Array };
  readonly plan: PlanJson;
}

/**
 * Decrypts every plan of a bundle and checks that it is the one that was reviewed: the digests of plan and JSON, the state it is bound to,
 * its counts, and the masked JSON, which must follow from it byte by byte (G1). Raises all problems at once (E6077, E6078, E6022; exit 3).
 */
export async function openBundle(verified: VerifiedBundle, identities: readonly string[]): Promise<readonly OpenedUnit[]> {
  const opened: OpenedUnit[] = [];
  const problems: Problem[] = [];
  for (const entry of verified.bundle.units) {
    const { path } = entry.unit;
    try {
      const paths = unitPaths(path);
      const unmasked = await decryptPlan(verified.content.files.get(paths.encrypted) ?? new Uint8Array(), identities, path);
      if (unmasked.plan === null)
        problems.push(problem('E6009', { place: path, found: 'its binary plan was not kept', todo: 'plan again without --mock' }));
      else {
        const plan = parsePlan(unmasked.show, path);
        const open = literalsOf(await unitScopes(filesOf(verified.content, entry)));
        const wrong = disagreements(entry, unmasked, unmasked.plan, { plan, open });
        if (wrong.length > 0)
          problems.push(problem('E6078', { place: path, found: wrong.join('\n'), todo: 'plan again, and approve that plan' }));
        opened.push({ entry, unmasked: { ...unmasked, plan: unmasked.plan }, plan });
      }
    } catch (error) {
      problems.push(...problemsOf(error, path));
    }
  }
  if (problems.length > 0) throw new TerraceError(problems, exitCodes.refused);
  return opened;
}

function disagreements(
  entry: BundleUnit,
  unmasked: UnmaskedPlan,
  bytes: Uint8Array,
  { plan, open }: { readonly plan: PlanJson; readonly open: ReadonlySet<string> },
): readonly string[] {
  const found: string[] = [];
  if (entry.plan === null || bytes.length !== entry.plan.size || sha256(bytes) !== entry.plan.sha256)
    found.push('this is not the plan that was sealed');
  if (sha256(unmasked.show) !== entry.show.sha256) found.push('this is not the plan JSON that was sealed');
  if (found.length > 0) return found;
  const state = stateOfPlan(bytes, entry.unit.path);
  if (state.lineage !== entry.state.lineage || state.serial !== entry.state.serial)
    found.push(
      `the plan is bound to serial ${state.serial} of ${state.lineage ?? 'no lineage'}, the bundle says ${entry.state.serial} of ${entry.state.lineage ?? 'no lineage'}`,
    );
  if (entry.unchanged !== changesNothing(plan)) found.push('whether anything changes does not follow from the plan');
  const { create, update, replace, import: imported } = countActions(plan);
  if (entry.operation === 'destroy' && create + update + replace + imported > 0)
    found.push('it is said to destroy, and its plan makes or changes something');
  if (canonicalText(countActions(plan)) !== canonicalText(entry.actions)) found.push('the numbers of changes are not those of the plan');
  if (sha256(canonicalText(maskPlan(plan, { key: unmasked.key, further: unmasked.further, open }))) !== entry.masked.sha256)
    found.push('what was shown in the review does not follow from the plan');
  return found;
}
