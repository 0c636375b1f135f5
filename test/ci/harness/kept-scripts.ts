import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';

import type { WorkflowJob, WorkflowStep } from '../workflow-files';

/** How a script ended. */
export interface ScriptOutcome {
  readonly code: number;
  readonly log: string;
}

/** Where a job works, and the files of a step's outputs and of its part of the summary. */
export interface JobFolders {
  readonly work: string;
  readonly temp: string;
  readonly output: string;
  readonly summary: string;
}

/**
 * What a script's outcome follows from, where that is the history alone: no proof of who it is, nothing that another job made. Undefined
 * elsewhere. `history` is the commit of the run, and the head of the protected branch where that counts.
 */
export function scriptKey(job: WorkflowJob, step: WorkflowStep, own: NodeJS.ProcessEnv, history: readonly string[]): string | undefined {
  const steps = job.steps ?? [];
  if (job.permissions['id-token'] === 'write' || steps.some(({ uses }) => uses?.startsWith('actions/download-artifact') === true))
    return undefined;
  const before = steps.slice(0, steps.indexOf(step)).map(({ run, env }) => [run, env]);
  return JSON.stringify([history, before, step.run, own]);
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
    for (const name of ['output', 'summary'] as const)
      if (existsSync(path.join(kept.folder, name))) copyFileSync(path.join(kept.folder, name), at[name]);
    return kept;
  }

  keep(key: string, outcome: ScriptOutcome, at: JobFolders): void {
    const folder = path.join(this.folder, String(this.#kept.size));
    for (const name of ['work', 'temp'] as const) {
      mkdirSync(path.join(folder, name), { recursive: true });
      copy(at[name], path.join(folder, name));
    }
    for (const name of ['output', 'summary'] as const) if (existsSync(at[name])) copyFileSync(at[name], path.join(folder, name));
    this.#kept.set(key, { ...outcome, folder });
  }
}

function copy(from: string, to: string): void {
  execFileSync('cp', ['-a', `${from}/.`, to]);
}
