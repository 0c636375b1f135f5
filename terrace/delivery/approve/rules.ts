import { readFileSync } from 'node:fs';

import { approvalsFolder, readApprovals } from './approve';
import { rulesChanged, type Finding, type SignedFile } from '../approval/evaluate';
import { parsePolicy, policyFile, type ApprovalPolicy } from '../approval/approval-rules';
import { openRepository } from '../../git/repository';
import { ruleFiles } from '../affected/watched-files';
import type { VerifiedBundle } from '../bundle/verify';
import { failed, refused } from '../problems';
import { messageOf } from '../../base/message';
import { isSandbox } from '../terraform/sandbox-variables';
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

/** A policy, and what the change itself does to the rules. */
export interface Rules {
  readonly policy: ApprovalPolicy;
  readonly findings: (verified: VerifiedBundle) => Promise<readonly Finding[]>;
}

/**
 * The rules that judge a bundle, from the protected base and never from the change (G13): of `--policy-ref`, of the file that the caller
 * fetched from there, or in the sandbox its own. Raises E6013 where there are none.
 */
export async function rulesFor(flags: PolicyFlags, env: NodeJS.ProcessEnv, review: ReviewFindings, root: string): Promise<Rules> {
  if (flags.policy !== undefined)
    return {
      policy: await parsePolicy(readText(flags.policy), flags.policy),
      findings: (verified) => findingsOf(verified, sealedRules(verified), review),
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
      policy: await parsePolicy(text, `${flags.policyRef}:${policyFile}`),
      findings: (verified) => {
        const planned = verified.bundle.commit;
        if (planned === null || !repository.has(planned)) return findingsOf(verified, ['(commit not known)'], review);
        const changed = ruleFiles(repository.changedFiles(repository.mergeBase(commit, planned), planned));
        return findingsOf(verified, [...sealedFiles(verified), ...changed], review);
      },
    };
  }
  if (isSandbox(env)) return { policy: (await sandboxKeys(env)).policy, findings: async () => [] };
  throw failed(
    'E6013',
    { found: 'no policy is given', todo: `give --policy-ref <protected branch>, or --policy FILE with its ${policyFile}` },
    exitCodes.wrongUsage,
  );
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
