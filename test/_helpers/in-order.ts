import { test } from '@jest/globals';

/** Here it registers what others write: neither title nor assertions stand here. */
const register = test;

type Work = () => void | Promise<void>;

/** What a row gives to a test: its cells, or itself where it is none of cells. */
type Cells<Row> = Row extends readonly unknown[] ? [...Row] : [Row];

/** Registers one test of a story, as jest's own `test` does; `each` one for each row. */
export interface Step {
  (name: string, body: Work, limit?: number): void;
  each: <const Row>(rows: readonly Row[]) => (name: string, body: (...cells: Cells<Row>) => void | Promise<void>, limit?: number) => void;
}

/**
 * Steps of which each builds on what the ones before it left, for whoever may run them in any order: adds one, and gives what runs those before
 * it that did not run yet, then itself, each only once. One that fails is told where it was asked for; the next goes on.
 */
export function steps(): (body: Work) => () => Promise<void> {
  const all: (() => Promise<void>)[] = [];
  return (body) => {
    let ended: Promise<void> | undefined;
    const run = (): Promise<void> => (ended ??= Promise.resolve().then(body));
    const before = all.slice();
    all.push(run);
    return async () => {
      for (const earlier of before) await earlier().catch(() => undefined);
      await run();
    };
  };
}

/** A story: tests that build on each other, as they are written, while jest may start them in any order, or one alone (`-t`). */
export function inOrder(): Step {
  const add = steps();
  const step = (name: string, body: Work, limit?: number): void => register(name, add(body), limit);
  const each: Step['each'] = (rows) => (name, body, limit) => {
    const cells = rows.map((row) => (Array.isArray(row) ? row : [row]) as Cells<(typeof rows)[number]>);
    const added = cells.map((row) => add(() => body(...row)));
    // The last cell is none that a name shows: it says which of the rows this is.
    register.each(cells.map((row, index) => [...row, index]))(name, async (...row) => added[Number(row.at(-1))]?.(), limit);
  };
  return Object.assign(step, { each });
}
