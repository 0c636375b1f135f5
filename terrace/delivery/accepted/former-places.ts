import type { Repository } from '../../git/repository';
import { environmentsFile, type EnvironmentFacts } from '../approval/environment-facts';
import { factsAtOrNone } from './find-accepted';

/** More changes of the facts than any history has: an environment that left long ago may hold as much as one that left today. */
const all = 100_000;

/** Where environments kept their states by earlier facts, by `<system>/<environment>`; the newest facts first. */
export type FormerPlaces = ReadonlyMap<string, readonly EnvironmentFacts[]>;

/**
 * Where environments kept their states by commits up to `head`, other than where they keep them now: every place of those that are gone, and the
 * buckets that others have left. `held` are the environments of the source with their buckets. What was only ever planned holds nothing.
 * Sorted by name.
 */
export async function formerPlaces(
  repository: Pick<Repository, 'commitsChanging' | 'fileAt'>,
  head: string,
  held: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<FormerPlaces> {
  const found = new Map<string, EnvironmentFacts[]>();
  const known = new Map([...held].map(([name, buckets]) => [name, new Set(buckets)]));
  for (const commit of repository.commitsChanging(head, environmentsFile, all))
    for (const [name, facts] of Object.entries((await factsAtOrNone(repository, commit))?.environments ?? {})) {
      if (facts.planned) continue;
      const buckets = known.get(name) ?? new Set<string>();
      const states = facts.states.filter(({ bucket }) => !buckets.has(bucket));
      if (states.length === 0) continue;
      known.set(name, new Set([...buckets, ...states.map(({ bucket }) => bucket)]));
      found.set(name, [...(found.get(name) ?? []), { ...facts, states }]);
    }
  return new Map([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Commits up to `head` that changed where the facts say that an environment keeps its states, the newest first; that it went away is no such
 * change, that it came back elsewhere is one. Undefined where no facts tell of it.
 */
export async function placeChanges(
  repository: Pick<Repository, 'commitsChanging' | 'fileAt'>,
  head: string,
  environment: string,
): Promise<readonly string[] | undefined> {
  const changes: string[] = [];
  /** What the facts said next, and the oldest commit that said so. */
  let next: { readonly commit: string; readonly place: string } | undefined;
  for (const commit of repository.commitsChanging(head, environmentsFile, all)) {
    const facts = (await factsAtOrNone(repository, commit))?.environments[environment];
    if (facts === undefined) continue;
    const place = JSON.stringify([facts.states.map(({ bucket }) => bucket), facts.stateKey]);
    if (next !== undefined && place !== next.place) changes.push(next.commit);
    next = { commit, place };
  }
  return next === undefined ? undefined : changes;
}
