import { availableParallelism } from 'node:os';

/** Something to do after others, named by its path. */
export interface Task {
  readonly path: string;
  /** Paths that must have ended before; those that are no task do not count. */
  readonly after: readonly string[];
}

/** How many terraform processes run at once where nobody says: one for each core. */
export const defaultParallelism = availableParallelism();

/**
 * How many units are read, judged and masked at once where so many terraform processes run: while one unit's terraform runs, the next one's is made
 * ready, and the one's before is read. Twice as many: a unit's terraform takes about as long as all else of it.
 */
export const unitsAtOnce = (parallel: number): number => 2 * Math.max(1, parallel);

/** Runs what it is given in the order of asking, at most `parallel` at a time; the others wait. */
export function atMost(parallel: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running < Math.max(1, parallel)) running++;
    else await new Promise<void>((resolve) => void waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}

/**
 * Runs every task once those before it have ended, at most `parallel` at a time, in the order given among those that may start.
 * `run` must not reject: how a task ended is its result, which the ones after it can ask for. A task that knows early that nothing of
 * its result can matter to the ones after it may call `release`: they may start then, beside the rest of its work.
 */
export async function runInOrder<T extends Task, R>(
  tasks: readonly T[],
  parallel: number,
  run: (task: T, results: ReadonlyMap<string, R>, release: () => void) => Promise<R>,
): Promise<ReadonlyMap<string, R>> {
  const results = new Map<string, R>();
  const names = new Set(tasks.map((task) => task.path));
  const waiting = new Map(tasks.map((task) => [task.path, new Set(task.after.filter((path) => names.has(path) && path !== task.path))]));
  const byPath = new Map(tasks.map((task) => [task.path, task]));
  const dependents = new Map<string, string[]>();
  for (const [path, before] of waiting) for (const other of before) dependents.set(other, [...(dependents.get(other) ?? []), path]);
  const ready = tasks.filter((task) => waiting.get(task.path)?.size === 0).map((task) => task.path);
  let running = 0;
  if (tasks.length === 0) return results;
  await new Promise<void>((resolve, reject) => {
    const start = (): void => {
      while (running < Math.max(1, parallel) && ready.length > 0) {
        const task = byPath.get(ready.shift() ?? '');
        if (task === undefined) continue;
        running++;
        const release = (): void => {
          for (const dependent of dependents.get(task.path) ?? []) {
            const left = waiting.get(dependent);
            if (left?.delete(task.path) === true && left.size === 0) ready.push(dependent);
          }
        };
        const releaseEarly = (): void => {
          release();
          start();
        };
        run(task, results, releaseEarly).then((result) => {
          running--;
          results.set(task.path, result);
          release();
          if (results.size === tasks.length) resolve();
          else if (running === 0 && ready.length === 0)
            reject(new RangeError(`cycle among ${[...waiting.keys()].filter((path) => !results.has(path)).join(', ')}`));
          else start();
        }, reject);
      }
    };
    if (ready.length === 0) reject(new RangeError(`cycle among ${[...waiting.keys()].join(', ')}`));
    else start();
  });
  return results;
}
