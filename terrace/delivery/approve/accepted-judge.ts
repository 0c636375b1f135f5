import { canonicalText } from '../../base/canonical';
import type { Problem } from '../../base/errors';
import type { Repository } from '../../git/repository';
import { acceptedOf, factsAt, factsOf, requireAncestor, type Accepted, type AcceptedSearch } from '../accepted/find-accepted';
import { historySuperseded, rulesAccepted, rulesChanged, type Finding } from '../approval/second-approver';
import type { EnvironmentFacts, EnvironmentsFile } from '../approval/environment-facts';
import type { Judge, Judgement } from '../approval/judgement';
import { parsePolicy, policyFile, type ApprovalPolicy } from '../approval/approval-rules';
import type { VerifiedBundle } from '../bundle/verify';
import { refused } from '../problems';
import { grantsFrom } from '../terraform/grants';

import { changeSince } from './change-since';
import { factProblems } from './fact-problems';
import { destroyFindings, knownFindings, type Judges } from './judges';

/** Where a bundle's judge is found: the repository, the protected branch, and how the environments' accounts are reached. */
export interface JudgePlace extends AcceptedSearch {
  readonly judges: Judges;
  /** File of the accepted commit's policies that were compiled before. @default compiled now */
  readonly compiled?: string;
}

/** The environments of a bundle's units, sorted. */
export function environmentsOf(
  units: readonly { readonly unit: { readonly system: string; readonly environment: string } }[],
): readonly string[] {
  return [...new Set(units.map(({ unit }) => `${unit.system}/${unit.environment}`))].toSorted();
}

/**
 * The judge of a bundle, outside of what is judged: of each environment the rules, policies and facts of the commit that it accepted last,
 * over everything between that commit and the bundle's own. Raises (exit 3) E6030, E6055, E6057, E6070 to E6075.
 */
export function acceptedJudge(place: JudgePlace): Judge {
  return async (verified) => {
    const { bundle } = verified;
    const { commit } = bundle;
    if (commit === null)
      throw refused('E6055', { found: 'the bundle names no commit, so what it changes is not known', todo: 'commit, then plan' });
    if (!place.repository.has(commit))
      throw refused('E6030', { found: `this clone lacks ${commit.slice(0, 12)}, the commit of the bundle`, todo: 'git fetch' });
    const found: Judgement[] = [];
    for (const environment of environmentsOf(bundle.units)) {
      const search = { ...place, ...(bundle.supersedes === undefined ? {} : { supersedes: bundle.supersedes }) };
      const accepted = await acceptedOf(environment, search);
      if (accepted.accepted.commit !== bundle.supersedes) requireAncestor(place.repository, accepted, commit, place.branch.name);
      if (place.compiled !== undefined && bundle.rules?.base.split(' ').includes(accepted.accepted.commit) !== true)
        throw refused('E6075', {
          place: environment,
          found: `${accepted.accepted.commit.slice(0, 12)} is accepted now, but the policies were compiled for the commit that was accepted before`,
          todo: 'plan again',
        });
      found.push(await judgementOf(place, accepted, verified, commit));
    }
    return found;
  };
}

async function judgementOf(place: JudgePlace, accepted: Accepted, verified: VerifiedBundle, commit: string): Promise<Judgement> {
  const { repository, judges } = place;
  const { environment } = accepted;
  const base = accepted.accepted.commit;
  const [change, facts, ofChange] = await Promise.all([
    changeSince(repository, environment, base, commit),
    factsAt(repository, base),
    factsAt(repository, commit),
  ]);
  const units = verified.bundle.units.filter(({ unit }) => `${unit.system}/${unit.environment}` === environment);
  const findings: Finding[] = [
    ...change.rules.map((file) => ({ id: rulesChanged, place: file })),
    ...(verified.bundle.supersedes === undefined ? [] : [{ id: historySuperseded, place: verified.bundle.supersedes }]),
    ...(accepted.accepted.by === 'rules accept' ? [{ id: rulesAccepted, place: environment }] : []),
    ...destroyFindings(verified),
    ...(await judges.review(verified)),
  ];
  return {
    environments: [environment, ...reached(environment, facts, factsOf(ofChange, environment))],
    policy: await policyAt(repository, base, judges),
    authors: change.authors,
    findings,
    grants: grantsFrom({ [environment]: accepted.facts }),
    denials: [...factProblems(units, accepted.facts, factsOf(ofChange, environment)), ...(await policyDenials(place, base, verified))],
  };
}

/** The approval rules of a commit. Raises E6013, E6046, E6047. */
export async function policyAt(repository: Repository, commit: string, judges: Judges): Promise<ApprovalPolicy> {
  const place = `${commit.slice(0, 12)}:${policyFile}`;
  const text = repository.fileAt(commit, policyFile);
  if (text === undefined)
    throw refused('E6046', {
      place,
      found: 'the accepted commit has no approval rules',
      todo: `write ${policyFile} on the protected branch, then let an administrator accept that commit: terrace rules accept <commit> <system>/<environment>`,
    });
  return knownFindings(await parsePolicy(text, place), place, judges);
}

/** What the policies of a commit refuse. */
export async function policyDenials(
  { repository, judges, compiled }: Pick<JudgePlace, 'repository' | 'judges' | 'compiled'>,
  commit: string,
  verified: VerifiedBundle,
): Promise<readonly Problem[]> {
  return (await judges.denials(repository.root, commit, compiled))(verified);
}

/**
 * Other environments that a change of facts lets this one reach: their account, their role, their bucket. Their rules count as well, or one
 * environment would be changed with the approvals of another.
 */
function reached(environment: string, facts: EnvironmentsFile | undefined, now: EnvironmentFacts | undefined): readonly string[] {
  const before = factsOf(facts, environment);
  if (facts === undefined || now === undefined || before === undefined) return [];
  const holds = (one: EnvironmentFacts, thing: string): boolean => thingsOf(one).includes(thing);
  const fresh = thingsOf(now).filter((thing) => !holds(before, thing));
  return Object.entries(facts.environments)
    .filter(([name, other]) => name !== environment && fresh.some((thing) => holds(other, thing)))
    .map(([name]) => name)
    .toSorted();
}

/** What an environment holds that another could reach it by. */
function thingsOf({ account, stateAccount, credentials, states }: EnvironmentFacts): readonly string[] {
  return [
    `account ${account}`,
    `account ${stateAccount}`,
    ...(credentials.kind === 'ambient' ? [] : [canonicalText(credentials)]),
    ...states.map(({ bucket }) => `bucket ${bucket}`),
  ];
}
