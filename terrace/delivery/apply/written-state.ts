import { TerraceError, type Problem } from '../../base/errors';
import type { UnitModel } from '../../model/model';
import type { DeliveryContext } from '../terraform/context';
import { unfinishedProblems, type UnfinishedResource } from '../record/unfinished';

/** What terraform said that it had stored, as far as it can be asked. */
export interface WrittenState {
  /** The state's text as it stands there now; undefined where there is none. */
  readonly text: string | undefined;
  /** What was made and does not stand in it. */
  readonly missing: readonly UnfinishedResource[];
  /** Why it is not the state that the apply led to, where it is the one from before. @default nothing is said against it */
  readonly unmoved?: readonly Problem[];
}

/**
 * Requires that what terraform stored is what is stored: an upload can be answered by something on the way and never happen, and terraform
 * ends with 0. Raises E6054 with what stands in no state, E6091 where it did not change, and E4509 where the digest is another one, all that are so.
 */
export async function requireWritten(
  { states }: DeliveryContext,
  unit: UnitModel,
  account: NodeJS.ProcessEnv,
  { text, missing, unmoved = [] }: WrittenState,
): Promise<void> {
  const unwritten = [...unfinishedProblems(unit.path, missing), ...unmoved];
  try {
    if (text !== undefined) await states.requireDigest(unit, account, text);
  } catch (error) {
    throw error instanceof TerraceError && unwritten.length > 0 ? new TerraceError([...error.problems, ...unwritten]) : error;
  }
  if (unwritten.length > 0) throw new TerraceError(unwritten);
}
