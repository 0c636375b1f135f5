import type { AppliedRecord } from './record';
import { failed, problem } from '../problems';
import type { Problem } from '../../base/errors';
import type { Model, UnitModel } from '../../model/model';

/** What stands at a unit's place now; lineage and serial of its state. */
export interface StandingState {
  readonly lineage: string;
  readonly serial: number;
}

/** A state compared with the record of its last apply (G14). */
export type Remembered =
  /** It is the one that was left, or nobody applied it yet. */
  | { readonly kind: 'fits' }
  /** Another tool wrote it since. */
  | { readonly kind: 'newer'; readonly text: string }
  /** It is gone, older than what was left, or another one: never to be taken for a new one. */
  | { readonly kind: 'lost'; readonly problem: Problem };

/** The one comparison that plan, apply, affected and status go by. Pure. */
export function compareWithRecord(unit: string, record: AppliedRecord | undefined, state: StandingState | undefined): Remembered {
  if (record === undefined || record.status === 'destroyed' || record.state.lineage === null) return { kind: 'fits' };
  const { lineage, serial } = record.state;
  const left = `Terrace left it at serial ${serial} of lineage ${lineage}`;
  if (state === undefined) return lost(unit, `its state is gone; ${left}`);
  if (state.lineage !== lineage)
    return lost(unit, `it has a different state (serial ${state.serial} of lineage ${state.lineage}); ${left}`);
  if (state.serial < serial) return lost(unit, `its state is older than what was applied (serial ${state.serial}); ${left}`);
  if (state.serial > serial && record.status === 'applied')
    return {
      kind: 'newer',
      text: `terraform, cdktf or terragrunt has written the state since: it is at serial ${state.serial}, Terrace left it at ${serial}`,
    };
  return { kind: 'fits' };
}

function lost(unit: string, found: string): Remembered {
  return {
    kind: 'lost',
    problem: problem('E6051', {
      place: unit,
      found,
      todo: `find the right version (terrace state history ${unit}) and restore it: terrace state restore ${unit} --version V\nto give up what it held: terrace plan --start-empty ${unit}`,
    }),
  };
}

/** What git says of the commits that units were applied from, seen from the commit that is planned. */
export interface History {
  /** True where a commit is the planned one, or one of its ancestors. */
  includes(commit: string): boolean;
  /** True where a commit of this history has the unit with files of this digest: a squash or a rebase brought them along. */
  had(unit: string, files: string): Promise<boolean>;
  /** Name of a branch that has the commit; undefined where none does. */
  branchOf(commit: string): string | undefined;
  /** Places at which earlier commits kept the unit's state, the newest first. */
  earlierPlaces(unit: UnitModel): Promise<readonly EarlierUnit[]>;
}

/** A unit as an earlier commit had it, with that commit's model. */
export interface EarlierUnit {
  readonly commit: string;
  readonly unit: UnitModel;
  readonly model: Model;
}

/** Why a unit must not be planned from this branch: another one applied it, and its files were never here. Undefined where it may be. */
export async function notInBranch(
  unit: string,
  files: string | undefined,
  record: AppliedRecord | undefined,
  history: History | undefined,
): Promise<string | undefined> {
  if (record === undefined || history === undefined || record.commit === null || record.status === 'destroyed') return undefined;
  if (record.files === files || history.includes(record.commit) || (await history.had(unit, record.files))) return undefined;
  return record.commit;
}

/** The refusal of units that another branch applied. */
export function behindProblem(unit: string, commit: string, branch: string | undefined) {
  return failed('E6052', {
    place: unit,
    found: `it was applied from ${commit.slice(0, 12)}, which is not in this branch: a plan from here would undo it`,
    todo: `merge ${branch ?? 'the branch that has it'} first; or plan the others without it: --leave-out`,
  }).problems;
}
