import type { Problem } from '../../base/errors';
import type { UnitsAt } from '../accepted/move-accepted';
import type { VerifiedBundle } from '../bundle/verify';
import { problem } from '../problems';

import { environmentsOf } from './accepted-judge';

/**
 * Units of a bundle whose files are not what its commit gives when it is synthesized again (E6065): whoever planned had something else in the
 * work tree, where git was told not to look or never looks. Units that are gone from it have their files from where they were applied. Nothing where
 * nobody can synthesize the commit.
 */
export async function otherSource({ bundle }: VerifiedBundle, unitsAt: UnitsAt): Promise<readonly Problem[]> {
  const { commit } = bundle;
  if (commit === null || bundle.dirty) return [];
  const found: Problem[] = [];
  for (const environment of environmentsOf(bundle.units)) {
    const units = await unitsAt(environment, commit);
    if (units === undefined) continue;
    const digests = new Map(units.map(({ unit, files }) => [unit, files]));
    for (const { unit, operation, contentDigest } of bundle.units) {
      const isGone = operation === 'destroy' && !digests.has(unit.path);
      if (isGone || `${unit.system}/${unit.environment}` !== environment || digests.get(unit.path) === contentDigest) continue;
      found.push(
        problem('E6065', {
          place: unit.path,
          found: digests.has(unit.path)
            ? `its files differ from what ${commit.slice(0, 12)} gives when synthesized again`
            : `${commit.slice(0, 12)} has no such unit when synthesized again`,
          todo: 'commit what was planned, and plan again; check which files git ignores (git ls-files -v, .gitignore)',
        }),
      );
    }
  }
  return found;
}
