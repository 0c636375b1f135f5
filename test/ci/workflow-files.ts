import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { parse } from 'yaml';

import { projectRoot } from '../_helpers/project-root';

export interface WorkflowStep {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly 'continue-on-error'?: boolean;
}

export interface WorkflowJob {
  readonly name: string;
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly environment?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency?: Readonly<Record<string, string | boolean>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, string | readonly (string | number)[]>> };
  readonly outputs?: Readonly<Record<string, string>>;
  /** Set where the job is a call of another workflow. */
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | number>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly steps?: readonly WorkflowStep[];
}

export interface Workflow {
  readonly name: string;
  readonly on: Readonly<
    Record<string, { readonly inputs?: object; readonly outputs?: Readonly<Record<string, { readonly value: string }>> } | null>
  >;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, WorkflowJob>>;
}

export const workflowFolder = path.join(projectRoot, '.github', 'workflows');

/** Every workflow of the repository, by its file's name. */
export function readWorkflows(folder = workflowFolder): ReadonlyMap<string, Workflow> {
  return new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.yml'))
      .toSorted()
      .map((name) => [name, parse(readFileSync(path.join(folder, name), 'utf8')) as Workflow]),
  );
}

export const needsOf = (job: WorkflowJob | undefined): readonly string[] => [job?.needs ?? []].flat();
