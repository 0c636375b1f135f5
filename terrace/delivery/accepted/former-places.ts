import type { Repository } from '../../git/repository';
import { environmentsFile, type EnvironmentFacts } from '../approval/environment-facts';
import { factsAtOrNone } from './find-accepted';

/** How many of the last changes of the facts are looked through for buckets that an environment had before. */
const mostChanges = 24;
/** A line of the facts in which an environment comes or goes. */
const environmentLine = '"[a-z0-9-]+/[a-z0-9-]+"';
/** More changes of that kind than any history has. */
const all = 100_000;

/** Where environments kept their states by earlier facts, by `<system>/<environment>`; the newest facts first. */
export type FormerPlaces = ReadonlyMap<string, readonly EnvironmentFacts[]>;

/**
 * Where environments kept their states by commits up to `head`, other than where they keep them now: every place of those that are gone, and the
 * buckets that others have left. `held` are the environments of the source with their buckets. When an environment left is known however long ago
 * that was; of changes of its buckets the last ones are looked through. What was only ever planned holds nothing. Sorted by name.
 */
export async function formerPlaces(
  repository: Pick<Repository, 'commitsChanging' | 'fileAt'>,
  head: string,
  held: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<FormerPlaces> {
  const left = repository.commitsChanging(head, environmentsFile, all, environmentLine).flatMap((commit) => [commit, `${commit}^`]);
  const found = new Map<string, EnvironmentFacts[]>();
  const known = new Map([...held].map(([name, buckets]) => [name, new Set(buckets)]));
  for (const commit of [...repository.commitsChanging(head, environmentsFile, mostChanges), ...left])
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
