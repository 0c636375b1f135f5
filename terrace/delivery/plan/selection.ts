import { readFileSync } from 'node:fs';
import path from 'node:path';

import { messageOf } from '../../base/message';
import type { AffectedReport } from '../affected/affected';
import type { AffectedUnit } from '../affected/compare';
import type { Tree } from '../tree/load-tree';
import { openRepository, type Repository } from '../../git/repository';
import { infrastructureFiles, ruleFiles } from '../affected/watched-files';
import type { RulesChange } from '../bundle/bundle';
import type { PlanTarget } from '../target/plan-target';
import { targetOf } from '../target/target-of';
import { failed } from '../problems';
import { readUnitFiles } from '../tree/unit-files';
import { quantity } from '../../base/plural';
import { exitCodes } from '../../base/errors';
import { refusePlannedSelectors } from '../../model/planned';
import { selectorPath, selectPaths } from '../../model/select';
import type { Model, UnitModel } from '../../model/model';
import { readModel } from '../../model/model-file';

/** What a synthesis wrote: where, and which units were asked for. */
export interface WrittenTree {
  readonly folder: string;
  readonly model: Model;
  readonly units: readonly string[];
}

/** Synthesizes a part of the source; none is everything. The delivery knows no source: who calls it says how. */
export type Synthesize = (selectors: readonly string[]) => Promise<WrittenTree>;

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

/** Selectors of the whole systems that selectors name: what the source no longer has is known only beside all that it has. */
export function wholeSystems(selectors: readonly string[]): readonly string[] {
  return [...new Set(selectors.map((selector) => selectorPath(selector).split('/')[0] ?? ''))];
}

/** The units of a tree as targets. */
export function targetsOf(tree: SelectedTree, operation: 'apply' | 'destroy'): readonly PlanTarget[] {
  return tree.units.map((unit) => targetOf(tree.model, unit, readUnitFiles(tree.folder, unit.path), operation));
}

/** Where `terrace affected --out` puts what is destroyed: the base's files of units that are gone, with their own `synth.json`. */
export function deletedFolder(report: string): string {
  return path.join(path.dirname(report), 'deleted');
}

/** Reads what `terrace affected --json` printed. Raises E6037. */
export function readAffected(file: string): AffectedReport {
  try {
    const report: AffectedReport = JSON.parse(readFileSync(file, 'utf8'));
    if (report.version === 1 && Array.isArray(report.units)) return report;
  } catch (cause) {
    throw failed(
      'E6037',
      {
        place: file,
        found: messageOf(cause),
        todo: 'give the file that `terrace affected --json` wrote',
      },
      exitCodes.wrongUsage,
      cause,
    );
  }
  throw failed(
    'E6037',
    {
      place: file,
      found: 'not what `terrace affected --json` prints, version 1',
      todo: 'give the file that `terrace affected --json` wrote',
    },
    exitCodes.wrongUsage,
  );
}

/** Targets for what is affected: from the tree what is applied, from the base's tree what is destroyed. */
export function affectedTargets(tree: SelectedTree, affected: readonly AffectedUnit[], base: Tree | undefined): readonly PlanTarget[] {
  const wanted = new Map(affected.map((unit) => [unit.unit, unit]));
  const applied = targetsOf({ ...tree, units: tree.units.filter((unit) => wanted.get(unit.path)?.operation === 'apply') }, 'apply');
  const destroyed = affected.flatMap((one): readonly PlanTarget[] => {
    const unit = one.operation === 'destroy' ? base?.model.units.find((candidate) => candidate.path === one.unit) : undefined;
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

/** E6028 where nothing is affected although files changed that units are made of. */
export function refuseEmpty(report: AffectedReport, allowed: boolean): void {
  const changed = infrastructureFiles(report.changedFiles);
  if (report.units.length > 0 || changed.length === 0 || allowed) return;
  throw failed('E6028', {
    found: `no unit differs, although ${quantity(changed.length, 'file')} changed that units are made of:\n${changed
      .slice(0, 10)
      .map((file) => `  ${file}`)
      .join('\n')}${changed.length > 10 ? `\n  and ${changed.length - 10} more` : ''}`,
    todo: 'if that is meant (a comment, a test value), say --allow-empty',
  });
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
