import { exitCodes, TerraceError } from '../../base/errors';
import type { Repository } from '../../git/repository';
import { acceptedKey } from '../../state/accepted-place';
import { acceptedUrl, type AcceptedObject, type AcceptedStore, type AcceptedText } from '../../state/accepted-object';
import { environmentsFile, parseEnvironments, type EnvironmentFacts, type EnvironmentsFile } from '../approval/environment-facts';
import { problem, refused } from '../problems';
import type { Accounts } from '../terraform/accounts';

import { parseAccepted, type AcceptedCommit } from './accepted-commit';

/** The protected branch as the caller names it, and the commit that it is at. */
export interface ProtectedBranch {
  readonly name: string;
  readonly commit: string;
}

/** What an environment accepted last, with what of it judges. */
export interface Accepted {
  /** `<system>/<environment>`. */
  readonly environment: string;
  readonly object: AcceptedObject;
  readonly standing: AcceptedText;
  readonly accepted: AcceptedCommit;
  /** The facts of the environment at the accepted commit. */
  readonly facts: EnvironmentFacts;
}

/** Where what was accepted is looked for. */
export interface AcceptedSearch {
  readonly repository: Repository;
  readonly branch: ProtectedBranch;
  readonly accounts: Accounts;
  readonly store: AcceptedStore;
  /** An accepted commit that a rolled-back history no longer has, given up by name. @default none */
  readonly supersedes?: string;
}

/** How often the facts of an environment may have changed since its accepted commit was taken along; more are not looked through. */
const mostFacts = 24;

/** The facts of a commit; undefined where it has none. Raises E6042. */
export async function factsAt(repository: Pick<Repository, 'fileAt'>, commit: string): Promise<EnvironmentsFile | undefined> {
  const text = repository.fileAt(commit, environmentsFile);
  return text === undefined ? undefined : parseEnvironments(text, `${commit.slice(0, 12)}:${environmentsFile}`);
}

/** The facts of one environment; undefined where the file does not know it. */
export function factsOf(file: EnvironmentsFile | undefined, environment: string): EnvironmentFacts | undefined {
  return file !== undefined && Object.hasOwn(file.environments, environment) ? file.environments[environment] : undefined;
}

/** The object that facts name. Raises E6042 where it is not the environment's own. */
export function acceptedObject(environment: string, facts: EnvironmentFacts): AcceptedObject {
  const { bucket, region, key } = facts.accepted;
  const state = facts.states.find((one) => one.bucket === bucket && one.region === region);
  const own = acceptedKey(environment.split('/')[1] ?? '', facts.stateKey);
  // Roles of other environments may write in the same bucket, and only below their own names.
  if (state === undefined || key !== own)
    throw refused('E6042', {
      place: environment,
      found: `its facts say that the accepted commit is kept in ${acceptedUrl(facts.accepted)}`,
      expected: `${own} in one of ${facts.states.map((one) => one.bucket).join(', ')}`,
      todo: 'run `terrace synth` and commit what it writes',
    });
  const { kmsKeyId } = state;
  return { bucket, region, key, owner: facts.stateAccount, ...(kmsKeyId === undefined ? {} : { kmsKeyId }) };
}

/** The facts that the protected branch has of an environment; of one that is gone from it, those that it had last. */
export async function newestFacts(
  environment: string,
  { repository, branch }: Pick<AcceptedSearch, 'repository' | 'branch'>,
): Promise<EnvironmentFacts | undefined> {
  const now = factsOf(await factsAt(repository, branch.commit), environment);
  if (now !== undefined) return now;
  for (const commit of repository.commitsChanging(branch.commit, environmentsFile, mostFacts)) {
    const facts = factsOf(await factsAtOrNone(repository, commit), environment);
    if (facts !== undefined) return facts;
  }
  return undefined;
}

/** The variables with which the facts' account is reached. Raises E4105 for another account. */
export function factsEnvironment(accounts: Accounts, environment: string, facts: EnvironmentFacts): Promise<NodeJS.ProcessEnv> {
  const [system = '', name = ''] = environment.split('/');
  const { bucket, region, key } = facts.accepted;
  return accounts.environmentFor(
    { system, environment: name, backend: { bucket, region, key, kmsKeyId: '', useLockfile: false } },
    { stateAccount: facts.stateAccount, credentials: facts.credentials },
  );
}

/** What stands at the place that facts name; undefined where nothing does. Raises E6073. */
export async function standingAccepted(
  environment: string,
  facts: EnvironmentFacts,
  { accounts, store }: Pick<AcceptedSearch, 'accounts' | 'store'>,
): Promise<Pick<Accepted, 'object' | 'standing' | 'accepted'> | undefined> {
  const object = acceptedObject(environment, facts);
  const standing = await store.read(object, await factsEnvironment(accounts, environment, facts));
  if (standing === undefined) return undefined;
  return { object, standing, accepted: await parseAccepted(standing.text, acceptedUrl(object), environment) };
}

/**
 * Which commit an environment accepted last, as its own bucket says. The bucket is named by the facts of the protected branch; a bucket that
 * the accepted commit itself does not name counts only where the one that it names says that it moved there. Raises (exit 3) E6070
 * where none stands, it went elsewhere or is not of the branch; E6074 without facts, E6073, and E6030 where this clone lacks it.
 */
export async function acceptedOf(environment: string, search: AcceptedSearch): Promise<Accepted> {
  const { repository, branch } = search;
  const facts = await newestFacts(environment, search);
  if (facts === undefined)
    throw refused('E6074', {
      place: environment,
      found: `${environmentsFile} of ${branch.name} has no facts about it`,
      todo: 'merge them first (`terrace synth` writes them)',
    });
  const found = await standingAccepted(environment, facts, search);
  if (found === undefined) {
    const earlier = (await earlierAccepted(environment, facts, search))?.facts.accepted;
    throw earlier === undefined
      ? nothing(
          environment,
          `${acceptedUrl(facts.accepted)} is not there`,
          `let an administrator set it up: terrace backend bootstrap ${environment}`,
        )
      : nothing(
          environment,
          `${acceptedUrl(facts.accepted)} does not exist; the accepted commit is still in ${acceptedUrl(earlier)}, which earlier facts named`,
          `let an administrator move it: terrace backend bootstrap ${environment}`,
        );
  }
  const { commit, movedTo } = found.accepted;
  if (movedTo !== undefined)
    throw nothing(environment, `${acceptedUrl(found.object)} says that it moved to ${movedTo}`, 'update the facts on the branch');
  requireCommit(repository, environment, commit);
  if (!repository.isAncestor(commit, branch.commit) && commit !== search.supersedes)
    throw nothing(
      environment,
      `the accepted commit ${commit.slice(0, 12)} is not on ${branch.name}`,
      `git fetch; if the branch was rolled back: terrace plan --supersedes ${commit}`,
    );
  const own = factsOf(await factsAt(repository, commit), environment);
  if (own === undefined)
    throw refused('E6074', {
      place: environment,
      found: `the accepted commit ${commit.slice(0, 12)} has no facts about it`,
      todo: `let an administrator accept one that has them: terrace rules accept <commit> ${environment}`,
    });
  await refuseUnmoved(environment, facts, own, search);
  return { environment, ...found, facts: own };
}

/** A place that the accepted commit does not name is trusted only where the one that it names says so, or is gone. */
async function refuseUnmoved(environment: string, now: EnvironmentFacts, own: EnvironmentFacts, search: AcceptedSearch): Promise<void> {
  if (acceptedUrl(now.accepted) === acceptedUrl(own.accepted)) return;
  const before = await standingAccepted(environment, own, search);
  if (before === undefined || before.accepted.movedTo === acceptedUrl(now.accepted)) return;
  throw nothing(
    environment,
    `its facts now name ${acceptedUrl(now.accepted)}, but the accepted commit is still in ${acceptedUrl(own.accepted)}`,
    `let an administrator move it: terrace backend bootstrap ${environment}`,
  );
}

/** What stands at an earlier place of the environment, by the branch's own line. */
export async function earlierAccepted(
  environment: string,
  facts: EnvironmentFacts,
  search: AcceptedSearch,
): Promise<(Pick<Accepted, 'object' | 'standing' | 'accepted'> & { readonly facts: EnvironmentFacts }) | undefined> {
  const { repository, branch } = search;
  const seen = new Set([acceptedUrl(facts.accepted)]);
  for (const commit of repository.commitsChanging(branch.commit, environmentsFile, mostFacts)) {
    const earlier = factsOf(await factsAtOrNone(repository, commit), environment);
    if (earlier === undefined || seen.has(acceptedUrl(earlier.accepted))) continue;
    seen.add(acceptedUrl(earlier.accepted));
    const found = await standingAccepted(environment, earlier, search);
    if (found !== undefined && found.accepted.movedTo === undefined) return { ...found, facts: earlier };
  }
  return undefined;
}

/** The facts of a commit; undefined also where they are of an older form, which says nothing. */
export async function factsAtOrNone(repository: Pick<Repository, 'fileAt'>, commit: string): Promise<EnvironmentsFile | undefined> {
  try {
    return await factsAt(repository, commit);
  } catch (error) {
    if (error instanceof TerraceError) return undefined;
    throw error;
  }
}

function requireCommit(repository: Repository, environment: string, commit: string): void {
  if (repository.has(commit)) return;
  throw refused('E6030', {
    place: environment,
    found: `this clone lacks ${commit.slice(0, 12)}, which was the last accepted there${repository.isShallow() ? ': it is shallow' : ''}`,
    todo: repository.isShallow() ? 'git fetch --unshallow' : 'git fetch',
  });
}

/** Raises E6071 (exit 3) for a change that lacks what was applied. */
export function requireAncestor(repository: Repository, { environment, accepted }: Accepted, head: string, branch: string): void {
  if (repository.isAncestor(accepted.commit, head)) return;
  throw new TerraceError(
    problem('E6071', {
      place: environment,
      found: `this change lacks ${accepted.commit.slice(0, 12)}, which was the last applied there${repository.isShallow() ? ' (the clone is shallow: git fetch --unshallow)' : ''}`,
      todo: `merge ${branch} first; to undo what was applied, use git revert`,
    }),
    exitCodes.refused,
  );
}

function nothing(environment: string, found: string, todo: string): TerraceError {
  return refused('E6070', { place: environment, found, todo });
}
