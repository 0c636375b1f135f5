import type { ChangedLine } from '../../git/changed-lines';
import type { Repository } from '../../git/repository';
import { withSource } from './commit-trees';
import type { ValueChange } from './value-changes';

/** What is asked of one source: which of its lines decide values of its units. */
export interface LineQuestion {
  readonly units: readonly AskedUnit[];
  /** Lines that differ from the other source, `stacks/shop/dev/env.ts:12`: of several that decide a value these are meant. */
  readonly changed: readonly string[];
  readonly includePlanned: boolean;
}

/** A unit whose values are asked for. */
export interface AskedUnit {
  readonly unit: string;
  readonly values: readonly Pick<ValueChange, 'block' | 'attribute'>[];
  /** True where the line is asked for at which the unit stands in its table. */
  readonly entry: boolean;
}

/** The lines of one unit. */
export interface UnitLines {
  readonly entry?: string;
  /** One for each value that was asked for; null where nothing is known. */
  readonly values: readonly (string | null)[];
}

/** By unit. */
export type LineAnswer = Readonly<Record<string, UnitLines>>;

/** Asks the source in a folder. The delivery loads no source: who calls it says how. */
export type SourceLines = (root: string, question: LineQuestion) => Promise<LineAnswer>;

/** One of the two sources that are compared. */
export type SourceSide = <T>(use: (root: string) => Promise<T>) => Promise<T>;

/** The source of a commit; of the work tree for none. */
export function sideOf(repository: Repository, commit: string | undefined): SourceSide {
  return (use) => (commit === undefined ? use(repository.root) : withSource(repository, commit, use));
}

/** Asks one side; a source that cannot be loaded any more says nothing. */
export async function linesOfSide(side: SourceSide, lines: SourceLines, question: LineQuestion): Promise<LineAnswer> {
  if (question.units.length === 0) return {};
  try {
    return await side((root) => lines(root, question));
  } catch {
    return {};
  }
}

/** The lines of a difference as one side counts them. */
export function linesThatDiffer(lines: readonly ChangedLine[], side: 'base' | 'head'): readonly string[] {
  return lines.flatMap(({ file, line, beforeLine, beforeLines }) =>
    side === 'head' ? [`${file}:${line}`] : Array.from({ length: beforeLines }, (_, index) => `${file}:${beforeLine + index}`),
  );
}

/** A line of the base as the head counts it, where it is one of those that differ. */
export function lineNow(lines: readonly ChangedLine[], place: string): string {
  const at = place.lastIndexOf(':');
  const [file, line] = [place.slice(0, at), Number(place.slice(at + 1))];
  const found = lines.find((one) => one.file === file && one.beforeLine <= line && line < one.beforeLine + one.beforeLines);
  return found === undefined ? place : `${file}:${found.line}`;
}
