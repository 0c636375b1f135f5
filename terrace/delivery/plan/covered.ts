import { contentDigest } from '../../model/content-digest';
import { partOf } from '../../model/select';
import type { CommitUnit, CoveredEnvironment } from '../bundle/bundle';
import { artifactsDigest } from '../tree/artifacts';
import { readUnitFiles } from '../tree/unit-files';

import type { SelectedTree } from './selection';

/** Every unit that a tree has of an environment, sorted. */
export function environmentUnits({ folder, model }: Pick<SelectedTree, 'folder' | 'model'>, environment: string): readonly CommitUnit[] {
  return model.units
    .filter((unit) => `${unit.system}/${unit.environment}` === environment)
    .map(({ path, bootstrap }) => ({ unit: path, files: contentDigest(readUnitFiles(folder, path)), bootstrap }))
    .toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
}

/**
 * The environments that selectors name whole, with every unit that a plan of them may hold: when each of these is recorded as applied, and
 * nothing else is left there, nothing of the commit is left to do. Bootstrap units are an administrator's. With the digest of what each environment hands to other tools:
 * these run nothing that was not reviewed.
 */
export function coveredEnvironments(
  tree: Pick<SelectedTree, 'folder' | 'model'>,
  selectors: readonly string[],
): readonly CoveredEnvironment[] {
  const isSelected = partOf(selectors);
  return [...new Set(tree.model.units.map(({ system, environment }) => `${system}/${environment}`))]
    .filter(isSelected)
    .toSorted()
    .map((environment) => {
      const artifacts = artifactsDigest(tree.folder, environment);
      const units = environmentUnits(tree, environment).filter(({ bootstrap }) => !bootstrap);
      return {
        environment,
        units: units.map(({ unit, files }) => ({ unit, files })),
        ...(artifacts === undefined ? {} : { artifacts }),
      };
    })
    .filter(({ units }) => units.length > 0);
}
