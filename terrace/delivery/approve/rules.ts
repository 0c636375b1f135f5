import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { exitCodes, type Problem } from '../../base/errors';
import { messageOf } from '../../base/message';
import { openRepository } from '../../git/repository';
import { factsAt, factsOf, newestFacts, standingAccepted } from '../accepted/find-accepted';
import type { Moving } from '../accepted/move-accepted';
import { parsePolicy, policyFile } from '../approval/approval-rules';
import { environmentsFile, parseEnvironments, type EnvironmentsFile } from '../approval/environment-facts';
import type { SignedFile } from '../approval/evaluate';
import { rulesChanged } from '../approval/second-approver';
import type { Judge } from '../approval/judgement';
import { sandboxKeys } from '../approval/sandbox-keys';
import { encryptFor, readIdentities, readRecipients } from '../bundle/age';
import type { VerifiedBundle } from '../bundle/verify';
import { failed, refused } from '../problems';
import { awsAccepted } from '../../state/accepted-object';
import type { Accounts } from '../terraform/accounts';
import { grantsFrom, noGrants, type GrantsOf } from '../terraform/grants';
import { isSandbox, isUnjudged } from '../../base/sandbox-shell';

import { acceptedJudge, environmentsOf, type JudgePlace } from './accepted-judge';
import { approvalsFolder, readApprovals } from './approve';
import { factProblems } from './fact-problems';
import { destroyFindings, knownFindings, type Judges } from './judges';

export interface PolicyFlags {
  /** The protected branch, whose facts say where it stands what was accepted last. @default that of the remote `origin` */
  readonly policyRef?: string;
  /** The approval rules, fetched from the protected branch by the caller, where there is no repository. */
  readonly policy?: string;
  /** Policies of the accepted commit, compiled. */
  readonly policies?: string;
  /** The commit that is meant. */
  readonly commit?: string;
}

/** What judges, and what is needed to move what is accepted afterwards. */
export interface Ruling {
  readonly judge: Judge;
  readonly moving: Omit<Moving, 'states' | 'now' | 'unitsAt'>;
  /** Undefined in the sandbox, and where the rules are a file. */
  readonly place?: JudgePlace;
}

/**
 * What judges a bundle, never taken from what is judged (G13): rules, policies and facts of the commit that each environment accepted last;
 * of files that the caller fetched, where there is no repository; the sandbox's own in the sandbox. Raises E6013, E6030.
 */
export async function rulesFor(
  flags: PolicyFlags,
  env: NodeJS.ProcessEnv,
  judges: Judges,
  root: string | undefined,
  accounts: Accounts,
): Promise<Ruling> {
  const store = awsAccepted;
  if (flags.policy !== undefined) {
    const { policy } = flags;
    const facts = await factsOfFolder(path.dirname(policy));
    return {
      judge: await judgeOfFile(policy, facts, judges),
      moving: { accounts, store, facts: async (environment) => factsOf(facts, environment), isAncestor: () => true },
    };
  }
  if (flags.policyRef === undefined && isSandbox(env)) {
    const facts = await factsOfFolder(root);
    const repository = root === undefined ? undefined : openRepository(root);
    return {
      judge: await sandboxJudge(env, facts, judges, root),
      moving: {
        accounts,
        store,
        facts: async (environment) => factsOf(facts, environment),
        isAncestor: (commit, head) => repository?.isAncestor(commit, head) ?? false,
      },
    };
  }
  const place = judgePlace(root, flags.policyRef, judges, accounts, flags.policies);
  const { repository } = place;
  return {
    judge: acceptedJudge(place),
    place,
    moving: {
      accounts,
      store,
      facts: (environment) => newestFacts(environment, place),
      isAncestor: (commit, head) => repository.isAncestor(commit, head),
    },
  };
}

/**
 * Holds a bundle whose rules are a file against what is accepted: it was planned from there, or its authors are not known. Raises E6070,
 * E6071, E6073 and E6074 (exit 3).
 */
export async function requirePlannedFromAccepted({ bundle }: VerifiedBundle, moving: Ruling['moving']): Promise<void> {
  for (const environment of environmentsOf(bundle.units)) {
    const facts = await moving.facts(environment);
    const standing = facts === undefined ? undefined : await standingAccepted(environment, facts, moving);
    if (facts === undefined)
      throw refused('E6074', {
        place: environment,
        found: `there are no facts about it beside the rules (${environmentsFile})`,
        todo: 'fetch them from the protected branch as well, or pass --policy-ref',
      });
    if (standing === undefined)
      throw refused('E6070', {
        place: environment,
        found: 'no commit has been accepted there yet',
        todo: `terrace backend bootstrap ${environment}`,
      });
    if (bundle.rules?.base.split(' ').includes(standing.accepted.commit) !== true)
      throw refused('E6071', {
        place: environment,
        found: `it was planned from ${bundle.rules?.base ?? 'an unknown base'}, but ${standing.accepted.commit} is accepted now`,
        todo: 'plan again',
      });
  }
}

/** The protected branch that is named, or that the remote calls its own. Raises E6048 (exit 64) without either, E6049 outside of a repository. */
export function judgePlace(
  root: string | undefined,
  name: string | undefined,
  judges: Judges,
  accounts: Accounts,
  compiled?: string,
): JudgePlace {
  const repository = root === undefined ? undefined : openRepository(root);
  if (repository === undefined)
    throw refused('E6049', {
      found: 'this is not a git repository, so no commit has approval rules',
      todo: `pass --repository, or --policy FILE with the ${policyFile} of the protected branch`,
    });
  const branch = name ?? repository.remoteBranch();
  if (branch === undefined)
    throw failed(
      'E6048',
      { found: 'no protected branch is given', todo: 'name it: --policy-ref origin/main (plan: --base origin/main)' },
      exitCodes.wrongUsage,
    );
  return {
    repository,
    branch: { name: branch.replace(/^refs\/remotes\//, ''), commit: repository.commitOf(branch) },
    accounts,
    store: awsAccepted,
    judges,
    ...(compiled === undefined ? {} : { compiled }),
  };
}

/** The sandbox's own rules, with the policies and facts of the work tree: what will judge a change outside of it says so here already. */
async function sandboxJudge(
  env: NodeJS.ProcessEnv,
  facts: EnvironmentsFile | undefined,
  judges: Judges,
  root: string | undefined,
): Promise<Judge> {
  const { policy } = await sandboxKeys(env);
  const denials = root === undefined || isUnjudged(env) ? undefined : await judges.denialsIn(root);
  const grants = grantsFrom(facts?.environments ?? {});
  return async (verified) => [{ policy, findings: [], grants, denials: (await denials?.(verified)) ?? [] }];
}

/** The facts in a work tree; undefined where it has none. Raises E6042. */
export async function factsOfFolder(root: string | undefined): Promise<EnvironmentsFile | undefined> {
  const file = root === undefined ? undefined : path.join(root, environmentsFile);
  return file === undefined || !existsSync(file) ? undefined : parseEnvironments(readText(file), environmentsFile);
}

/** Rules that the caller fetched, with the facts beside them. What the bundle says about its base and its authors is all that is known. */
async function judgeOfFile(file: string, facts: EnvironmentsFile | undefined, judges: Judges): Promise<Judge> {
  const policy = await knownFindings(await parsePolicy(readText(file), file), file, judges);
  return async (verified) => [
    {
      policy,
      findings: [
        ...sealedRules(verified).map((place) => ({ id: rulesChanged, place })),
        ...destroyFindings(verified),
        ...(await judges.review(verified)),
      ],
      denials:
        facts === undefined
          ? []
          : verified.bundle.units.flatMap((entry) =>
              factProblems([entry], factsOf(facts, `${entry.unit.system}/${entry.unit.environment}`)),
            ),
      grants: grantsFrom(facts?.environments ?? {}),
    },
  ];
}

/** What the bundle says about changed rules; a base that was not known counts as a change. */
function sealedRules({ bundle }: VerifiedBundle): readonly string[] {
  return bundle.rules === null ? ['(base not known)'] : bundle.rules.files;
}

/** Recipients from flags; the sandbox's own in the sandbox. Raises E6031 for one that is none, before anything is planned. */
export async function recipientsFor(
  flags: { readonly recipient?: readonly string[]; readonly recipients?: string },
  env: NodeJS.ProcessEnv,
): Promise<readonly string[]> {
  const given = [...(flags.recipient ?? []), ...(flags.recipients === undefined ? [] : readRecipients(flags.recipients))];
  if (given.length > 0) await encryptFor(given, new Uint8Array());
  return given.length === 0 && isSandbox(env) ? [(await sandboxKeys(env)).age.recipient] : given;
}

/** Identities of a file; the sandbox's own in the sandbox. Raises E6022 where there are none. */
export async function identitiesFor(file: string | undefined, env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  if (file !== undefined) return readIdentities(file);
  if (isSandbox(env)) return [(await sandboxKeys(env)).age.identity];
  throw failed(
    'E6022',
    { found: 'the plans are encrypted', todo: 'pass --identity FILE: an age identity that they were encrypted to' },
    exitCodes.refused,
  );
}

/** The approvals of a bundle: those beside it, or of `--approvals`. */
export function approvalsFor(bundle: string, folder: string | undefined): readonly SignedFile[] {
  return readApprovals(folder ?? approvalsFolder(bundle));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw refused('E6045', { place: file, found: messageOf(cause, file), todo: 'give a file that can be read' }, cause);
  }
}

/** What binds whoever says yes, as far as it can be known without an account. */
export interface Binding {
  readonly grants: GrantsOf;
  readonly denials: (verified: VerifiedBundle) => Promise<readonly Problem[]>;
}

/**
 * Policies and facts that bind an approval: those of the accepted commit that the bundle was planned from, if the protected branch has it,
 * else those of the branch itself; of the work tree in the sandbox. Nothing where there is no repository. Apply looks the accepted commit up.
 */
export async function bindingFor(
  { bundle }: VerifiedBundle,
  flags: Pick<PolicyFlags, 'policyRef' | 'policies'>,
  env: NodeJS.ProcessEnv,
  judges: Judges,
  root: string | undefined,
): Promise<Binding> {
  if (isSandbox(env))
    return {
      grants: grantsFrom((await factsOfFolder(root))?.environments ?? {}),
      denials: root === undefined || isUnjudged(env) ? async () => [] : await judges.denialsIn(root),
    };
  const repository = root === undefined ? undefined : openRepository(root);
  const branch = flags.policyRef ?? repository?.remoteBranch();
  if (repository === undefined || branch === undefined)
    return { grants: noGrants, denials: flags.policies === undefined ? async () => [] : await judges.denials('', '', flags.policies) };
  const head = repository.commitOf(branch);
  const bases = (bundle.rules?.base ?? '')
    .split(' ')
    .filter((base) => base !== '' && repository.has(base) && repository.isAncestor(base, head));
  const commits = bases.length > 0 ? bases : [head];
  const facts = await Promise.all(commits.map((commit) => factsAt(repository, commit)));
  const denials = await Promise.all(commits.map((commit) => judges.denials(repository.root, commit, flags.policies)));
  return {
    grants: grantsFrom(Object.assign({}, ...facts.map((file) => file?.environments ?? {})) as EnvironmentsFile['environments']),
    denials: async (verified) => (await Promise.all(denials.map((one) => one(verified)))).flat(),
  };
}
