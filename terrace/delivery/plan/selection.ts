import path from 'node:path';

import type { AffectedUnit } from '../affected/compare';
import type { Tree } from '../tree/load-tree';
import type { Synthesize } from '../tree/written-tree';
import { openRepository, type Repository } from '../../git/repository';
import { ruleFiles } from '../affected/watched-files';
import type { RulesChange } from '../bundle/bundle';
import type { PlanTarget } from '../target/plan-target';
import { targetOf } from '../target/target-of';
import { readUnitFiles } from '../tree/unit-files';
import { refusePlannedSelectors } from '../../model/planned';
import { selectorPath, selectPaths } from '../../model/select';
import type { Model, UnitModel } from '../../model/model';
import { readModel } from '../../model/model-file';

/** A synthesized tree and the part of it that was asked for. */
export interface SelectedTree {
  readonly folder: string;
  readonly model: Model;
  /** Sorted by path. */
  readonly units: readonly UnitModel[];
  /** Bootstrap units that the selectors cover and that only `terrace backend bootstrap` applies. */
  readonly excluded: readonly string[];
}

/**
 * The tree of a folder, as it is, without loading any TypeScript; else the source's, synthesized now. `gone` are paths of units that
 * the tree no longer has: a selector may name these alone, such as an environment that a change removes. Planned environments of a folder
 * are left out unless they are included; E1208 (exit code 3) for a selector that names nothing else.
 */
export async function selectTree(
  selectors: readonly string[],
  tree: string | Synthesize,
  { gone = [], includePlanned = false }: { readonly gone?: readonly string[]; readonly includePlanned?: boolean } = {},
): Promise<SelectedTree> {
  if (typeof tree === 'string') {
    const model = withoutPlanned(readModel(path.resolve(tree)), includePlanned, selectors);
    return selected(path.resolve(tree), model, selectors, gone);
  }
  const { folder, model, units } = await tree(gone.length === 0 ? selectors : []);
  return selected(folder, model, selectors, gone, new Set(units));
}

function selected(
  folder: string,
  model: Model,
  selectors: readonly string[],
  gone: readonly string[],
  within?: ReadonlySet<string>,
): SelectedTree {
  const paths = selectPaths([...model.units.map((unit) => unit.path).filter((one) => within?.has(one) ?? true), ...gone], selectors);
  const named = new Set(selectors.map(selectorPath));
  const wanted = new Set(paths);
  const units = model.units.filter((unit) => wanted.has(unit.path) && (!unit.bootstrap || named.has(unit.path)));
  return {
    folder,
    model,
    units,
    excluded: model.units.filter((unit) => wanted.has(unit.path) && unit.bootstrap && !named.has(unit.path)).map((unit) => unit.path),
  };
}

function withoutPlanned(model: Model, includePlanned: boolean, selectors: readonly string[]): Model {
  if (includePlanned) return model;
  const units = model.units.filter(({ planned }) => planned !== true);
  refusePlannedSelectors(
    selectors,
    units.map((unit) => unit.path),
    model.units.flatMap((unit) => (unit.planned === true ? [unit.path] : [])),
  );
  return { ...model, units };
}

/** The units of a tree as targets. */
export function targetsOf(tree: SelectedTree, operation: 'apply' | 'destroy'): readonly PlanTarget[] {
  return tree.units.map((unit) => targetOf(tree.model, unit, readUnitFiles(tree.folder, unit.path), operation));
}

/** Targets for what is affected: from the tree what is applied, from the base's tree what is destroyed. */
export function affectedTargets(tree: SelectedTree, affected: readonly AffectedUnit[], base: Tree | undefined): readonly PlanTarget[] {
  const wanted = new Map(affected.map((unit) => [unit.unit, unit]));
  const applied = targetsOf({ ...tree, units: tree.units.filter((unit) => wanted.get(unit.path)?.operation === 'apply') }, 'apply');
  const before = new Map(base?.model.units.map((unit) => [unit.path, unit]));
  const destroyed = affected.flatMap((one): readonly PlanTarget[] => {
    const unit = one.operation === 'destroy' ? before.get(one.unit) : undefined;
    if (unit === undefined || base === undefined || one.bootstrap === true) return [];
    const target = targetOf(base.model, unit, base.files.get(unit.path) ?? new Map(), 'destroy');
    return [{ ...target, formerDependents: one.neededBy ?? [] }];
  });
  return [...applied, ...destroyed];
}

/** Units that should be destroyed and are not planned, because nobody knows the files they were applied with. */
export function withoutFiles(affected: readonly AffectedUnit[], base: Tree | undefined): readonly string[] {
  const known = new Set(base?.model.units.map((unit) => unit.path));
  return affected.flatMap(({ unit, operation, bootstrap }) =>
    operation === 'destroy' && bootstrap !== true && !known.has(unit) ? [unit] : [],
  );
}

/** What git says about a change. */
interface SourceChange {
  readonly authors: readonly string[];
  readonly rules: RulesChange | null;
  readonly repository: Repository | undefined;
  /** Files of the work tree that differ from the model's commit; empty where nobody can say. */
  readonly changedFiles: () => readonly string[];
}

/** What the repository of a folder says about the change: its authors, and the files that judge it; nothing without one. */
export function changeOf(folder: string | undefined, model: Model, base: string | undefined, authors: readonly string[]): SourceChange {
  const repository = folder === undefined ? undefined : openRepository(folder);
  if (repository === undefined || model.commit === null || !repository.has(model.commit))
    return { authors, rules: null, repository, changedFiles: () => [] };
  const { commit } = model;
  const from = base === undefined ? undefined : repository.mergeBase(repository.commitOf(base), model.commit);
  const known = repository.authors(model.commit, from);
  return {
    authors: [...authors, ...known],
    rules:
      from === undefined ? null : { base: from, files: ruleFiles(repository.changedFiles(from, model.dirty ? undefined : model.commit)) },
    repository,
    changedFiles: () => repository.changedFiles(commit),
  };
}
