import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';

/** How a script ended. */
export interface ScriptOutcome {
  readonly code: number;
  readonly log: string;
}

/** Where a job works, and the file of a step's outputs. */
export interface JobFolders {
  readonly work: string;
  readonly temp: string;
  readonly output: string;
}

/**
 * What scripts without any credential made of a commit, so that jobs which do the same again (the judge of each environment, the second synthesis of
 * each round) need not: the same text with the same variables, after the same scripts, on the same history. Nothing that plans or applies is kept.
 */
export class KeptScripts {
  readonly #kept = new Map<string, ScriptOutcome & { readonly folder: string }>();

  constructor(readonly folder: string) {}

  /** The outcome of an earlier script, whose files now lie in the job's folders; undefined where there was none. */
  find(key: string, at: JobFolders): ScriptOutcome | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    for (const name of ['work', 'temp'] as const) copy(path.join(kept.folder, name), at[name]);
    if (existsSync(path.join(kept.folder, 'output'))) copyFileSync(path.join(kept.folder, 'output'), at.output);
    return kept;
  }

  keep(key: string, outcome: ScriptOutcome, at: JobFolders): void {
    const folder = path.join(this.folder, String(this.#kept.size));
    for (const name of ['work', 'temp'] as const) {
      mkdirSync(path.join(folder, name), { recursive: true });
      copy(at[name], path.join(folder, name));
    }
    if (existsSync(at.output)) copyFileSync(at.output, path.join(folder, 'output'));
    this.#kept.set(key, { ...outcome, folder });
  }
}

function copy(from: string, to: string): void {
  execFileSync('cp', ['-a', `${from}/.`, to]);
}
