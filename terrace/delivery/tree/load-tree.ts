import { readModel } from '../../model/model-file';
import type { UnitFiles } from '../../model/content-digest';
import type { Model } from '../../model/model';
import { readUnitFiles } from './unit-files';

/** A synthesized tree in memory. */
export interface Tree {
  readonly model: Model;
  readonly files: ReadonlyMap<string, UnitFiles>;
}

/** Reads a synthesized tree with the files of all its units. Raises E3301, E3302, E6025 and E6038. */
export function loadTree(folder: string): Tree {
  const model = readModel(folder);
  return { model, files: new Map(model.units.map((unit) => [unit.path, readUnitFiles(folder, unit.path)])) };
}
