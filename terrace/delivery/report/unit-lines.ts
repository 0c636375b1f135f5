import { plain, type Paint } from '../../base/paint';
import { quantity } from '../../base/plural';
import { visibleLine } from '../../base/visible';
import { wrapWords } from '../../base/wrap-words';

/** What is said of one unit, in colours or without. */
export interface UnitLine {
  readonly unit: string;
  readonly text: string;
  /** Lines below it, further in: what of it. @default none */
  readonly below?: readonly string[];
}

export interface UnitLinesOptions {
  /** Units of which nothing is to be said but their number. @default 0 */
  readonly unchanged?: number;
  /** @default no colours */
  readonly paint?: Paint;
  /** Columns. @default as many as a line has */
  readonly width?: number | undefined;
}

/** How every command shows units: under a heading for each place a line for each unit that something happens to, and the number of the others. */
export function unitLines(units: readonly UnitLine[], { unchanged = 0, paint = plain, width }: UnitLinesOptions = {}): readonly string[] {
  const places = new Map<string, UnitLine[]>();
  for (const one of units.toSorted((a, b) => (a.unit < b.unit ? -1 : 1))) {
    const { place } = placed(one.unit);
    places.set(place, [...(places.get(place) ?? []), one]);
  }
  return [
    ...[...places].flatMap(([place, own]) => {
      const longest = Math.max(...own.map(({ unit }) => placed(unit).name.length));
      return [
        ...(place === '' ? [] : [paint('strong', visibleLine(place))]),
        ...own.flatMap(({ unit, text, below = [] }) => [
          ...unitLine(placed(unit).name, longest, text, width),
          ...below.flatMap((line) => furtherIn(line, width)),
        ]),
      ];
    }),
    ...unchangedLines(unchanged, paint),
  ];
}

/** A line below a unit's, as far in as it says itself and four columns more; what is too long goes on below, a little further in. */
function furtherIn(line: string, width: number | undefined): readonly string[] {
  if (width === undefined) return [`    ${line}`];
  const own = ' '.repeat(4 + line.length - line.trimStart().length);
  return wrapWords(line.trimStart(), Math.max(20, width - own.length - 2)).map((part, index) => `${own}${index === 0 ? '' : '  '}${part}`);
}

/** The line of one unit, its name padded to the longest of its place; what is too long for the width goes on below. */
export function unitLine(name: string, longest: number, text: string, width: number | undefined): readonly string[] {
  const head = `  ${visibleLine(name).padEnd(longest)}  `;
  if (width === undefined) return [`${head}${text}`];
  const room = width - head.length;
  if (room < 24) return [`  ${visibleLine(name)}`, ...wrapWords(text, width - 4).map((line) => `    ${line}`)];
  const [first = '', ...more] = wrapWords(text, room);
  return [`${head}${first}`, ...more.map((line) => `${' '.repeat(head.length)}${line}`)];
}

export function unchangedLines(count: number, paint: Paint): readonly string[] {
  return count === 0 ? [] : [paint('soft', `  ${quantity(count, 'unit')} without changes`)];
}

/** A unit's name below its place, and the place: `network/vpc`, `shop/dev/eu-central-1`. */
export function placed(unit: string): { readonly name: string; readonly place: string } {
  const parts = unit.split('/');
  return parts.length > 3 ? { name: parts.slice(3).join('/'), place: parts.slice(0, 3).join('/') } : { name: unit, place: '' };
}

/** A command within a sentence, to its end: it is typed as it stands. */
const commands = /(\bterrace [a-z][^;`\n]*)/;

/** A text about a unit in which others of its place have their short names. */
export function withoutPlace(text: string, unit: string): string {
  const { place } = placed(unit);
  if (place === '') return text;
  return text
    .split(commands)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(`${place}/`, '')))
    .join('');
}
