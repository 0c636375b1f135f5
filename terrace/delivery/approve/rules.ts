import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { Problem } from '../../base/errors';

import { approvalsFolder, readApprovals } from './approve';
import { matches, rulesChanged, type Finding, type SignedFile } from '../approval/evaluate';
import { parsePolicy, policyFile, type ApprovalPolicy } from '../approval/approval-rules';
import { environmentsFile, parseEnvironments, type EnvironmentsFile } from '../approval/environment-facts';
import { openRepository, type Repository } from '../../git/repository';
import { factProblems } from './fact-problems';
import { ruleFiles } from '../affected/watched-files';
import type { VerifiedBundle } from '../bundle/verify';
import { failed, refused } from '../problems';
import { messageOf } from '../../base/message';
import { isSandbox } from '../../base/sandbox-shell';
import { encryptFor, readIdentities, readRecipients } from '../bundle/age';
import { sandboxKeys } from '../approval/sandbox-keys';
import { exitCodes } from '../../base/errors';

export interface PolicyFlags {
  /** Commit of the protected base whose policy counts. */
  readonly policyRef?: string;
  /** File that the caller fetched from the protected base. */
  readonly policy?: string;
  /** The commit that is meant. */
  readonly commit?: string;
}

/** What a review finds in a bundle, by the ids of its rules. */
export type ReviewFindings = (verified: VerifiedBundle) => Promise<readonly Finding[]>;

/** What judges a bundle beside the approval rules. The delivery knows neither review nor policies: who calls it gives them. */
export interface Judges {
  readonly review: ReviewFindings;
  /** Every id that a finding can have. */
  readonly findingIds: () => Promise<readonly string[]>;
  /** What the policies of a commit refuse in a bundle; nothing where it has no policies. */
  readonly denials: (root: string, commit: string) => Promise<Denials>;
}

/** Why a bundle is refused whoever approved it. */
export type Denials = (verified: VerifiedBundle) => Promise<readonly Problem[]>;

/** A policy, what the change itself does to the rules, and what refuses it. */
export interface Rules {
  readonly policy: ApprovalPolicy;
  readonly findings: (verified: VerifiedBundle) => Promise<readonly Finding[]>;
  readonly denials: Denials;
}

/**
 * The rules that judge a bundle, from the protected base and never from the change (G13): of `--policy-ref`, of the file that the caller
 * fetched from there, or in the sandbox its own. Raises E6013 where there are none.
 */
export async function rulesFor(flags: PolicyFlags, env: NodeJS.ProcessEnv, judges: Judges, root: string): Promise<Rules> {
  const { review } = judges;
  if (flags.policy !== undefined)
    return {
      policy: await knownFindings(await parsePolicy(readText(flags.policy), flags.policy), flags.policy, judges),
      findings: (verified) => findingsOf(verified, sealedRules(verified), review),
      denials: factsBeside(flags.policy),
    };
  if (flags.policyRef !== undefined) {
    const repository = openRepository(root);
    if (repository === undefined)
      throw refused('E6013', {
        found: 'this is no git repository, so no commit holds a policy',
        todo: `give --policy FILE with the ${policyFile} of the protected base`,
      });
    const commit = repository.commitOf(flags.policyRef);
    const text = repository.fileAt(commit, policyFile);
    if (text === undefined)
      throw refused('E6013', {
        place: `${flags.policyRef}:${policyFile}`,
        found: 'the protected base has no such file',
        todo: 'write it on the base first; docs/delivery.md shows one',
      });
    return {
      policy: await knownFindings(await parsePolicy(text, `${flags.policyRef}:${policyFile}`), `${flags.policyRef}:${policyFile}`, judges),
      denials: await denialsAt(repository, commit, judges),
      findings: (verified) => {
        const planned = verified.bundle.commit;
        if (planned === null || !repository.has(planned)) return findingsOf(verified, ['(commit not known)'], review);
        const changed = ruleFiles(repository.changedFiles(repository.mergeBase(commit, planned), planned));
        return findingsOf(verified, [...sealedFiles(verified), ...changed], review);
      },
    };
  }
  if (isSandbox(env)) return { policy: (await sandboxKeys(env)).policy, findings: async () => [], denials: async () => [] };
  throw failed(
    'E6013',
    { found: 'no policy is given', todo: `give --policy-ref <protected branch>, or --policy FILE with its ${policyFile}` },
    exitCodes.wrongUsage,
  );
}

/** What the facts and policies of a base refuse before anybody is asked: where a plan would run, and what it holds. */
export interface BaseJudgement {
  readonly facts: EnvironmentsFile | undefined;
  readonly ofChange: EnvironmentsFile | undefined;
  readonly denials: Denials;
}

/** The judgement of a base that a plan is compared with, read at its commit. Raises E6030. */
export async function judgementAt(root: string, base: string, change: string | null, judges: Judges): Promise<BaseJudgement | undefined> {
  const repository = openRepository(root);
  if (repository === undefined) return undefined;
  const commit = repository.commitOf(base);
  return {
    facts: await factsAt(repository, commit),
    ofChange: change === null || !repository.has(change) ? undefined : await factsAt(repository, change),
    denials: await denialsAt(repository, commit, judges),
  };
}

/** Facts and policies of a commit, against a bundle. */
async function denialsAt(repository: Repository, commit: string, judges: Judges): Promise<Denials> {
  const facts = await factsAt(repository, commit);
  const policies = await judges.denials(repository.root, commit);
  return async (verified) => {
    const planned = verified.bundle.commit;
    const ofChange = planned === null || !repository.has(planned) ? undefined : await factsAt(repository, planned);
    return [...(facts === undefined ? [] : factProblems(verified.bundle.units, facts, ofChange)), ...(await policies(verified))];
  };
}

/** The facts of a commit; undefined where it has none. Raises E6042. */
export async function factsAt(repository: Repository, commit: string): Promise<EnvironmentsFile | undefined> {
  const text = repository.fileAt(commit, environmentsFile);
  return text === undefined ? undefined : parseEnvironments(text, `${commit.slice(0, 12)}:${environmentsFile}`);
}

/** Where the caller fetched the facts beside the rules, they count as well. */
function factsBeside(policy: string): Denials {
  const file = path.join(path.dirname(policy), environmentsFile);
  if (!existsSync(file)) return async () => [];
  return async (verified) => factProblems(verified.bundle.units, await parseEnvironments(readText(file), file));
}

/** Raises E6013 where the rules wait for findings that nothing can find: they would never ask for anybody. */
async function knownFindings(policy: ApprovalPolicy, place: string, judges: Judges): Promise<ApprovalPolicy> {
  const wanted = Object.values(policy.environments).flatMap((rules) => rules.secondApproverFindings ?? []);
  if (wanted.length === 0) return policy;
  const ids = await judges.findingIds();
  const unknown = wanted.filter((pattern) => !ids.some((id) => matches(pattern, id)));
  if (unknown.length === 0) return policy;
  throw refused('E6013', {
    place,
    found: `secondApproverFindings that match no finding: ${[...new Set(unknown)].join(', ')}`,
    todo: 'the ids of findings are in docs/review.md; a star stands for the end of one',
  });
}

/** What the bundle says about changed rules; a base that was not known counts as a change. */
function sealedRules(verified: VerifiedBundle): readonly string[] {
  return verified.bundle.rules === null ? ['(base not known)'] : sealedFiles(verified);
}

function sealedFiles(verified: VerifiedBundle): readonly string[] {
  return verified.bundle.rules?.files ?? [];
}

/** Findings the policy may want a second approver for: changed rules, destroyed and replaced resources, and those of the review. */
async function findingsOf(verified: VerifiedBundle, files: readonly string[], review: ReviewFindings): Promise<readonly Finding[]> {
  const destroys = verified.bundle.units
    .filter((entry) => entry.operation === 'destroy' || entry.actions.destroy + entry.actions.replace > 0)
    .map((entry) => ({ id: 'delivery/destroys', place: entry.unit.path }));
  return [...[...new Set(files)].map((file) => ({ id: rulesChanged, place: file })), ...destroys, ...(await review(verified))];
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
    { found: 'the plans are encrypted', todo: 'give --identity FILE with an age identity that they were encrypted to' },
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
    throw refused('E6013', { place: file, found: messageOf(cause), todo: 'give a file that can be read' }, cause);
  }
}
