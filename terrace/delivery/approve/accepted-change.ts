import type { Problem } from '../../base/errors';
import { acceptedOf, factsAt, factsOf, requireAncestor, type Accepted } from '../accepted/find-accepted';
import { environmentPolicy, type ApprovalPolicy, type EnvironmentPolicy } from '../approval/approval-rules';
import type { EnvironmentNote } from '../bundle/remark';
import type { RulesChange } from '../bundle/bundle';
import type { VerifiedBundle } from '../bundle/verify';
import { refused } from '../problems';
import { grantsFrom, type GrantsOf } from '../terraform/grants';

import { policyAt, policyDenials, type JudgePlace } from './accepted-judge';
import { changeSince } from './change-since';
import { factProblems, type StatedUnit } from './fact-problems';

/** A change before it is planned: whose it is, what of the judge it changes, and what the accepted commits say about it. */
export interface AcceptedChange {
  readonly authors: readonly string[];
  readonly rules: RulesChange;
  readonly grants: GrantsOf;
  /** The accepted rules of an environment; undefined where they name none for it. */
  readonly rulesOf: (environment: string) => EnvironmentPolicy | undefined;
  /** Recipients that the accepted rules of an environment name; undefined where they name none. */
  readonly recipientsOf: (environment: string) => readonly string[] | undefined;
  /** What a reviewer should know of an environment's judge. */
  readonly notes: readonly EnvironmentNote[];
  /** Units that say something else of their environment than its facts do. */
  readonly problems: readonly Problem[];
  /** What the accepted policies refuse in a bundle. */
  readonly denials: (verified: VerifiedBundle) => Promise<readonly Problem[]>;
}

/**
 * Looks each environment's accepted commit up and holds the change against it. Raises (exit 3) E6030 for a commit that this clone lacks, E6055 for none,
 * E6070 where nothing is accepted, E6074 without facts, E6071 for a change that lacks what was applied.
 */
export async function acceptedChange(
  place: JudgePlace,
  units: readonly StatedUnit[],
  environments: readonly string[],
  commit: string | null,
): Promise<AcceptedChange> {
  const { repository } = place;
  if (commit === null)
    throw refused('E6055', { found: 'the tree names no commit, so what changed is not known', todo: 'commit, then plan' });
  if (!repository.has(commit))
    throw refused('E6030', {
      found: `this clone lacks ${commit.slice(0, 12)}, from which the tree was synthesized`,
      todo: 'git fetch, or synthesize again',
    });
  const found = new Map<string, Accepted>();
  const [authors, files] = [new Set<string>(), new Set<string>()];
  const policies = new Map<string, ApprovalPolicy>();
  const problems: Problem[] = [];
  const notes: EnvironmentNote[] = [];
  const ofChange = await factsAt(repository, commit);
  for (const environment of environments) {
    const accepted = await acceptedOf(environment, place);
    const base = accepted.accepted.commit;
    if (base !== place.supersedes) requireAncestor(repository, accepted, commit, place.branch.name);
    const change = await changeSince(repository, environment, base, commit);
    for (const author of change.authors) authors.add(author);
    for (const file of change.rules) files.add(file);
    found.set(environment, accepted);
    policies.set(environment, await policyAt(repository, base, place.judges));
    if (accepted.accepted.by === 'rules accept')
      notes.push({
        environment,
        kind: 'rules-accepted',
        text: `${environment}: its rules were accepted by hand at ${accepted.accepted.at}, without an approval`,
      });
    if (base === place.supersedes)
      notes.push({
        environment,
        kind: 'history-superseded',
        text: `${environment}: ${base.slice(0, 12)} was applied last and is given up`,
      });
    const own = units.filter(({ unit }) => `${unit.system}/${unit.environment}` === environment);
    problems.push(...factProblems(own, accepted.facts, factsOf(ofChange, environment)));
  }
  const rulesOf = (environment: string): EnvironmentPolicy | undefined => {
    const policy = policies.get(environment);
    const [system = '', name = ''] = environment.split('/');
    return policy === undefined ? undefined : environmentPolicy(policy, system, name);
  };
  const bases = [...new Set([...found.values()].map(({ accepted }) => accepted.commit))].toSorted();
  return {
    authors: [...authors].toSorted(),
    rules: { base: bases.join(' ') || commit, files: [...files].toSorted() },
    grants: grantsFrom(Object.fromEntries([...found].map(([name, { facts }]) => [name, facts]))),
    rulesOf,
    recipientsOf: (environment) => rulesOf(environment)?.recipients,
    notes,
    problems,
    denials: async (verified) => (await Promise.all(bases.map((base) => policyDenials(place, base, verified)))).flat(),
  };
}
