import { exitCodes, TerraceError } from '../base/errors';
import type { Model } from './model';
import { partOf, selectorPath } from './select';

/** What includes the environments that are described and not built yet. */
export const includePlannedFlag = '--include-planned';

/** The planned environments of a model that has no unit of them, `<system>/<environment>`, sorted. */
export function excludedEnvironments(model: Model): readonly string[] {
  return model.systems
    .flatMap(({ name, environments }) => environments.filter(({ planned }) => planned === true).map((one) => `${name}/${one.name}`))
    .filter((environment) => !model.units.some((unit) => `${unit.system}/${unit.environment}` === environment))
    .sort();
}

/** A sentence about planned environments that were left out; nothing where there are none. */
export function excludedLines(environments: readonly string[] = []): readonly string[] {
  if (environments.length === 0) return [];
  return [`${environments.join(', ')} ${environments.length === 1 ? 'is' : 'are'} planned and left out (${includePlannedFlag})`];
}

/**
 * Raises E1208, with exit code 3, for each selector that names nothing but what is planned. `paths` is what may be selected, `planned` what
 * may not: paths of environments, and of units where they are known.
 */
export function refusePlannedSelectors(selectors: readonly string[], paths: readonly string[], planned: readonly string[]): void {
  const wrong = selectors.filter((selector) => {
    const path = selectorPath(selector);
    const names = partOf([path]);
    return planned.some((one) => names(one) || path.startsWith(`${one}/`)) && !paths.some(names);
  });
  if (wrong.length > 0) throw plannedError(wrong);
}

/** E1208 for what lies in planned environments; ends with 3. */
export function plannedError(places: readonly string[]): TerraceError {
  return new TerraceError(
    places.map((place) => ({
      code: 'E1208',
      title: 'planned environment',
      place,
      found: 'its environment is planned: described, but not built yet',
      todo: `add ${includePlannedFlag} to look at it, or to plan and apply it on purpose`,
    })),
    exitCodes.refused,
  );
}
