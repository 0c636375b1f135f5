import { readFileSync } from 'node:fs';

import { jsonText } from '../../base/visible';
import { approvalsFolder, approveAsReviewed, approveBundle, writeApproval } from '../../delivery/approve/approve';
import { countingLogins, proposingLogins, type GateReview } from '../../delivery/approval/review-statement';
import { privateKeyFrom, readPrivateKey } from '../../delivery/approval/keys';
import { readContent } from '../../delivery/bundle/content';
import { emptyProblems, judgementProblems, taintProblems, validityProblems, verifyContent } from '../../delivery/bundle/verify';
import { inspectApproved } from '../../delivery/apply/apply-bundle';
import { failed, refused } from '../../delivery/problems';
import { bundleText } from '../../delivery/report/summary';
import { accountsFrom } from '../../delivery/terraform/accounts';
import { isSandbox, isUnjudged } from '../../base/sandbox-shell';
import { sandboxKeys } from '../../delivery/approval/sandbox-keys';
import { exitCodes, refuse, TerraceError } from '../../base/errors';

import { approvalsFor, bindingFor, rulesFor, type PolicyFlags } from '../../delivery/approve/rules';
import { shownOn } from '../shown-on';
import type { CommandContext } from '../command-context';
import { meantCommit } from '../meant-commit';
import { judges } from '../judges';
import { printProblems } from '../with-delivery';
import { malformedValue, missingOption } from '../usage-problems';

export interface ApproveFlags {
  readonly key?: string;
  /** First digits of the hash that was reviewed. @default whatever is there, which is shown */
  readonly hash?: string;
  readonly out?: string;
  readonly comment?: string;
  /** The answer of the engine's API about the run's approvals; with the gate, the run and its attempt. */
  readonly reviewed?: string;
  /** The answers of its API about the pull requests that the change came by. */
  readonly proposed?: string;
  readonly gate?: string;
  readonly run?: string;
  readonly attempt?: string;
  readonly commit?: string;
  readonly policyRef?: string;
  readonly policies?: string;
  readonly json?: boolean;
}

/** `terrace approve` */
export async function runApprove(context: CommandContext, place: string, flags: ApproveFlags): Promise<void> {
  const root = context.history();
  const key = await signingKey(flags.key);
  const verified = await verifyContent(await readContent(place));
  refuseOtherHash(verified.content.hash, flags.hash);
  const binding = await bindingFor(verified, flags, process.env, judges, root);
  const now = new Date();
  // What can never be applied is not worth a signature.
  const problems = [
    ...emptyProblems(verified.bundle),
    ...validityProblems(verified.bundle, { now, allowDirty: isSandbox(process.env) }),
    ...taintProblems(verified.bundle),
    ...(await judgementProblems(verified, binding.grants, isUnjudged(process.env))),
    ...(await binding.denials(verified)),
  ];
  if (problems.length > 0) throw new TerraceError(problems, exitCodes.refused);
  const { hash } = verified.content;
  const signed =
    flags.reviewed === undefined
      ? approveBundle(verified, key, now, flags.comment ?? '')
      : approveAsReviewed(verified, key, reviewOf(flags.reviewed, flags, hash, now));
  const file = writeApproval(signed, flags.out ?? approvalsFolder(place));
  process.stdout.write(
    flags.json === true
      ? `${jsonText({ version: 1, bundle: hash, approval: file, units: verified.bundle.units.map((entry) => entry.unit.path) }, 2)}\n`
      : `${bundleText(verified.bundle, hash, shownOn(process.stdout))}\napproved: ${file}\n`,
  );
}

/** What `--reviewed` and what belongs to it say. Raises E0017 where something is missing. */
function reviewOf(
  list: string,
  { proposed, gate, run, attempt, commit }: ApproveFlags,
  hash: string,
  now: Date,
): Omit<GateReview, 'bundle' | 'units'> {
  if (proposed === undefined || gate === undefined || run === undefined || attempt === undefined || commit === undefined)
    throw missingOption(
      '--reviewed',
      'it also needs --proposed, --gate, --run, --attempt and --commit',
      'name the gate and the run that let the bundle through, and who proposed the change',
    );
  return {
    approvedAt: now.toISOString(),
    logins: countingLogins(readFileSync(list, 'utf8'), gate, hash),
    proposedBy: proposingLogins(readFileSync(proposed, 'utf8'), gate),
    run,
    attempt,
    commit,
  };
}

/** Raises E6064 unless the bundle is the one whose hash was reviewed, E0005 for too few digits to say so. */
function refuseOtherHash(hash: string, reviewed: string | undefined): void {
  if (reviewed === undefined) return;
  if (!/^[0-9a-f]{12,64}$/.test(reviewed))
    throw malformedValue('--hash', reviewed, '12 to 64 hexadecimal digits', 'copy the hash from the review that you have read');
  if (!hash.startsWith(reviewed))
    throw refused('E6064', {
      found: `bundle ${hash}`,
      expected: reviewed,
      todo: 'this is not the bundle that you reviewed: review it, then approve it',
    });
}

/** The key of `--key`; in the sandbox its own. Raises E6031, E6032. */
export async function signingKey(file: string | undefined) {
  if (file !== undefined) return readPrivateKey(file);
  if (isSandbox(process.env)) return privateKeyFrom((await sandboxKeys(process.env)).signing.privatePem, 'sandbox');
  throw failed(
    'E6032',
    { found: 'no key is given', todo: 'pass your ed25519 private key with --key FILE; `terrace keygen --out FILE` creates one' },
    exitCodes.wrongUsage,
  );
}

export interface VerifyFlags extends PolicyFlags {
  readonly approvals?: string;
  readonly json?: boolean;
}

/** `terrace verify` */
export async function runVerify(context: CommandContext, place: string, flags: VerifyFlags): Promise<void> {
  const content = await readContent(place);
  const { judge } = await rulesFor(flags, process.env, judges, context.repository(), accountsFrom(process.env));
  const { bundle, standing, problems } = await inspectApproved({
    content,
    judge,
    approvals: approvalsFor(place, flags.approvals),
    now: new Date(),
    env: process.env,
    ...(flags.commit === undefined ? {} : { commit: meantCommit(flags.commit, context.repository()) }),
  });
  if (flags.json !== true) {
    refuse(problems, exitCodes.refused);
    process.stdout.write(
      `${bundleText(bundle, content.hash, shownOn(process.stdout))}\nintact, and approved as the approval rules require\n`,
    );
    return;
  }
  const exitCode = problems.length > 0 ? exitCodes.refused : exitCodes.done;
  process.stdout.write(
    `${jsonText(
      {
        version: 1,
        exitCode,
        bundle: content.hash,
        units: bundle.units.map((entry) => entry.unit.path),
        verified: problems.length === 0,
        // Of one bundle over several environments, as many as the one that asks for most.
        persons: Math.max(0, ...standing.map(({ needed }) => needed)),
        environments: standing,
        problems,
      },
      2,
    )}\n`,
  );
  printProblems(problems);
  process.exitCode = exitCode;
}
