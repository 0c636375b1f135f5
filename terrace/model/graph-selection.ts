import { exitCodes, TerraceError } from '../base/errors';
import { withDependencies, withDependents } from './closure';
import type { Model, UnitModel } from './model';
import { selectorPath, selectPaths } from './select';

/** What a command was asked for. */
export interface Selection {
  /** Paths, with `...` before for what they need, and after for what needs them. Without one, everything is selected. */
  readonly selectors: readonly string[];
  /** Selectors of what to leave out. */
  readonly except: readonly string[];
  /** `Team` or `Team=core`: units whose default tags have it. Several must all fit. */
  readonly tags: readonly string[];
}

/** True where paths alone say what is meant, and no graph has to be known. */
export function isPlain({ selectors, except, tags }: Selection): boolean {
  return except.length === 0 && tags.length === 0 && !selectors.some(followsGraph);
}

/**
 * Paths of the units that a selection means, in the order of the model, which has all units of the repository. A bootstrap unit is among them only
 * where a selector names it itself. Raises E120x for a selector that names nothing, and E1209 where nothing is left.
 */
export function selectUnits({ units, tags }: Pick<Model, 'units' | 'tags'>, selection: Selection): readonly string[] {
  const paths = units.map(({ path }) => path);
  const chosen = new Set(selection.selectors.length === 0 ? paths : selection.selectors.flatMap((one) => follow(units, paths, one)));
  const left = new Set(selection.except.flatMap((one) => follow(units, paths, one)));
  const named = new Set(selection.selectors.map(selectorPath));
  const meant = units.filter(
    (unit) =>
      chosen.has(unit.path) &&
      !left.has(unit.path) &&
      selection.tags.every((tag) => hasTag(tags?.[unit.path] ?? {}, tag)) &&
      (!unit.bootstrap || named.has(unit.path)),
  );
  if (meant.length === 0)
    throw new TerraceError(
      {
        code: 'E1209',
        title: 'nothing selected',
        found: `nothing is left of ${[...selection.selectors, ...selection.except.map((one) => `--except ${one}`), ...selection.tags.map((one) => `--tag ${one}`)].join(' ')}`,
        expected: 'at least one unit',
        todo: `\`terrace list\` shows what there is${selection.tags.length === 0 ? '' : `; ${tags === undefined ? 'a tree keeps no tags: select without --tree' : `tags are ${tagNames(tags)}`}`}`,
      },
      exitCodes.wrongUsage,
    );
  return meant.map(({ path }) => path);
}

function follow(units: readonly UnitModel[], paths: readonly string[], selector: string): readonly string[] {
  const start = selectPaths(paths, [withoutDots(selector)]);
  const down = selector.endsWith('...') ? withDependents(units, start).map(({ path }) => path) : [];
  const up = selector.startsWith('...') ? withDependencies(units, start).map(({ path }) => path) : [];
  return [...start, ...down, ...up];
}

function followsGraph(selector: string): boolean {
  return selector.startsWith('...') || selector.endsWith('...');
}

function withoutDots(selector: string): string {
  return selector.replace(/^\.\.\./, '').replace(/\.\.\.$/, '');
}

function hasTag(own: Readonly<Record<string, string>>, tag: string): boolean {
  const [name = '', ...value] = tag.split('=');
  return own[name] !== undefined && (value.length === 0 || own[name] === value.join('='));
}

function tagNames(tags: NonNullable<Model['tags']>): string {
  return [...new Set(Object.values(tags).flatMap((own) => Object.keys(own)))].sort().join(', ');
}
