import type { Problem } from '../../base/errors';
import type { Bundle } from '../bundle/bundle';
import { problem } from '../problems';

import { isSignedBy, type Envelope } from './envelope';
import { describeWindow, frozenBy } from './freeze';
import { keyId, publicKeyFrom } from './keys';
import { environmentPolicy, type ApprovalPolicy, type EnvironmentPolicy } from './approval-rules';
import { identityOf, isOwn, same, type Change } from './people';
import { gateReviewOf } from './review-statement';
import { neededFor, secondApprover, type Finding } from './second-approver';
import { approvalOf, type Approval } from './statement';

/** An envelope and the file it came from. */
export interface SignedFile {
  readonly file: string;
  readonly envelope: Envelope;
}

export interface Evaluation {
  readonly bundle: Bundle;
  /** SHA-256 of `bundle.json` as it is now. */
  readonly hash: string;
  readonly policy: ApprovalPolicy;
  readonly envelopes: readonly SignedFile[];
  readonly findings: readonly Finding[];
  readonly now: Date;
  /** Environments (`<system>/<environment>`) whose rules count. @default those of the bundle's units */
  readonly environments?: readonly string[];
  /** Authors of the change beside those that the bundle names. @default none */
  readonly authors?: readonly string[];
}

/** What one environment asks for, and what of it is there. */
export interface ApprovalStanding {
  /** `<system>/<environment>`. */
  readonly environment: string;
  /** Number of different people. */
  readonly needed: number;
  /** Identities whose approval counts there, sorted. */
  readonly given: readonly string[];
  /** Identities whose approval would count: approvers who did not make the change, where the rules ask for that. */
  readonly approvers: readonly string[];
  /** Findings because of which one more is needed. */
  readonly reasons: readonly Finding[];
  /** The window in which nothing is applied now. */
  readonly freeze?: string;
}

export interface Verdict {
  /** Empty where the approval rules are satisfied. */
  readonly problems: readonly Problem[];
  /** Identities whose approval counts in at least one environment, sorted. */
  readonly approvedBy: readonly string[];
  /** By environment, sorted; one that the approval rules do not name is left out. */
  readonly standing: readonly ApprovalStanding[];
}

/** An approval may be dated this far ahead of the clock that judges it, milliseconds. */
const clockSkew = 5 * 60_000;

/** Whether a bundle's approvals satisfy the approval rules, environment by environment. Pure: the same input gives the same verdict. */
export function evaluate(evaluation: Evaluation): Verdict {
  const problems: Problem[] = [];
  // Why an envelope does not count matters only where one is missing: an old approval that still lies there is no fault.
  const remarks: Problem[] = [];
  const proposals: Proposal[] = [];
  const approvals = evaluation.envelopes.flatMap((signed) => countable(signed, evaluation, remarks, proposals));
  const approvedBy = new Set<string>();
  const standing: ApprovalStanding[] = [];
  const names = evaluation.environments ?? evaluation.bundle.units.map(({ unit }) => `${unit.system}/${unit.environment}`);
  for (const name of [...new Set(names)].toSorted()) {
    const [system = '', environment = ''] = name.split('/');
    const rules = environmentPolicy(evaluation.policy, system, environment);
    if (rules === undefined) {
      problems.push(
        problem('E6010', {
          place: name,
          found: 'the approval rules do not name this environment',
          todo: 'add it to terrace.approvals.json on the protected branch',
        }),
      );
      continue;
    }
    const window = frozenBy(rules.freeze ?? [], evaluation.now);
    if (window !== undefined)
      problems.push(
        problem('E6012', {
          place: name,
          found: describeWindow(window),
          todo: 'wait until the freeze ends, or change the approval rules on the protected branch',
        }),
      );
    const own: Change = {
      policy: evaluation.policy,
      authors: [...evaluation.bundle.authors, ...(evaluation.authors ?? []), ...proposersOf(proposals, rules, evaluation.policy)],
    };
    const counting = approvals.filter((approval) => allowed(approval, rules, name, own, evaluation.now, remarks));
    const people = new Set(counting.map((approval) => approval.identity.toLowerCase()));
    for (const approval of counting) approvedBy.add(approval.identity);
    const reasons = secondApprover(rules, name, evaluation.findings);
    const needed = neededFor(rules, reasons, own);
    standing.push({
      environment: name,
      needed,
      given: [...new Set(counting.map(({ identity }) => identity))].toSorted(),
      approvers: rules.approvers.filter((identity) => !isOwn(identity, rules, own)),
      reasons,
      ...(window === undefined ? {} : { freeze: describeWindow(window) }),
    });
    if (people.size < needed) {
      problems.push(
        problem('E6010', {
          place: name,
          found: `${people.size} of ${needed} approvals${reasons.length > 0 ? `; one more than usual because of\n${reasons.map(({ id, place }) => `  ${id} ${place}`).join('\n')}` : ''}`,
          expected: `from ${rules.approvers.join(', ')}${rules.ownChange === true ? '' : ', not of one’s own change'}`,
          todo: 'terrace approve <bundle> --key <PEM>',
        }),
      );
    }
  }
  if (problems.some((item) => item.code === 'E6010')) problems.push(...remarks);
  return { problems, approvedBy: [...approvedBy].toSorted(), standing };
}

interface SignedApproval extends Pick<Approval, 'bundle' | 'units' | 'approvedAt'> {
  readonly identity: string;
  readonly file: string;
  /** Identity of the engine that says so, where the person did not sign. */
  readonly engine?: string;
}

/** Who proposed the change, as an engine says. */
interface Proposal {
  readonly engine: string;
  readonly logins: readonly string[];
}

/** Identities of those who proposed the change, where an engine says so that may speak for the environment's gates. */
function proposersOf(proposals: readonly Proposal[], { gateKeys = [] }: EnvironmentPolicy, policy: ApprovalPolicy): readonly string[] {
  return proposals
    .filter(({ engine }) => gateKeys.some((identity) => same(identity, engine)))
    .flatMap(({ logins }) => logins.flatMap((login) => identityOf(login, policy) ?? []));
}

/** An envelope counts when a key of the approval rules signed it, for this bundle and exactly its units. */
function countable(signed: SignedFile, evaluation: Evaluation, problems: Problem[], proposals: Proposal[]): readonly SignedApproval[] {
  const place = signed.file;
  const signer = evaluation.policy.keys.find((key) => {
    const publicKey = publicKeyFrom(key.publicKey, key.identity);
    return isSignedBy(signed.envelope, publicKey, keyId(publicKey));
  });
  if (signer === undefined) {
    problems.push(
      problem('E6083', {
        place,
        found: 'it is not signed with a key in the approval rules',
        todo: 'add the key to the approval rules on the protected branch first',
      }),
    );
    return [];
  }
  const review = gateReviewOf(signed.envelope, place);
  const approval = review ?? approvalOf(signed.envelope, place);
  if (approval.bundle !== evaluation.hash) {
    problems.push(
      problem('E6084', {
        place,
        found: `it approves bundle ${approval.bundle}`,
        expected: evaluation.hash,
        todo: 'approve this bundle: a new plan needs a new approval',
      }),
    );
    return [];
  }
  const units = evaluation.bundle.units.map(({ unit }) => unit.path);
  if (approval.units.join('\n') !== units.join('\n')) {
    const [sealed, approved] = [new Set(units), new Set(approval.units)];
    const missing = approval.units.filter((unit) => !sealed.has(unit));
    const extra = units.filter((unit) => !approved.has(unit));
    problems.push(
      problem('E6015', {
        place,
        found:
          [
            ...missing.map((unit) => `approved, but not in the bundle: ${unit}`),
            ...extra.map((unit) => `in the bundle, but not approved: ${unit}`),
          ].join('\n') || 'the same units in another order',
        todo: 'approve this bundle',
      }),
    );
    return [];
  }
  const { bundle, approvedAt } = approval;
  const common = { bundle, units: approval.units, approvedAt, file: place };
  if (review === undefined) return [{ ...common, identity: signer.identity }];
  proposals.push({ engine: signer.identity, logins: review.proposedBy });
  return review.logins.flatMap((login) => {
    const identity = identityOf(login, evaluation.policy);
    if (identity !== undefined) return [{ ...common, identity, engine: signer.identity }];
    problems.push(
      problem('E6085', {
        place,
        found: `the approval rules name nobody with the login ${login}`,
        todo: 'add the login and its identity to the approval rules on the protected branch',
      }),
    );
    return [];
  });
}

function allowed(
  approval: SignedApproval,
  rules: EnvironmentPolicy,
  environment: string,
  change: Change,
  now: Date,
  problems: Problem[],
): boolean {
  const place = `${environment}: ${approval.file}`;
  const complain = (complaint: Problem): false => {
    problems.push(complaint);
    return false;
  };
  const { engine, identity, approvedAt } = approval;
  if (engine !== undefined && !(rules.gateKeys ?? []).some((one) => same(one, engine)))
    return complain(
      problem('E6086', {
        place,
        found: `${engine} may not vouch for the gates of this environment`,
        todo: 'add it to gateKeys in the approval rules on the protected branch',
      }),
    );
  if (!rules.approvers.some((one) => same(one, identity)))
    return complain(
      problem('E6087', {
        place,
        found: `${identity} is not an approver of this environment`,
        todo: `ask one of ${rules.approvers.join(', ')}`,
      }),
    );
  if (isOwn(identity, rules, change))
    return complain(problem('E6088', { place, found: `${identity} made this change`, todo: 'ask another approver' }));
  const age = now.getTime() - Date.parse(approvedAt);
  const hours = rules.maxAgeHours ?? 24;
  if (age > hours * 3_600_000)
    return complain(problem('E6089', { place, found: `approved at ${approvedAt}, more than ${hours} h ago`, todo: 'approve it again' }));
  if (age < -clockSkew)
    return complain(
      problem('E6090', { place, found: `approved at ${approvedAt}, which is in the future`, todo: 'set the clock and approve it again' }),
    );
  return true;
}
