import { acceptedOf, standingAccepted } from '../delivery/accepted/find-accepted';
import { factsOfFolder, judgePlace } from '../delivery/approve/rules';
import type { Accounts } from '../delivery/terraform/accounts';
import { isSandbox } from '../base/sandbox-shell';
import { TerraceError, type Problem } from '../base/errors';
import { awsAccepted } from '../state/accepted-object';
import type { CommandContext } from './command-context';
import { judges } from './judges';

/** What one environment accepts, as `terrace status` says it. */
export interface AcceptedStatus {
  readonly environment: string;
  /** Null where nothing is accepted, or nobody can say. */
  readonly commit: string | null;
  readonly by: 'bootstrap' | 'apply' | 'rules accept' | null;
  readonly at: string | null;
  /** Why a plan would be refused. */
  readonly problems: readonly Problem[];
}

/**
 * What each environment accepts. In the sandbox those are left out that accept nothing; elsewhere that is a reason why nothing can be planned.
 */
export async function acceptedStatus(
  context: CommandContext,
  environments: readonly string[],
  branch: string | undefined,
  accounts: Accounts,
): Promise<readonly AcceptedStatus[]> {
  const found: AcceptedStatus[] = [];
  for (const environment of environments) {
    try {
      const accepted = isSandbox(process.env)
        ? await inSandbox(context, environment, accounts)
        : await outside(context, environment, branch, accounts);
      if (accepted !== undefined) found.push({ environment, commit: accepted.commit, by: accepted.by, at: accepted.at, problems: [] });
    } catch (error) {
      if (!(error instanceof TerraceError)) throw error;
      found.push({ environment, commit: null, by: null, at: null, problems: error.problems });
    }
  }
  return found;
}

async function inSandbox(context: CommandContext, environment: string, accounts: Accounts) {
  const facts = (await factsOfFolder(context.projectIfAny()))?.environments ?? {};
  const own = Object.hasOwn(facts, environment) ? facts[environment] : undefined;
  return own === undefined ? undefined : (await standingAccepted(environment, own, { accounts, store: awsAccepted }))?.accepted;
}

async function outside(context: CommandContext, environment: string, branch: string | undefined, accounts: Accounts) {
  return (await acceptedOf(environment, judgePlace(context.history(), branch, judges, accounts))).accepted;
}
