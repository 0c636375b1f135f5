import { TerraceError } from '../../base/errors';
import type { Model, UnitModel } from '../../model/model';
import { readModel } from '../../model/model-file';
import type { Repository } from '../../git/repository';
import { factsEnvironment, goneEnvironments } from '../accepted/find-accepted';
import type { EnvironmentFacts } from '../approval/environment-facts';
import type { Remark } from '../bundle/remark';
import { readersIn, recordsOf, type Reader, type RecordPlace } from '../record/readers';
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
  /** Environments that the source no longer has, by `<system>/<environment>`: their records stand. @default none */
  readonly gone?: ReadonlyMap<string, EnvironmentFacts>;
}

/** An environment whose records cannot be read from here. */
interface ClosedPlace {
  readonly name: string;
  readonly code: string;
  readonly isGone: boolean;
}

/**
 * The readers of targets, by the records of their environments; of shared units by those of every environment of the model, and of those that
 * are gone from it. Where such another environment cannot be reached from here, its units that read a target by the source count as applied.
 */
export async function knownReaders(
  { accounts, states }: Pick<DeliveryContext, 'accounts' | 'states'>,
  targets: readonly Pick<PlanTarget, 'unit' | 'access'>[],
  model: ReaderPlaces,
): Promise<KnownReaders> {
  const own = new Map<string, RecordPlace>();
  for (const { unit, access } of targets) {
    const env = await accounts.environmentFor(unit, access);
    for (const sample of [unit, ...model.units]) if (isBeside(sample, unit)) own.set(placeOf(sample), { sample, env });
  }
  const records = [...(await recordsOf([...own.values()], states))];
  const shared = targets.map(({ unit }) => unit).filter((unit) => unit.shared === true);
  const closed: ClosedPlace[] = [];
  const read = async (name: string, isGone: boolean, place: () => Promise<readonly RecordPlace[]>): Promise<void> => {
    try {
      records.push(...(await recordsOf(await place(), states)));
    } catch (error) {
      if (!(error instanceof TerraceError)) throw error;
      closed.push({ name, code: error.problems[0]?.code ?? '', isGone });
    }
  };
  for (const sample of shared.length === 0 ? [] : samplesOf(model.units).filter((one) => !own.has(placeOf(one))))
    await read(`${sample.system}/${sample.environment}`, false, async () => [
      {
        sample,
        env: await accounts.environmentFor(sample, accessOf({ version: 1, commit: null, dirty: false, ...model }, sample)),
      },
    ]);
  for (const [name, facts] of shared.length === 0 ? [] : (model.gone ?? []))
    await read(name, true, async () => placesOf(name, facts, await factsEnvironment(accounts, name, facts)));
  const names = new Set(closed.map(({ name }) => name));
  const isLiving = ({ unit }: { readonly unit: string }): boolean => model.gone?.has(unit.split('/', 2).join('/')) !== true;
  const unread = model.units.filter((unit) => names.has(`${unit.system}/${unit.environment}`));
  return {
    of: (path) => joined(readersIn(records, path, isLiving), readersBySource(unread, path)),
    remarks: shared.flatMap(({ path }) => closed.map((place) => unreadRemark(path, place))),
  };
}

/**
 * Where readers of a selection are looked for: in its tree; where a selected unit is shared, which any system may read, in the whole source
 * and in the environments that it once had.
 */
export async function placesOfReaders(
  { units, folder }: SelectedTree,
  source: string | Synthesize,
  repository: Repository | undefined,
): Promise<ReaderPlaces> {
  const isShared = units.some((unit) => unit.shared === true);
  if (typeof source !== 'string' && isShared) await source([]);
  const model = readModel(folder);
  if (!isShared || repository === undefined || model.commit === null || !repository.has(model.commit)) return model;
  const held = new Set(model.systems.flatMap(({ name, environments }) => environments.map((one) => `${name}/${one.name}`)));
  return { ...model, gone: await goneEnvironments(repository, factsCommit(repository, model.commit), held) };
}

/**
 * The commit whose history tells which environments there were: the protected branch's where the clone knows one, because a change could name
 * an environment, with a role and a bucket of its author's, in one commit and take it back in the next.
 */
export function factsCommit(repository: Pick<Repository, 'commitOf' | 'remoteBranch'>, commit: string): string {
  const branch = repository.remoteBranch();
  return branch === undefined ? commit : repository.commitOf(branch);
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

function unreadRemark(unit: string, { name, code, isGone }: ClosedPlace): Remark {
  return {
    kind: 'readers-outside',
    unit,
    text: isGone
      ? `the source no longer has ${name}, and its records cannot be read from here (${code}), so its readers there are not known`
      : `the records of ${name} cannot be read from here (${code}), so its readers there are known only from the source`,
  };
}
