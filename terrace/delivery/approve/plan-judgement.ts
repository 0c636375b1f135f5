import type { Problem } from '../../base/errors';
import { isSandbox, isUnjudged } from '../../base/sandbox-shell';
import type { RulesChange } from '../bundle/bundle';
import type { EnvironmentNote } from '../bundle/remark';
import type { VerifiedBundle } from '../bundle/verify';
import type { Accounts } from '../terraform/accounts';
import { grantsFrom, type GrantsOf } from '../terraform/grants';

import { acceptedChange } from './accepted-change';
import { environmentsOf } from './accepted-judge';
import type { StatedUnit } from './fact-problems';
import type { Judges } from './judges';
import { factsOfFolder, judgePlace } from './rules';

/** Where what judges a plan is found. */
export interface PlanJudges {
  readonly env: NodeJS.ProcessEnv;
  readonly accounts: Accounts;
  /** What judges a bundle beside the approval rules. */
  readonly judges: Judges;
  /** Folder of the project: in the sandbox its policies and facts judge. @default none */
  readonly project?: string;
  /** Folder of the repository with the protected branch. @default none, which is refused outside of the sandbox: E6013 */
  readonly repository?: string;
  /** The protected branch. @default the base of the change, else that of the remote `origin` */
  readonly branch?: string;
  /** Policies of the accepted commit, compiled. @default compiled now */
  readonly policies?: string;
  /** The accepted commit that a rolled-back history lost. @default none */
  readonly supersedes?: string;
}

/** What the accepted commits say of a change before anybody is asked. */
export interface JudgedPlan {
  readonly problems: readonly Problem[];
  readonly grants: GrantsOf;
  readonly denials: (verified: VerifiedBundle) => Promise<readonly Problem[]>;
  readonly authors: readonly string[];
  readonly rules: RulesChange | null;
  readonly recipientsOf: (environment: string) => readonly string[] | undefined;
  readonly notes: readonly EnvironmentNote[];
}

/** A target as far as it is judged. */
interface Judged extends Pick<StatedUnit, 'unit'> {
  readonly access: StatedUnit['environment'];
}

/**
 * The judge of a plan: the rules, policies and facts that each environment accepted last bind it before anybody is asked, and before terraform
 * has the credentials that a change names. In the sandbox, which has nothing to protect, the policies and facts of the project do, so that what
 * will be refused is known. Raises what `acceptedChange` raises.
 */
export function planJudge(at: PlanJudges) {
  return async (targets: readonly Judged[], commit: string | null, base?: string): Promise<Partial<JudgedPlan>> => {
    // A pipeline gives the accepted policies: it is judged as one, also where its cloud is a sandbox.
    if (isSandbox(at.env) && at.policies === undefined) {
      const facts = await factsOfFolder(at.project);
      const denials = at.project === undefined || isUnjudged(at.env) ? undefined : await at.judges.denialsIn(at.project);
      return { grants: grantsFrom(facts?.environments ?? {}), ...(denials === undefined ? {} : { denials }) };
    }
    const place = judgePlace(at.repository, at.branch ?? base, at.judges, at.accounts, at.policies);
    return await acceptedChange(
      { ...place, ...(at.supersedes === undefined ? {} : { supersedes: at.supersedes }) },
      targets.map(({ unit, access }) => ({ unit, environment: access })),
      environmentsOf(targets),
      commit,
    );
  };
}
