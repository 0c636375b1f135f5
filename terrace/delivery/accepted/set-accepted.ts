import { acceptedUrl } from '../../state/accepted-object';
import { exitCodes } from '../../base/errors';
import type { EnvironmentFacts } from '../approval/environment-facts';
import { failed, refused } from '../problems';

import { parseAccepted, type AcceptedCommit } from './accepted-commit';
import { acceptedObject, earlierAccepted, factsAt, factsEnvironment, factsOf, type AcceptedSearch } from './find-accepted';

/** What was done to the accepted commit of an environment. */
export interface AcceptedSet {
  readonly environment: string;
  readonly commit: string;
  /** `stands` where one was there already; `taken along` from the place where the states were before. */
  readonly outcome: 'set up' | 'stands' | 'taken along' | 'accepted';
}

/** The facts of an environment at the protected branch. Raises E6074 (exit 3) where it has none. */
export async function branchFacts(environment: string, { repository, branch }: AcceptedSearch): Promise<EnvironmentFacts> {
  const facts = factsOf(await factsAt(repository, branch.commit), environment);
  if (facts !== undefined) return facts;
  throw refused('E6074', {
    place: environment,
    found: `terrace.environments.json of ${branch.name} has no facts about it`,
    todo: 'run `terrace synth`, commit the file and merge it first',
  });
}

/**
 * The first accepted commit of an environment: the head of the protected branch. What an earlier place of the environment accepted is taken
 * along instead, and that place says so; what stands is left as it is. Raises E6072, E6073, E6074.
 */
export async function setUpAccepted(environment: string, search: AcceptedSearch, now: Date): Promise<AcceptedSet> {
  const { branch, store, accounts } = search;
  const facts = await branchFacts(environment, search);
  const object = acceptedObject(environment, facts);
  const env = await factsEnvironment(accounts, environment, facts);
  const standing = await store.read(object, env);
  if (standing !== undefined) {
    const { commit, movedTo } = await parseAccepted(standing.text, acceptedUrl(object), environment);
    if (movedTo === undefined) return { environment, commit, outcome: 'stands' };
  }
  const earlier = await earlierAccepted(environment, facts, search);
  const first: AcceptedCommit = {
    version: 1,
    environment,
    commit: branch.commit,
    by: 'bootstrap',
    at: now.toISOString(),
    bundle: null,
    before: null,
  };
  const next = earlier === undefined ? first : earlier.accepted;
  if (!(await store.write(object, env, textOf(next), standing))) throw acceptedByOthers(environment);
  if (earlier === undefined) return { environment, commit: next.commit, outcome: 'set up' };
  const before = await factsEnvironment(accounts, environment, earlier.facts);
  if (!(await store.write(earlier.object, before, textOf({ ...next, movedTo: acceptedUrl(object) }), earlier.standing)))
    throw acceptedByOthers(environment);
  return { environment, commit: next.commit, outcome: 'taken along' };
}

/**
 * Accepts a commit of the protected branch without anybody's approval: the way out where none of the old approvers is left. The next bundle
 * says so. Raises E6072, E6073, E6074; E6056 for a commit that is not of the branch.
 */
export async function acceptByHand(environment: string, commit: string, search: AcceptedSearch, now: Date): Promise<AcceptedSet> {
  const { repository, branch, store, accounts } = search;
  if (!repository.isAncestor(commit, branch.commit))
    throw failed(
      'E6056',
      { place: commit, found: `it is not on ${branch.name}`, todo: 'merge it first: only commits of the protected branch can be accepted' },
      exitCodes.refused,
    );
  const facts = await branchFacts(environment, search);
  const object = acceptedObject(environment, facts);
  const env = await factsEnvironment(accounts, environment, facts);
  const standing = await store.read(object, env);
  const next: AcceptedCommit = {
    version: 1,
    environment,
    commit,
    by: 'rules accept',
    at: now.toISOString(),
    bundle: null,
    before: standing === undefined ? null : commitIn(standing.text),
  };
  if (!(await store.write(object, env, textOf(next), standing))) throw acceptedByOthers(environment);
  return { environment, commit, outcome: 'accepted' };
}

function textOf(accepted: AcceptedCommit): string {
  return `${JSON.stringify(accepted, null, 2)}\n`;
}

/** The commit in a text that may be broken: that is what is mended. */
function commitIn(text: string): string | null {
  return /"commit":\s*"([0-9a-f]{40,64})"/.exec(text)?.[1] ?? null;
}

function acceptedByOthers(environment: string) {
  return failed('E6072', {
    place: environment,
    found: 'somebody else wrote it at the same time',
    todo: 'see what is accepted now (terrace status), then run it again',
  });
}
