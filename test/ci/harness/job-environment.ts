import path from 'node:path';

import type { WorkflowJob } from '../workflow-files';
import { refOf, type Event } from './event';
import type { RunnerFacts } from './facts';

/** Where a job runs. */
export interface JobPlace {
  /** Its path (`dev-1/plan`); one with a slash is a called workflow's. */
  readonly name: string;
  readonly work: string;
  readonly temp: string;
  readonly folder: string;
  /** Its deployment environment. */
  readonly place: string | undefined;
}

/** Files that a step writes to. */
export interface StepFiles {
  readonly output: string;
  readonly summary: string;
}

/** The variables that a step starts with, beside its own: where it runs, and the right to ask for a token where its job may prove who it is. */
export function jobEnvironment(
  { repository: { name: repository }, host, base, cloud }: RunnerFacts,
  run: { readonly id: string; readonly file: string; readonly event: Event },
  job: WorkflowJob,
  at: JobPlace,
  files: StepFiles,
): NodeJS.ProcessEnv {
  const ref = refOf(run.event);
  const hasIdentity = job.permissions['id-token'] === 'write' && run.event.fork !== true;
  const token = hasIdentity
    ? host.tokenAddress({
        sub: at.place === undefined ? `repo:${repository}:ref:${ref}` : `repo:${repository}:environment:${at.place}`,
        job_workflow_ref: at.name.includes('/')
          ? `${repository}/.github/workflows/_round.yml@refs/heads/main`
          : `${repository}/.github/workflows/${run.file}@${ref}`,
      })
    : undefined;
  return {
    ...base,
    ...(hasIdentity ? cloud : {}),
    HOME: path.join(at.folder, 'home'),
    RUNNER_TEMP: at.temp,
    GITHUB_OUTPUT: files.output,
    GITHUB_STEP_SUMMARY: files.summary,
    GITHUB_REPOSITORY: repository,
    GITHUB_RUN_ID: run.id,
    GITHUB_API_URL: host.address,
    ...(token === undefined ? {} : { ACTIONS_ID_TOKEN_REQUEST_URL: token.url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token.secret }),
  };
}
