import { TerraceError } from '../../base/errors';
import type { Model, UnitModel } from '../../model/model';
import { readModel } from '../../model/model-file';
import type { Repository } from '../../git/repository';
import { factsEnvironment } from '../accepted/find-accepted';
import { formerPlaces, type FormerPlaces } from '../accepted/former-places';
import type { EnvironmentFacts } from '../approval/environment-facts';
import type { Remark } from '../bundle/remark';
import { readersIn, recordsOf, type Reader, type RecordPlace } from '../record/readers';
import type { AppliedRecord } from '../record/record';
import { accessOf, type PlanTarget } from '../target/plan-target';
import type { DeliveryContext } from '../terraform/context';
import type { Synthesize } from '../tree/written-tree';

import type { SelectedTree } from './selection';

/** Who reads units, as far as anybody knows. */
export interface KnownReaders {
  readonly of: (unit: string) => readonly Reader[];
  /** Units whose readers in some environment are known by the source alone. */
  readonly remarks: readonly Remark[];
}

/** Where readers are looked for. */
export interface ReaderPlaces extends Pick<Model, 'systems' | 'units'> {
  /** Where environments kept their states that are gone from the source, or keep them elsewhere now: their records stand there. @default none */
  readonly former?: FormerPlaces;
}

/** Where readers of a selection are looked for; the whole is asked for only where a unit is shared. */
export interface ReaderSearch extends ReaderPlaces {
  /** Every environment of the source, with the places that they had. @default what is here */
  readonly everywhere?: () => Promise<ReaderPlaces>;
}

/** An environment whose records cannot be read from here. */
interface ClosedPlace {
  readonly name: string;
  readonly code: string;
  /** What of it is closed, where it is not the place that the source names. */
  readonly former?: string;
}

/** A unit whose readers are asked for. */
export interface ReadTarget extends Pick<PlanTarget, 'unit' | 'access'> {
  /** True where its plan takes away something that may be read. @default false */
  readonly takes?: boolean;
}

/**
 * The readers of targets, by the records of their environments; of shared units, and of those that were applied as such, by those of every
 * environment of the source, and of the places that environments had before. Where such another environment cannot be reached from here, its
 * units that read a target by the source count as applied.
 */
export async function knownReaders(
  { accounts, states }: Pick<DeliveryContext, 'accounts' | 'states'>,
  targets: readonly ReadTarget[],
  search: ReaderSearch,
): Promise<KnownReaders> {
  const own = new Map<string, RecordPlace>();
  for (const { unit, access } of targets) {
    const env = await accounts.environmentFor(unit, access);
    for (const sample of [unit, ...search.units]) if (isBeside(sample, unit)) own.set(placeOf(sample), { sample, env });
  }
  const records = [...(await recordsOf([...own.values()], states))];
  const once = new Set(records.flatMap((record) => (record.shared === true ? [record.unit] : [])));
  // A change that takes the mark away, or the unit, does not take away who read it.
  const shared = targets.filter(({ unit }) => unit.shared === true || once.has(unit.path));
  const model = shared.length === 0 ? search : ((await search.everywhere?.()) ?? search);
  const closed: ClosedPlace[] = [];
  const read = async (place: Omit<ClosedPlace, 'code'>, at: () => Promise<readonly RecordPlace[]>): Promise<readonly AppliedRecord[]> => {
    try {
      return await recordsOf(await at(), states);
    } catch (error) {
      if (!(error instanceof TerraceError)) throw error;
      closed.push({ ...place, code: error.problems[0]?.code ?? '' });
      return [];
    }
  };
  for (const sample of shared.length === 0 ? [] : samplesOf(model.units).filter((one) => !own.has(placeOf(one))))
    records.push(
      ...(await read({ name: `${sample.system}/${sample.environment}` }, async () => [
        { sample, env: await accounts.environmentFor(sample, accessOf({ version: 1, commit: null, dirty: false, ...model }, sample)) },
      ])),
    );
  const living = new Set(model.systems.flatMap(({ name, environments }) => environments.map((one) => `${name}/${one.name}`)));
  // A record in a place that its environment has left counts where the new place has none: its state was not moved.
  const known = new Set(records.map(({ unit }) => unit));
  for (const [name, places] of shared.length === 0 ? [] : (model.former ?? []))
    for (const facts of places) {
      const former = living.has(name) ? `${name} at its earlier place` : name;
      const found = await read({ name, former }, async () => placesOf(name, facts, await factsEnvironment(accounts, name, facts)));
      records.push(...found.filter(({ unit }) => !known.has(unit)));
      for (const { unit } of found) known.add(unit);
    }
  const names = new Set(closed.flatMap(({ name, former }) => (former === undefined ? [name] : [])));
  const unread = model.units.filter((unit) => names.has(`${unit.system}/${unit.environment}`));
  const isLiving = ({ unit }: { readonly unit: string }): boolean => living.has(unit.split('/', 2).join('/'));
  return {
    of: (path) => joined(readersIn(records, path, isLiving), readersBySource(unread, path)),
    remarks: shared.flatMap(({ unit, takes }) => closed.map((place) => unreadRemark(unit.path, place, takes ?? false))),
  };
}

/** Where readers of a selection are looked for: in its tree; of what is shared, in the whole source and in the places that it once had. */
export function placesOfReaders({ folder }: SelectedTree, source: string | Synthesize, repository: Repository | undefined): ReaderSearch {
  const own = readModel(folder);
  let whole: Promise<ReaderPlaces> | undefined;
  const find = async (): Promise<ReaderPlaces> => {
    if (typeof source !== 'string') await source([]);
    const model = readModel(folder);
    const head = repository === undefined ? undefined : factsCommit(repository, own.commit);
    return repository === undefined || head === undefined
      ? model
      : { ...model, former: await formerPlaces(repository, head, bucketsOf(model)) };
  };
  return { ...own, everywhere: () => (whole ??= find()) };
}

/** The buckets in which environments keep their states. */
function bucketsOf({ systems, units }: Pick<Model, 'systems' | 'units'>): ReadonlyMap<string, ReadonlySet<string>> {
  const buckets = new Map(
    systems.flatMap(({ name, environments }) => environments.map((one) => [`${name}/${one.name}`, new Set<string>()])),
  );
  for (const { system, environment, backend } of units) buckets.get(`${system}/${environment}`)?.add(backend.bucket);
  return buckets;
}

/**
 * The commit whose history tells which environments there were: the protected branch's where the clone knows one, because a change could name
 * an environment, with a role and a bucket of its author's, in one commit and take it back in the next. Undefined where the clone knows neither.
 */
export function factsCommit(repository: Pick<Repository, 'commitOf' | 'has' | 'remoteBranch'>, commit: string | null): string | undefined {
  const branch = repository.remoteBranch();
  if (branch !== undefined) return repository.commitOf(branch);
  return commit !== null && repository.has(commit) ? commit : undefined;
}

/** Buckets in which an environment kept its states. */
function placesOf(name: string, { states, stateKey, lock }: EnvironmentFacts, env: NodeJS.ProcessEnv): readonly RecordPlace[] {
  const [system = '', environment = ''] = name.split('/');
  return states.map(({ bucket, region, kmsKeyId, lockTable }) => ({
    env,
    sample: {
      path: name,
      system,
      environment,
      backend: {
        bucket,
        region,
        key: stateKey,
        keyTemplate: stateKey,
        useLockfile: lock !== 'dynamodb',
        ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
        ...(lockTable === undefined ? {} : { dynamodbTable: lockTable }),
      },
    },
  }));
}

function isBeside(a: UnitModel, b: UnitModel): boolean {
  return a.system === b.system && a.environment === b.environment;
}

function placeOf({ system, environment, backend }: UnitModel): string {
  return `${backend.bucket} ${system}/${environment}`;
}

/** One unit for each bucket of each environment. */
function samplesOf(units: readonly UnitModel[]): readonly UnitModel[] {
  return [...new Map(units.map((unit) => [placeOf(unit), unit])).values()];
}

function readersBySource(units: readonly UnitModel[], path: string): readonly Reader[] {
  return units.flatMap((unit) => {
    const read = unit.dependencies.find((one) => one.unit === path);
    return read === undefined ? [] : [{ unit: unit.path, outputs: read.outputs }];
  });
}

function joined(recorded: readonly Reader[], further: readonly Reader[]): readonly Reader[] {
  const known = new Set(recorded.map(({ unit }) => unit));
  return [...recorded, ...further.filter(({ unit }) => !known.has(unit))].toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
}

function unreadRemark(unit: string, { name, code, former }: ClosedPlace, takes: boolean): Remark {
  if (former === undefined)
    return {
      kind: 'readers-outside',
      unit,
      text: `the records of ${name} cannot be read from here (${code}), so its readers there are known only from the source`,
    };
  const where = former === name ? `the source no longer has ${name}, and its records` : `the records of ${former}`;
  return {
    kind: takes ? 'readers-unknown' : 'readers-outside',
    unit,
    text: `${where} cannot be read from here (${code}), so its readers there are not known`,
  };
}
