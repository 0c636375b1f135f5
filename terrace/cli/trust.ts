import { moveAccepted } from '../delivery/accepted/move-accepted';
import { factsAt } from '../delivery/accepted/find-accepted';
import { factsOfFolder, requirePlannedFromAccepted, rulesFor, type PolicyFlags, type Ruling } from '../delivery/approve/rules';
import type { VerifiedBundle } from '../delivery/bundle/verify';
import { awsStates } from '../delivery/record/states';
import type { Accounts } from '../delivery/terraform/accounts';
import { grantsFrom, noGrants, type GrantsOf } from '../delivery/terraform/grants';
import { openRepository } from '../git/repository';
import { isSandbox } from '../base/sandbox-shell';

import type { CommandContext } from './command-context';
import { judges } from './judges';

/** What judges a bundle that is to be applied, and what moves the accepted commit afterwards. */
export interface ApplyingRuling extends Ruling {
  readonly onApplied: (verified: VerifiedBundle) => Promise<readonly string[]>;
}

/** The judge of a command that applies: outside of the sandbox there is always an accepted commit, or nothing is applied. */
export async function applyingRuling(context: CommandContext, flags: PolicyFlags, accounts: Accounts): Promise<ApplyingRuling> {
  const ruling = await rulesFor(flags, process.env, judges, context.repository(), accounts);
  const isFile = flags.policy !== undefined && !isSandbox(process.env);
  return {
    ...ruling,
    judge: async (verified) => {
      const judgements = await ruling.judge(verified);
      if (isFile) await requirePlannedFromAccepted(verified, ruling.moving);
      return judgements;
    },
    onApplied: (verified) => moveAccepted(verified, { ...ruling.moving, states: awsStates, now: () => new Date() }),
  };
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
