import { knownStanding } from '../delivery/approve/standing';
import { approvalsFor } from '../delivery/approve/rules';
import type { VerifiedBundle } from '../delivery/bundle/verify';
import { commitText } from '../git/commit-text';
import { isSandbox } from '../base/sandbox-shell';
import type { Judged } from '../review/model/build';

import type { CommandContext } from './command-context';
import { judges } from './judges';

export interface KnownFlags {
  readonly policyRef?: string;
  /** Folder of the approvals. @default beside the bundle */
  readonly approvals?: string;
}

/** What a reviewer is told beside the plans: the commit, the environments, and which approvals are there and needed. Asks no account. */
export async function whatIsKnown(
  context: Pick<CommandContext, 'history' | 'projectIfAny'>,
  verified: VerifiedBundle,
  flags: KnownFlags,
): Promise<Pick<Judged, 'commit' | 'facts' | 'standing'>> {
  const root = context.history() ?? context.projectIfAny();
  const now = new Date();
  const { facts, rules, approvals } = await knownStanding(verified, {
    root,
    envelopes: approvalsFor(verified.content.place, flags.approvals),
    judges,
    env: process.env,
    now,
    ...(flags.policyRef === undefined ? {} : { policyRef: flags.policyRef }),
  });
  const { commit: id } = verified.bundle;
  const commit = root === undefined || id === null ? undefined : commitText(root, id, process.env);
  return {
    facts,
    standing: { approvals, now, sandbox: isSandbox(process.env), ...(rules === undefined ? {} : { rules }) },
    ...(commit === undefined ? {} : { commit }),
  };
}
