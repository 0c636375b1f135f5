import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { TerraceError } from '../../base/errors';
import { isSandbox } from '../../base/sandbox-shell';
import { openRepository, type Repository } from '../../git/repository';
import { factsAt } from '../accepted/find-accepted';
import { parsePolicy, policyFile, type ApprovalPolicy } from '../approval/approval-rules';
import type { EnvironmentsFile } from '../approval/environment-facts';
import { evaluate, type ApprovalStanding, type SignedFile } from '../approval/evaluate';
import { rulesChanged } from '../approval/second-approver';
import { sandboxKeys } from '../approval/sandbox-keys';
import type { VerifiedBundle } from '../bundle/verify';

import { destroyFindings, type Judges } from './judges';
import { factsOfFolder } from './rules';

/** What is known of a bundle's environments without an account: what they are, and which approvals they ask for. */
export interface KnownStanding {
  /** Empty where no facts are known. */
  readonly facts: EnvironmentsFile['environments'];
  /** Where the approval rules stand: `sandbox`, a commit, or the work tree; undefined where there are none. */
  readonly rules?: string;
  readonly approvals: readonly ApprovalStanding[];
}

export interface StandingRequest {
  /** The project or repository; undefined where there is none. */
  readonly root: string | undefined;
  /** The protected branch. @default that of the remote `origin` */
  readonly policyRef?: string;
  readonly envelopes: readonly SignedFile[];
  readonly judges: Pick<Judges, 'review'>;
  readonly env: NodeJS.ProcessEnv;
  readonly now: Date;
}

/**
 * What a bundle still needs, for people to read: of the sandbox's rules there; else of the rules of the commit that the bundle was planned
 * from, of the protected branch, or of the work tree. No account is asked and nothing is decided by it: apply looks the accepted commit up.
 */
export async function knownStanding(verified: VerifiedBundle, request: StandingRequest): Promise<KnownStanding> {
  const { bundle } = verified;
  const { policy, rules, facts } = await rulesToShow(verified, request);
  if (policy === undefined || rules === undefined) return { facts: facts?.environments ?? {}, approvals: [] };
  const { standing } = evaluate({
    bundle,
    hash: verified.content.hash,
    policy,
    envelopes: request.envelopes,
    findings:
      rules === 'sandbox'
        ? []
        : [
            ...(bundle.rules?.files ?? []).map((place) => ({ id: rulesChanged, place })),
            ...destroyFindings(verified),
            ...(await request.judges.review(verified)),
          ],
    now: request.now,
  });
  return { facts: facts?.environments ?? {}, rules, approvals: standing };
}

interface RulesToShow {
  readonly policy?: ApprovalPolicy | undefined;
  readonly rules?: string;
  readonly facts: EnvironmentsFile | undefined;
}

async function rulesToShow({ bundle }: VerifiedBundle, { root, policyRef, env }: StandingRequest): Promise<RulesToShow> {
  const own = await unlessBroken(() => factsOfFolder(root));
  if (isSandbox(env)) return { policy: (await unlessBroken(() => sandboxKeys(env)))?.policy, rules: 'sandbox', facts: own };
  const repository = root === undefined ? undefined : openRepository(root);
  const commit = repository === undefined ? undefined : judgingCommit(repository, bundle.rules?.base ?? '', policyRef);
  if (repository !== undefined && commit !== undefined) {
    const text = repository.fileAt(commit, policyFile);
    const policy = text === undefined ? undefined : await unlessBroken(() => parsePolicy(text, policyFile));
    return { policy, rules: commit.slice(0, 12), facts: (await unlessBroken(() => factsAt(repository, commit))) ?? own };
  }
  const file = root === undefined ? undefined : path.join(root, policyFile);
  if (file === undefined || !existsSync(file)) return { facts: own };
  const policy = await unlessBroken(() => parsePolicy(readFileSync(file, 'utf8'), policyFile));
  return { policy, rules: 'work tree', facts: own };
}

/** The one commit that the bundle was planned from, where this clone has it; else the protected branch. */
function judgingCommit(repository: Repository, bases: string, policyRef: string | undefined): string | undefined {
  const [base, ...others] = bases.split(' ').filter((one) => /^[0-9a-f]{40,64}$/.test(one) && repository.has(one));
  if (base !== undefined && others.length === 0) return base;
  const branch = policyRef ?? repository.remoteBranch();
  return branch === undefined ? undefined : repository.commitOf(branch);
}

/** Broken rules or facts refuse at approve and apply; here they are only not shown. */
async function unlessBroken<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof TerraceError) return undefined;
    throw error;
  }
}
