import { contentDigest } from '../../model/content-digest';
import { partOf } from '../../model/select';
import type { CoveredEnvironment } from '../bundle/bundle';
import { artifactsDigest } from '../tree/artifacts';
import { readUnitFiles } from '../tree/unit-files';

import type { SelectedTree } from './selection';

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
  const found = new Map<string, { readonly unit: string; readonly files: string }[]>();
  for (const { path, system, environment, bootstrap } of tree.model.units) {
    const name = `${system}/${environment}`;
    if (bootstrap || !isSelected(name)) continue;
    const units = found.get(name) ?? [];
    units.push({ unit: path, files: contentDigest(readUnitFiles(tree.folder, path)) });
    found.set(name, units);
  }
  return [...found]
    .map(([environment, units]) => {
      const artifacts = artifactsDigest(tree.folder, environment);
      return {
        environment,
        units: units.toSorted((a, b) => (a.unit < b.unit ? -1 : 1)),
        ...(artifacts === undefined ? {} : { artifacts }),
      };
    })
    .toSorted((a, b) => (a.environment < b.environment ? -1 : 1));
}
