import { execFileSync } from 'node:child_process';
import path from 'node:path';

import type { WorkflowStep } from '../workflow-files';
import type { Artefacts } from './artefacts';
import { interpolate, type Scope } from './expression';

/** How a step ended, and what it gave to later ones. */
export interface StepEnd {
  readonly ok: boolean;
  readonly outputs: Readonly<Record<string, string>>;
}

/** What the actions of a job work on. */
export interface ActionPlace {
  /** A bare repository, and the commit that the run is about. */
  readonly origin: string;
  readonly commit: string;
  /** Folder of the job. */
  readonly work: string;
  readonly artefacts: Artefacts;
  readonly attempt: number;
}

/** What an action of `ci/actions.json` does, as far as it matters here. */
export function runAction(step: WorkflowStep, scope: Scope, { origin, commit, work, artefacts, attempt }: ActionPlace): StepEnd {
  const option = (name: string): string => interpolate(String(step.with?.[name] ?? ''), scope);
  const done: StepEnd = { ok: true, outputs: {} };
  switch ((step.uses ?? '').split('@')[0]) {
    case 'actions/checkout': {
      const into = path.join(work, option('path'));
      execFileSync('git', ['clone', '--quiet', origin, into], { stdio: 'pipe' });
      execFileSync('git', ['checkout', '--quiet', '--detach', option('ref') || commit], { cwd: into, stdio: 'pipe' });
      return done;
    }
    case 'actions/upload-artifact': {
      const files = option('path')
        .split('\n')
        .filter((line) => line !== '');
      const id = artefacts.give(option('name'), attempt, work, files);
      return id === undefined ? { ok: false, outputs: {} } : { ok: true, outputs: { 'artifact-id': id } };
    }
    case 'actions/download-artifact': {
      const into = path.resolve(work, option('path'));
      const [start, id] = [option('pattern').replace(/\*$/, ''), option('artifact-ids')];
      if (start !== '') {
        artefacts.takeAll(start, into);
        return done;
      }
      return { ok: artefacts.take(id === '' ? { name: option('name') } : { id }, into), outputs: {} };
    }
    default:
      return done;
  }
}
