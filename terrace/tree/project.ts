import { firstLine, messageOf } from '../base/message';
import { refuse, TerraceError, type Problem } from '../base/errors';
import { sourceLineOf } from '../base/source-line';
import { refusePlannedSelectors } from '../model/planned';
import { previousPath } from '../model/moved-unit';
import { selectorPath, selectPaths } from '../model/select';
import { stateKeyOf } from '../state/state-key';
import type { Model } from '../model/model';
import { TreeApp } from './app';
import { whileSourceIsClosed } from './closed-source';
import { modelOf } from './model-of';
import { stackIdOf } from './names';
import { overlappingNetworks } from './networks';
import type { Region } from './region';
import type { System } from './system';
import { whileTokenTextsAreWhole } from './token-text';
import type { Unit } from './unit';

/** The systems of a repository, each loaded only when it is selected. */
export interface Project {
  readonly systems: Readonly<Record<string, () => Promise<(app: TreeApp) => System>>>;
}

/** A tree in memory: the selected units and what they depend on. */
export interface BuiltTree {
  readonly app: TreeApp;
  /** The systems that the selection names; those whose shared units it reads are in the model alone. */
  readonly systems: readonly System[];
  /** Paths of the selected units, sorted. */
  readonly selected: readonly string[];
  /** Paths of all units that these systems describe, built or not, sorted. */
  readonly catalogue: readonly string[];
  /** The selected units and their dependencies, sorted by path. */
  readonly units: readonly Unit[];
  readonly model: Model;
}

export interface BuildOptions {
  /** Without one, everything is selected. */
  readonly selectors: readonly string[];
  /** An existing folder in which cdktf may write; nobody reads it. */
  readonly scratch: string;
  readonly commit: string | null;
  readonly dirty: boolean;
  /** With the environments that are described and not built yet. @default false */
  readonly includePlanned?: boolean;
}

/**
 * Builds the selected units of a project and everything they depend on, without writing a tree.
 * Raises all problems of the tree at once: E11xx values, E120x selectors, E13xx units and dependencies, E21xx networks; E1208 (exit code 3) for a
 * selector that names nothing but what is planned and not included.
 */
export async function buildTree(project: Project, options: BuildOptions): Promise<BuiltTree> {
  return whileSourceIsClosed(async () => buildClosed(project, options));
}

async function buildClosed(project: Project, options: BuildOptions): Promise<BuiltTree> {
  const names = systemNames(project, options.selectors);
  const app = new TreeApp({ outdir: options.scratch, stackTraces: false });
  const systems: System[] = [];
  for (const name of names) {
    const define = await loadSystem(app, project, name);
    const system =
      define === undefined
        ? undefined
        : app.attempt(
            () => app.systemOf(define),
            (error) => cannotBuild(name, error),
          );
    if (system !== undefined) systems.push(system);
  }
  const described = systems.flatMap((system) => system.environments);
  const absent = options.includePlanned === true ? [] : described.filter(({ values }) => values.planned === true);
  const regions = described.filter((environment) => !absent.includes(environment)).flatMap((environment) => environment.regions);
  const places = new Map<string, { readonly region: Region; readonly id: string }>();
  for (const region of regions) for (const id of Object.keys(region.units)) places.set(`${region.path}/${id}`, { region, id });
  const catalogue = [...places.keys()].sort();
  for (const problem of [
    ...collisions(described.flatMap((environment) => environment.regions)),
    ...systems.flatMap((system) => overlappingNetworks(system.environments.flatMap((environment) => environment.regions))),
  ])
    app.report(problem);
  refuse(app.problems);
  refusePlannedSelectors(
    options.selectors,
    catalogue,
    absent.flatMap((environment) => [environment.path, ...unitPaths(environment.regions)]),
  );
  const selected = selectPaths(catalogue, options.selectors);
  whileTokenTextsAreWhole(() => {
    for (const path of selected) {
      const place = places.get(path);
      place?.region.build(place.id);
    }
  });
  const reached = [
    ...systems,
    ...othersRead(
      regions.flatMap((region) => region.builtUnits()),
      systems,
    ),
  ];
  const elsewhere = reached.slice(systems.length).flatMap(({ environments }) => environments.flatMap((environment) => environment.regions));
  const units = [...regions, ...elsewhere].flatMap((region) => region.builtUnits()).sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const problem of [...unassigned(units), ...movedInCircles(units)]) app.report(problem);
  refuse(app.problems);
  return { app, systems, selected, catalogue, units, model: modelOf(reached, units, { commit: options.commit, dirty: options.dirty }) };
}

/** Systems that were not selected, and whose shared units are read, directly or through others. */
function othersRead(units: readonly Unit[], systems: readonly System[]): readonly System[] {
  const seen = new Set(units);
  const found = new Set<System>();
  for (const unit of seen)
    for (const upstream of unit.upstream) {
      seen.add(upstream);
      const { system } = upstream.region.environment;
      if (!systems.includes(system)) found.add(system);
    }
  return [...found];
}

/** What builds a system; undefined where its modules could not be loaded, which is reported. */
async function loadSystem(app: TreeApp, project: Project, name: string): Promise<((app: TreeApp) => System) | undefined> {
  try {
    return await project.systems[name]?.();
  } catch (error) {
    for (const problem of error instanceof TerraceError ? error.problems : [cannotBuild(name, error)]) app.report(problem);
    return undefined;
  }
}

/** The systems that the selectors name; all without selectors. Raises E1201 with the nearest match. */
function systemNames(project: Project, selectors: readonly string[]): readonly string[] {
  const names = Object.keys(project.systems).sort();
  const first = selectors.map((selector) => selectorPath(selector).split('/')[0] ?? '');
  return selectPaths(names, first);
}

function cannotBuild(name: string, error: unknown): Problem {
  return {
    code: 'E1106',
    title: 'system cannot be built',
    place: sourceLineOf(error instanceof Error ? error.stack : undefined)?.text ?? `stacks/${name}`,
    found: `${name}: ${firstLine(messageOf(error))}`,
    todo: 'correct the source; if a module is not found, check its name and whether it is installed (npm ci)',
  };
}

function unitPaths(regions: readonly Region[]): readonly string[] {
  return regions.flatMap((region) => Object.keys(region.units).map((id) => `${region.path}/${id}`)).sort();
}

/** File systems take names of 255 bytes; what is written beside a folder while it is replaced adds a few. */
const maxStackId = 240;

/** A path that no folder can be called after; two paths with one stack id, or one (bucket, key): over all units that the systems describe. */
function collisions(regions: readonly Region[]): readonly Problem[] {
  const problems: Problem[] = [];
  const byStack = new Map<string, string>();
  for (const path of unitPaths(regions)) {
    const id = stackIdOf(path);
    if (id.length > maxStackId)
      problems.push({
        code: 'E1318',
        title: 'path too long',
        place: path,
        found: `its folder name in cdktf.out, ${id.slice(0, 40)}…, has ${id.length} characters`,
        expected: `at most ${maxStackId}: file systems allow names of 255`,
        todo: 'shorten the name of the unit, or of a level above it',
      });
    const other = byStack.get(id);
    if (other !== undefined)
      problems.push({
        code: 'E1306',
        title: 'two units with one stack id',
        place: path,
        found: `${path} and ${other} both give ${id}`,
        expected: 'one stack id per unit',
        todo: 'rename one of them',
      });
    byStack.set(id, path);
  }
  const byState = new Map<string, string>();
  for (const region of regions) {
    const { environment } = region;
    for (const id of Object.keys(region.units)) {
      const path = `${region.path}/${id}`;
      const state = `${region.backend.bucket}/${stateKeyOf(environment.system.stateKeyTemplate, path)}`;
      const other = byState.get(state);
      if (other !== undefined)
        problems.push({
          code: 'E1307',
          title: 'two units with one state',
          place: path,
          found: `${path} and ${other} share a bucket and a key`,
          expected: 'one state per unit, across all systems',
          todo: 'give one of the systems a keyPrefix or another state account, or put more of the path into the key',
        });
      byState.set(state, path);
    }
  }
  return problems;
}

function unassigned(units: readonly Unit[]): readonly Problem[] {
  return units
    .filter((unit) => !unit.outputsAssigned)
    .map((unit) => ({
      code: 'E1308',
      title: 'outputs without values',
      place: unit.path,
      found: `it declares ${Object.keys(unit.declaredOutputs).join(', ')} and never calls this.outputs()`,
      expected: 'a value for each declared output',
      todo: 'call this.outputs({ … }) at the end of the constructor',
    }));
}

/** Units whose states would have to move in a circle: no order of moves brings them where the source says. */
function movedInCircles(units: readonly Unit[]): readonly Problem[] {
  const from = new Map(
    units.flatMap((unit) => {
      const { system, environment, name } = {
        system: unit.region.environment.system.name,
        environment: unit.region.environment.name,
        name: unit.region.name,
      };
      const path = previousPath({
        system,
        environment,
        region: name,
        ...(unit.movedFrom === undefined ? {} : { movedFrom: unit.movedFrom }),
      });
      return path === undefined || path === unit.path ? [] : [[unit.path, path] as const];
    }),
  );
  return [...from.keys()].flatMap((start): readonly Problem[] => {
    const steps = [start];
    for (let at = from.get(start); at !== undefined && steps.length <= from.size + 1; at = from.get(at)) {
      steps.push(at);
      if (at === start)
        return [
          {
            code: 'E1330',
            title: 'states move in a circle',
            place: start,
            found: `movedFrom: ${steps.join(' <= ')}`,
            expected: 'a destination that is free when a state moves there',
            todo: 'first move one of them to a new name and apply, then move it on in a second change',
          },
        ];
    }
    return [];
  });
}
