import { moveAccepted, type UnitsAt } from '../delivery/accepted/move-accepted';
import { factsAt } from '../delivery/accepted/find-accepted';
import { otherSource } from '../delivery/approve/other-source';
import { factsOfFolder, requirePlannedFromAccepted, rulesFor, type PolicyFlags, type Ruling } from '../delivery/approve/rules';
import { treeOfCommit } from '../delivery/affected/commit-trees';
import type { VerifiedBundle } from '../delivery/bundle/verify';
import { environmentUnits } from '../delivery/plan/covered';
import { refused } from '../delivery/problems';
import { readModel } from '../model/model-file';
import { awsStates } from '../delivery/record/states';
import type { Accounts } from '../delivery/terraform/accounts';
import { grantsFrom, noGrants, type GrantsOf } from '../delivery/terraform/grants';
import { openRepository } from '../git/repository';
import { exitCodes, refuse } from '../base/errors';
import { isSandbox } from '../base/sandbox-shell';

import type { CommandContext } from './command-context';
import { judges } from './judges';

/** What judges a bundle that is to be applied, and what moves the accepted commit afterwards. */
export interface ApplyingRuling extends Ruling {
  readonly onApplied: (verified: VerifiedBundle) => Promise<readonly string[]>;
}

/**
 * The judge of a command that applies: outside of the sandbox there is always an accepted commit, or nothing is applied; and what is applied
 * is what the commit gives when it is synthesized again, or stands in the `tree` of it that is given.
 */
export async function applyingRuling(
  context: CommandContext,
  flags: PolicyFlags & { readonly tree?: string },
  accounts: Accounts,
): Promise<ApplyingRuling> {
  const ruling = await rulesFor(flags, process.env, judges, context.repository(), accounts);
  const isReal = !isSandbox(process.env);
  const unitsAt = unitsOfCommit(context, flags.tree);
  return {
    ...ruling,
    judge: async (verified) => {
      const judgements = await ruling.judge(verified);
      if (isReal && flags.policy !== undefined) await requirePlannedFromAccepted(verified, ruling.moving);
      if (isReal) refuse(await otherSource(verified, unitsAt), exitCodes.refused);
      return judgements;
    },
    onApplied: (verified) => moveAccepted(verified, { ...ruling.moving, states: awsStates, now: () => new Date(), unitsAt }),
  };
}

/** The units of a commit by the tree that is given, else synthesized from the commit in a process without credentials. */
function unitsOfCommit(context: CommandContext, tree: string | undefined): UnitsAt {
  return async (environment, commit) => {
    const folder = tree ?? (await treeAt(context, environment, commit));
    if (folder === undefined) return undefined;
    const model = readModel(folder);
    if (tree !== undefined && (model.commit !== commit || model.dirty))
      throw refused('E6006', {
        place: folder,
        found: `a tree of ${model.dirty ? 'a changed work tree' : (model.commit ?? 'no commit')}`,
        expected: commit,
        todo: 'give the tree of the commit that is applied',
      });
    return environmentUnits({ folder, model }, environment);
  };
}

async function treeAt(context: CommandContext, environment: string, commit: string): Promise<string | undefined> {
  const root = context.projectIfAny();
  const repository = root === undefined || context.history() !== root ? undefined : openRepository(root);
  return repository === undefined ? undefined : await treeOfCommit(repository, commit, context.includePlanned, [environment]);
}

/** What facts grant a command that only reads: those of the work tree in the sandbox, else of the branch that the remote calls its own. */
export async function readingGrants(context: CommandContext): Promise<GrantsOf> {
  if (isSandbox(process.env)) return grantsFrom((await factsOfFolder(context.projectIfAny()))?.environments ?? {});
  const root = context.history();
  const repository = root === undefined ? undefined : openRepository(root);
  const branch = repository?.remoteBranch();
  if (repository === undefined || branch === undefined) return noGrants;
  return grantsFrom((await factsAt(repository, repository.commitOf(branch)))?.environments ?? {});
}
