import { closest, distance } from 'fastest-levenshtein';

import { exitCodes, TerraceError, type Problem } from '../base/errors';

const levels = [
  { code: 'E1201', title: 'unknown system' },
  { code: 'E1202', title: 'unknown environment' },
  { code: 'E1203', title: 'unknown region' },
  { code: 'E1204', title: 'unknown layer' },
  { code: 'E1205', title: 'unknown unit' },
] as const;

/**
 * The paths that the selectors name: a selector is a path (`<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]`), with
 * or without what shell completion adds, in which `*` stands for any text within one segment; none selects everything. Keeps the
 * order of `paths`.
 * Raises one E120x problem for each selector that names nothing, with the nearest match.
 */
export function selectPaths(paths: readonly string[], selectors: readonly string[]): readonly string[] {
  if (selectors.length === 0) return paths;
  const known = new Set<string>();
  for (const path of paths) for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) known.add(path.slice(0, end));
  for (const path of paths) known.add(path);
  const wanted = new Set<string>();
  const problems: Problem[] = [];
  for (const selector of selectors) {
    const path = selectorPath(selector);
    const named = path.includes('*') ? [...known].filter(matching(path)) : known.has(path) ? [path] : [];
    for (const one of named) wanted.add(one);
    if (named.length === 0) problems.push(unknown(path, known));
  }
  if (problems.length > 0) throw new TerraceError(problems, exitCodes.wrongUsage);
  return paths.filter((path) => {
    for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) if (wanted.has(path.slice(0, end))) return true;
    return wanted.has(path);
  });
}

/** The path that a selector names: shell completion begins it with `./` and `live/`, and ends it with a slash. */
export function selectorPath(selector: string): string {
  return selector.replace(/^(?:\.\/+)?(?:live\/+)?/, '').replace(/\/+$/, '');
}

/** Tells whether a path lies at or below one of the selectors; everything does without selectors. */
export function partOf(selectors: readonly string[]): (path: string) => boolean {
  const covers = selectors.map((selector) => matching(selectorPath(selector), '(?:/|$)'));
  return (name) => covers.length === 0 || covers.some((cover) => cover(name));
}

/** As `partOf`, for the ids of stacks, which are the paths with `-` for each slash. */
export function stackPartOf(selectors: readonly string[]): (stackId: string) => boolean {
  const covers = selectors.map((selector) => matching(selectorPath(selector).replaceAll('/', '-'), '(?:-|$)'));
  return (id) => covers.length === 0 || covers.some((cover) => cover(id));
}

/** Tells whether a path is what a selector's path says, with `*` for any text within one segment. */
function matching(selector: string, end = '$'): (path: string) => boolean {
  const pattern = new RegExp(`^${selector.split('*').map(escaped).join('[^/]*')}${end}`);
  return (path) => pattern.test(path);
}

function escaped(text: string): string {
  return text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
}

function unknown(path: string, known: ReadonlySet<string>): Problem {
  const segments = path.split('/');
  let depth = 0;
  const all = [...known];
  while (depth < segments.length && all.some(matching(segments.slice(0, depth + 1).join('/')))) depth += 1;
  const parent = segments.slice(0, depth).join('/');
  const children = all.filter(matching(parent === '' ? '*' : `${parent}/*`));
  const siblings = [...new Set(children.map((one) => one.slice(one.lastIndexOf('/') + 1)))];
  const segment = segments[depth] ?? '';
  return {
    ...(levels[depth] ?? levels[4]),
    ...(parent === '' ? {} : { place: parent }),
    found: segment === '' ? emptyPart(path) : `'${segment}'`,
    expected: siblings.length === 0 ? `there is nothing below ${parent}` : siblings.sort().join(', '),
    todo: siblings.length === 0 ? `use ${parent}` : hint(segment, parent, siblings),
  };
}

/** What a selector with nothing before, between or after its slashes is. */
function emptyPart(path: string): string {
  if (path === '') return 'an empty selector';
  return path.startsWith('/') ? `'${path}' is not a folder of the live tree` : `'${path}' has an empty part`;
}

/** The nearest name, where one is near enough to have been meant. */
function hint(segment: string, parent: string, siblings: readonly string[]): string {
  const typed = segment.toLowerCase();
  const nearest = siblings.find((one) => typed !== '' && one.startsWith(typed)) ?? closest(typed, [...siblings]);
  const isNear = (typed !== '' && nearest.startsWith(typed)) || distance(typed, nearest) <= Math.max(2, Math.floor(nearest.length / 2));
  if (isNear && typed !== '' && !typed.includes('*') && !parent.includes('*'))
    return `did you mean ${parent === '' ? '' : `${parent}/`}${nearest}?`;
  return `\`terrace list${parent === '' ? '' : parent.includes('*') ? ` '${parent}'` : ` ${parent}`}\` shows what there is: <system>/<environment>/<region>/<layer>/<unit>`;
}

/** Selectors of the whole systems that selectors name: what the source no longer has is known only beside all that it has. */
export function wholeSystems(selectors: readonly string[]): readonly string[] {
  return [...new Set(selectors.map((selector) => selectorPath(selector).split('/')[0] ?? ''))];
}
