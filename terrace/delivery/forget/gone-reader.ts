import { TerraceError } from '../../base/errors';
import type { Repository } from '../../git/repository';
import { parseState } from '../../state/state-file';
import { factsAt, factsOf, type ProtectedBranch } from '../accepted/find-accepted';
import { formerPlaces } from '../accepted/former-places';
import { environmentsFile, type EnvironmentFacts } from '../approval/environment-facts';
import { refused } from '../problems';
import type { ForgottenReader } from '../record/forgotten';
import type { States } from '../record/states';
import type { Accounts } from '../terraform/accounts';

import { recordedPlaces, type ClosedBucket, type RecordedPlace } from './recorded-place';

/** Where it is known which environments are gone, and how records are reached. */
export interface ReaderSearch {
  readonly repository: Repository;
  /** The branch whose facts say that an environment is gone; the source that is worked on alone never does. */
  readonly branch: ProtectedBranch;
  /** `<system>/<environment>` of the source that is worked on, planned ones included. */
  readonly held: ReadonlySet<string>;
  readonly accounts: Accounts;
  readonly states: Pick<States, 'read' | 'readRecord'>;
}

/** A unit that is read, with its own record. */
export interface ReadUnit extends RecordedPlace {
  readonly outputs: readonly string[];
}

/** A reader that nobody can plan any more. */
export interface GoneReader extends RecordedPlace {
  readonly reader: string;
  /** What it reads and is to be forgotten, sorted by unit; empty where all of it was forgotten before. */
  readonly reads: readonly ReadUnit[];
  /** What was forgotten of it before, as far as it was asked for. */
  readonly already: readonly ForgottenReader[];
  /** Who made the commit that it was applied from; empty where that is not known here. */
  readonly authors: readonly string[];
  /** Resources that its state still holds; null where it cannot be read. */
  readonly resources: number | null;
}

/**
 * Finds a reader whose environment is gone, by the history of the facts, with the units that it reads (of `of` alone, where it is given).
 * Raises (exit 3) E6092 where the environment can still be planned, E6093 where there is no such reader or it does not read the unit,
 * E6094 where its records cannot be read, E6095 where what it reads has no record, E6057 where a shallow clone lacks the history.
 */
export async function findGoneReader(reader: string, of: string | undefined, search: ReaderSearch): Promise<GoneReader> {
  const place = await placeOfReader(reader, await goneFacts(environmentOf(reader), reader, search), search);
  const { record } = place;
  const now = await factsAt(search.repository, search.branch.commit);
  const isAsked = (unit: string): boolean => unit !== reader && (of === undefined || unit === of);
  const already = (record.forgotten ?? []).filter((one) => one.reader === record.unit && isAsked(one.unit));
  const read = new Map<string, Set<string>>();
  for (const { unit, outputs } of record.consumed)
    // What stood in an environment that is gone as well holds nobody back.
    if (isAsked(unit) && factsOf(now, environmentOf(unit)) !== undefined) read.set(unit, new Set([...(read.get(unit) ?? []), ...outputs]));
  if (read.size === 0 && already.length === 0)
    throw noReader(
      reader,
      of === undefined ? 'its record names no unit that can still be planned' : `its record does not say that it reads ${of}`,
      'there is nothing to forget: plan again, and see which reader E6050 names',
    );
  const reads: ReadUnit[] = [];
  for (const [unit, outputs] of [...read].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const found = await placeOfRead(unit, factsOf(now, environmentOf(unit)), search);
    reads.push({ ...found, outputs: [...outputs].toSorted() });
  }
  return {
    reader,
    ...place,
    reads,
    already,
    authors: authorsOf(record.commit, search.repository),
    resources: await resourcesAt(place, search),
  };
}

function environmentOf(unit: string): string {
  return unit.split('/', 2).join('/');
}

/** The facts that a gone environment had, the newest first. */
async function goneFacts(
  environment: string,
  reader: string,
  { repository, branch, held }: ReaderSearch,
): Promise<readonly EnvironmentFacts[]> {
  const of = await stillIn(environment, repository, branch);
  const still =
    of !== undefined
      ? `${environmentsFile} of ${of} still has ${environment}`
      : held.has(environment)
        ? `the source here still has ${environment}`
        : undefined;
  if (still !== undefined)
    throw refused('E6092', {
      place: reader,
      found: still,
      todo: `plan it as it is, or destroy it: terrace plan ${reader} --destroy; only a reader whose environment is gone from ${branch.name} can be forgotten`,
    });
  const facts = (await formerPlaces(repository, branch.commit, new Map())).get(environment);
  if (facts !== undefined) return facts;
  if (repository.isShallow())
    throw refused('E6057', {
      place: reader,
      found: `this clone is shallow, and the part of the history that it has says nothing about ${environment}`,
      todo: 'git fetch --unshallow',
    });
  throw noReader(
    reader,
    `no commit of ${branch.name} has facts about ${environment} in ${environmentsFile}`,
    'check the path: <system>/<environment>/<region>/<layer>/<unit>, as E6050 names it',
  );
}

/** Which branch still has an environment: the one that is named, or the one that the remote calls its own, whatever else is named. */
async function stillIn(environment: string, repository: Repository, branch: ProtectedBranch): Promise<string | undefined> {
  const remote = repository.remoteBranch();
  const branches = [
    branch,
    ...(remote === undefined ? [] : [{ name: remote.replace(/^refs\/remotes\//, ''), commit: repository.commitOf(remote) }]),
  ];
  for (const { name, commit } of branches) if (factsOf(await factsAt(repository, commit), environment) !== undefined) return name;
  return undefined;
}

async function placeOfReader(reader: string, facts: readonly EnvironmentFacts[], search: ReaderSearch): Promise<RecordedPlace> {
  const { found, closed } = await recordedPlaces(reader, facts, search);
  if (found !== undefined && found.record.status !== 'destroyed') return found;
  if (closed.length > 0) throw notReadable(reader, closed);
  throw noReader(
    reader,
    found === undefined
      ? `no record of it in ${facts.flatMap(({ states }) => states.map(({ bucket }) => bucket)).join(', ')}`
      : `it was destroyed at ${found.record.at}`,
    'there is nothing to forget: plan again, and see which reader E6050 names',
  );
}

async function placeOfRead(unit: string, facts: EnvironmentFacts | undefined, search: ReaderSearch): Promise<RecordedPlace> {
  const { found, closed } = facts === undefined ? { found: undefined, closed: [] } : await recordedPlaces(unit, [facts], search);
  if (found !== undefined) return found;
  const [first] = closed;
  if (first !== undefined) throw first.error;
  throw refused('E6095', {
    place: unit,
    found: 'it has no record, so its next plan could not say that a reader was forgotten',
    todo: `apply it once, even if nothing changes: terrace plan ${unit}`,
  });
}

function noReader(place: string, found: string, todo: string): TerraceError {
  return refused('E6093', { place, found, todo });
}

/** A bucket that is gone took its records along, and they hold nobody back; any other has them still, for whoever may read them. */
function notReadable(reader: string, closed: readonly ClosedBucket[]): TerraceError {
  const codes = closed.flatMap(({ error }) => error.problems.map(({ code }) => code));
  const isGone = codes.every((code) => code === 'E4304');
  const buckets = closed.map(({ bucket }) => bucket).join(', ');
  return refused(
    'E6094',
    {
      place: reader,
      found: isGone
        ? `${buckets} is gone, and the records of ${environmentOf(reader)} with it`
        : `${buckets} cannot be read: ${closed.flatMap(({ error }) => error.problems.map(({ code, found }) => `${code} ${found}`)).join('\n')}`,
      todo: isGone
        ? 'there is nothing to forget: a record that is gone holds back no plan'
        : 'use credentials that can read it (TERRACE_CREDENTIALS=ambient takes those of the shell); until then plans say that its readers are not known',
    },
    closed[0]?.error,
  );
}

function authorsOf(commit: string | null, repository: Repository): readonly string[] {
  return commit !== null && repository.has(commit) ? repository.authors(commit) : [];
}

async function resourcesAt({ target, env }: RecordedPlace, { states }: ReaderSearch): Promise<number | null> {
  try {
    const state = await states.read(target, env);
    return state === undefined ? 0 : parseState(state.text, target.path).instances;
  } catch (error) {
    if (error instanceof TerraceError) return null;
    throw error;
  }
}
