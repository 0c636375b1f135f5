import { unitEnvironment } from '../../bootstrap/bootstrap-environment';
import { treeOfCommit } from '../../delivery/affected/commit-trees';
import { loadTree } from '../../delivery/tree/load-tree';
import { openRepository } from '../../git/repository';
import { stateBeside } from '../../state/state-beside';
import type { StateTarget } from '../../state/state-access';
import type { ProviderPlace } from '../../state/stranded';
import { readModel } from '../../model/model-file';
import { exitCodes, TerraceError } from '../../base/errors';
import { selectorPath, selectPaths } from '../../model/select';
import type { Model, UnitModel } from '../../model/model';
import type { TreeContext } from '../command-context';
import { notOneUnit } from '../usage-problems';

/** A unit's state with the variables that reach it. */
export interface ReachableState {
  readonly target: StateTarget;
  readonly env: NodeJS.ProcessEnv;
  /** Where the unit's provider looks for resources. */
  readonly place: ProviderPlace;
}

function placeOf(model: Model, unit: UnitModel): ProviderPlace {
  const environment = model.systems.find(({ name }) => name === unit.system)?.environments.find(({ name }) => name === unit.environment);
  return { account: environment?.stateAccount ?? '', region: unit.awsRegion };
}

/** The selected units with a model that holds everything. */
export async function selectedUnits(
  context: TreeContext,
  selectors: readonly string[],
): Promise<{ readonly model: Model; readonly units: readonly UnitModel[] }> {
  const model = await modelOf(context);
  const selected = new Set(
    selectPaths(
      model.units.map((unit) => unit.path),
      selectors,
    ),
  );
  return { model, units: model.units.filter((unit) => selected.has(unit.path)) };
}

/**
 * One unit's state, by its path. A unit that is gone from the source is found too, where its region or environment still has others, or
 * where another unit says that it moved from there. Raises E120x for a path that names nothing, E0005 for one that is no unit.
 */
export async function reachableState(context: TreeContext, text: string): Promise<ReachableState> {
  const wanted = selectorPath(text);
  const model = await modelOf(context);
  const unit = model.units.find((one) => one.path === wanted);
  if (unit !== undefined) return { target: unit, env: await unitEnvironment(model, unit, process.env), place: placeOf(model, unit) };
  const place = stateBeside(model.units, wanted);
  if (place === undefined) {
    const below = selectPaths(
      model.units.map((one) => one.path),
      [wanted],
    );
    throw notOneUnit(wanted, below);
  }
  process.stderr.write(`${wanted} is not in the source; looking for its state beside that of ${place.beside.path}\n`);
  return { target: place.target, env: await unitEnvironment(model, place.beside, process.env), place: placeOf(model, place.beside) };
}

/** The model of `--tree` as it is; else the source's. */
export async function modelOf(context: TreeContext): Promise<Model> {
  if (context.tree !== undefined) return readModel(context.tree);
  const { loadModel } = await import('../project');
  return loadModel(context.project(), [], context.includePlanned);
}

/** One unit's state where a commit of the source kept it. Raises E6030 for an unknown commit, E6049 outside of a repository, E120x for a path that it does not hold. */
export async function stateAtCommit(context: TreeContext, text: string, name: string): Promise<ReachableState> {
  const repository = openRepository(context.repository());
  if (repository === undefined)
    throw new TerraceError(
      {
        code: 'E6049',
        title: 'no git repository',
        place: name,
        found: 'this is not a git repository',
        todo: 'run it in a clone of the source',
      },
      exitCodes.wrongUsage,
    );
  const { model } = loadTree(await treeOfCommit(repository, repository.commitOf(name)));
  const [wanted] = selectPaths(
    model.units.map((one) => one.path),
    [text],
  );
  const unit = model.units.find((one) => one.path === wanted);
  if (unit === undefined) throw new RangeError(text);
  return { target: unit, env: await unitEnvironment(model, unit, process.env), place: placeOf(model, unit) };
}

/** Whether an error only says that a backend was never made. */
export function isAbsentBucket(error: TerraceError): boolean {
  return error.problems.every(({ code }) => code === 'E4304');
}

/** Maps with at most `width` at once; results in the order of the input. The first error ends it. */
export async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>, width: number): Promise<readonly R[]> {
  const results: R[] = [];
  const entries = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
