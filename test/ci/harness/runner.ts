import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { parse } from 'yaml';

import { needsOf, type Workflow, type WorkflowJob, type WorkflowStep } from '../workflow-files';
import { runAction, type StepEnd } from './action';
import { Artefacts } from './artefacts';
import { githubContext, type Event } from './event';
import { interpolate, runs, type Scope } from './expression';
import type { RunnerFacts } from './facts';
import type { Place } from './host';
import { jobEnvironment, type JobPlace, type StepFiles } from './job-environment';
import { scriptKey } from './kept-scripts';
import { bash, outputsOf } from './shell';

export type Result = 'success' | 'failure' | 'skipped' | 'cancelled' | 'waiting';

interface Ended {
  readonly result: Result;
  readonly outputs: Readonly<Record<string, string>>;
}

/** What a job printed, and what it wrote into the run's summary. */
export interface JobLog {
  readonly job: string;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  readonly log: string;
}

/**
 * One run: executes the `run:` steps of its workflows in the order of their jobs, with artefacts, outputs, deployment environments and tokens
 * as GitHub hands them out. A job behind a closed gate waits; `go` goes on with what can be done now.
 */
export class WorkflowRun {
  readonly logs: JobLog[] = [];
  /** Steps that ran, as `stepName` gives them. */
  readonly ran = new Set<string>();
  summary = '';
  attempt = 1;
  readonly #ended = new Map<string, Ended>();
  readonly #artefacts: Artefacts;
  #number = 0;

  constructor(
    readonly facts: RunnerFacts,
    readonly id: string,
    readonly file: string,
    readonly event: Event,
  ) {
    facts.host.approvals.set(id, []);
    this.#artefacts = new Artefacts(this.#at('artefacts'));
  }

  /** Runs every job that can run now; gives how each ended, by its path (`dev-1/plan`). */
  async go(): Promise<Readonly<Record<string, Result>>> {
    // The calling file is the change's own; what it calls is the protected branch's.
    await this.#jobs(this.#workflow(this.file, this.event.commit), '', this.event.inputs ?? {}, {});
    return Object.fromEntries([...this.#ended].map(([name, { result }]) => [name, result]));
  }

  /** The runner of the job that is running is lost, with everything that runs on it. */
  lose(): void {
    this.#lost = true;
    if (this.#running !== undefined) process.kill(-this.#running, 'SIGKILL');
  }

  #running: number | undefined;
  #lost = false;

  /** Somebody opens a gate. Raises an error where GitHub would not let them. */
  approve(place: string, login: string, comment: string): void {
    const reviewers = this.facts.repository.places[place]?.reviewers ?? [];
    if (!reviewers.includes(login)) throw new Error(`${login} is no reviewer of ${place}`);
    if (login === this.event.actor) throw new Error(`${login} started this run`);
    if (![...this.#ended].some(([, { result, outputs }]) => result === 'waiting' && outputs['place'] === place))
      throw new Error(`nothing waits for ${place}`);
    for (const [name, { result, outputs }] of this.#ended) if (result === 'waiting' && outputs['place'] === place) this.#opened.add(name);
    this.facts.host.approvals.get(this.id)?.push({ state: 'approved', comment, environments: [{ name: place }], user: { login } });
  }

  /** Jobs that wait for a person, with the gate that they wait at. */
  waiting(): readonly { readonly job: string; readonly place: string }[] {
    return [...this.#ended].flatMap(([job, { result, outputs }]) => {
      const { place = '' } = outputs;
      return result === 'waiting' && place !== '' ? [{ job, place }] : [];
    });
  }

  /** Who opened a gate so far. */
  approvedBy(place: string): readonly string[] {
    return (this.facts.host.approvals.get(this.id) ?? []).flatMap(({ environments, user }) =>
      environments.some(({ name }) => name === place) ? [user.login] : [],
    );
  }

  /** "Re-run all jobs": another attempt of the same run, whose approvals stay listed. */
  again(): void {
    this.attempt += 1;
    this.#ended.clear();
    this.#artefacts.clear();
  }

  /** Jobs whose gate was opened: an approval opens those that wait for it, and still stands after a re-run. */
  readonly #opened = new Set<string>();

  outputs(job: string): Readonly<Record<string, string>> {
    return this.#ended.get(job)?.outputs ?? {};
  }

  log(job: string): string {
    return this.logs
      .filter((one) => one.job === job)
      .map(({ log }) => log)
      .join('');
  }

  /** Every file that a job handed over, for searches. */
  artefactFolder(): string {
    return this.#artefacts.folder;
  }

  /** Folder of an artefact that was handed over last. */
  artefact(name: string): string {
    return this.#artefacts.folderOf(name);
  }

  #at(...names: readonly string[]): string {
    return path.join(this.facts.folder, `run-${this.id}`, ...names);
  }

  #workflow(file: string, commit: string): Workflow {
    const text = execFileSync('git', ['show', `${commit}:.github/workflows/${file}`], {
      cwd: this.facts.repository.origin,
      encoding: 'utf8',
    });
    return parse(text) as Workflow;
  }

  #github(): Readonly<Record<string, unknown>> {
    return githubContext(this.facts.repository.name, this, this.event);
  }

  /** Runs the jobs of a workflow in the order of their needs. `prefix` is the path of the calling job. */
  async #jobs(
    workflow: Workflow,
    prefix: string,
    inputs: Readonly<Record<string, unknown>>,
    passed: Readonly<Record<string, string>>,
  ): Promise<void> {
    const left = new Map(Object.entries(workflow.jobs));
    for (let moved = true; moved;) {
      moved = false;
      for (const [id, job] of left) {
        const needs = needsOf(job).map((name) => [name, this.#ended.get(`${prefix}${name}`)] as const);
        if (needs.some(([, ended]) => ended === undefined || ended.result === 'waiting')) continue;
        left.delete(id);
        moved = true;
        const known = this.#ended.get(`${prefix}${id}`);
        if (known !== undefined && known.result !== 'waiting') continue;
        const results = needs.map(([, ended]) => ended?.result);
        const scope: Scope = {
          contexts: {
            github: this.#github(),
            inputs,
            secrets: passed,
            vars: this.facts.repository.settings ?? {},
            needs: Object.fromEntries(needs),
          },
          status: this.#lost ? 'cancelled' : this.#hasFailed(workflow, prefix, id) ? 'failure' : 'success',
        };
        // Without a word about the status, a job is left out where one that it needs was.
        const mayRun =
          runs(job.if, scope) && (/always\(|failure\(|cancelled\(/.test(job.if ?? '') || results.every((result) => result === 'success'));
        const ended: Ended = mayRun ? await this.#job(`${prefix}${id}`, job, scope) : { result: 'skipped', outputs: {} };
        this.#ended.set(`${prefix}${id}`, ended);
      }
    }
  }

  /** Whether any job before this one, however far, failed. */
  #hasFailed(workflow: Workflow, prefix: string, id: string, seen = new Set<string>()): boolean {
    return needsOf(workflow.jobs[id]).some((name) => {
      if (seen.has(name)) return false;
      seen.add(name);
      return this.#ended.get(`${prefix}${name}`)?.result === 'failure' || this.#hasFailed(workflow, prefix, name, seen);
    });
  }

  async #job(name: string, job: WorkflowJob, scope: Scope): Promise<Ended> {
    if (job.uses !== undefined) return await this.#call(name, job, scope);
    if (job.strategy !== undefined) return await this.#matrix(name, job, job.strategy.matrix, scope);
    const { place, rules } = this.#place(job, scope);
    if (rules?.reviewers !== undefined && !this.#opened.has(name)) return { result: 'waiting', outputs: { place: place ?? '' } };
    return await this.#steps(name, job, scope, place, rules);
  }

  #place(job: WorkflowJob, scope: Scope): { readonly place: string | undefined; readonly rules: Place | undefined } {
    const place = job.environment === undefined ? undefined : interpolate(job.environment, scope);
    return { place, rules: place === undefined ? undefined : this.facts.repository.places[place] };
  }

  async #matrix(
    name: string,
    job: WorkflowJob,
    matrix: Readonly<Record<string, string | readonly (string | number)[]>>,
    scope: Scope,
  ): Promise<Ended> {
    const [key = 'environment'] = Object.keys(matrix);
    const environment = matrix[key] ?? [];
    const entries: unknown = typeof environment === 'string' ? JSON.parse(interpolate(environment, scope)) : environment;
    if (!Array.isArray(entries)) throw new Error(`${name}: no matrix`);
    const results: Result[] = [];
    for (const entry of entries) {
      const own: Scope = { ...scope, contexts: { ...scope.contexts, matrix: { shard: 1, [key]: entry } } };
      const { place, rules } = this.#place(job, own);
      results.push((await this.#steps(name, job, own, place, rules)).result);
    }
    return { result: results.every((result) => result === 'success') ? 'success' : 'failure', outputs: {} };
  }

  /** A called workflow is read from the branch that the call names, and its jobs are jobs of the same run. */
  async #call(name: string, job: WorkflowJob, scope: Scope): Promise<Ended> {
    const match = /^(?<repository>.+)\/\.github\/workflows\/(?<file>[\w.-]+)@(?<branch>\w+)$/.exec(job.uses ?? '');
    const { repository, file = '', branch = '' } = match?.groups ?? {};
    if (repository !== this.facts.repository.name) throw new Error(`${job.uses} is another repository's`);
    const called = this.#workflow(file, `refs/heads/${branch}`);
    const inputs = Object.fromEntries(
      Object.entries(job.with ?? {}).map(([key, value]) => [key, typeof value === 'string' ? interpolate(value, scope) : value]),
    );
    const defaults = Object.fromEntries(Object.keys(called.on['workflow_call']?.inputs ?? {}).map((key) => [key, '']));
    const names = Object.keys(job.secrets ?? {});
    await this.#jobs(called, `${name}/`, { ...defaults, ...inputs }, Object.fromEntries(names.map((key) => [key, ''])));
    const inner = [...this.#ended].filter(([key]) => key.startsWith(`${name}/`)).map(([, { result }]) => result);
    const isOpen = inner.includes('waiting');
    const jobs = Object.fromEntries(Object.keys(called.jobs).map((id) => [id, this.#ended.get(`${name}/${id}`) ?? { outputs: {} }]));
    const outputs = Object.fromEntries(
      Object.entries(called.on['workflow_call']?.outputs ?? {}).map(([key, { value }]) => [
        key,
        interpolate(value, { ...scope, contexts: { ...scope.contexts, jobs } }),
      ]),
    );
    const result: Result = isOpen
      ? 'waiting'
      : inner.includes('failure')
        ? 'failure'
        : inner.every((one) => one === 'skipped')
          ? 'skipped'
          : 'success';
    return { result, outputs };
  }

  async #steps(name: string, job: WorkflowJob, given: Scope, place: string | undefined, rules: Place | undefined): Promise<Ended> {
    this.#number += 1;
    const folder = this.#at(`${this.#number}-${name.replaceAll('/', '-')}`);
    const work = path.join(folder, 'work');
    const temp = path.join(folder, 'temp');
    for (const one of [work, temp, path.join(folder, 'home')]) mkdirSync(one, { recursive: true });
    const isFork = this.event.fork === true;
    const passed = given.contexts['secrets'];
    // A secret of the environment reaches a called workflow's job under names that the caller passed on.
    const isPassed = (secret: string): boolean =>
      !name.includes('/') || (typeof passed === 'object' && passed !== null && secret in passed);
    const secrets = isFork ? {} : Object.fromEntries(Object.entries(rules?.secrets ?? {}).filter(([secret]) => isPassed(secret)));
    const steps: Record<string, { outputs: Record<string, string> }> = {};
    let failed = false;
    for (const [index, step] of (job.steps ?? []).entries()) {
      if (this.#lost) break;
      const scope: Scope = {
        contexts: { ...given.contexts, secrets, vars: { ...this.facts.repository.settings, ...rules?.settings }, steps, runner: { temp } },
        status: failed ? 'failure' : 'success',
      };
      if (!runs(step.if, scope)) continue;
      const files = { output: path.join(folder, `output-${index}`), summary: path.join(folder, `summary-${index}`) };
      const ended =
        step.uses === undefined
          ? await this.#script(job, step, scope, { name, work, temp, folder, place }, files)
          : runAction(step, scope, {
              origin: this.facts.repository.origin,
              commit: this.event.commit,
              work,
              artefacts: this.#artefacts,
              attempt: this.attempt,
            });
      if (existsSync(files.summary)) this.summary += readFileSync(files.summary, 'utf8');
      if (step.id !== undefined) steps[step.id] = { outputs: { ...outputsOf(files.output), ...ended.outputs } };
      if (!ended.ok && step['continue-on-error'] !== true) failed = true;
    }
    const outputs = Object.fromEntries(
      Object.entries(job.outputs ?? {}).map(([key, value]) => [
        key,
        interpolate(value, { ...given, contexts: { ...given.contexts, steps } }),
      ]),
    );
    return { result: this.#lost ? 'cancelled' : failed ? 'failure' : 'success', outputs };
  }

  async #script(job: WorkflowJob, step: WorkflowStep, scope: Scope, at: JobPlace, files: StepFiles): Promise<StepEnd> {
    const own = Object.fromEntries(Object.entries(step.env ?? {}).map(([key, value]) => [key, interpolate(value, scope)]));
    const env = { ...jobEnvironment(this.facts, this, job, at, files), ...own };
    const script = path.join(at.folder, 'script.sh');
    writeFileSync(script, step.run ?? '');
    this.ran.add(step.run ?? '');
    const key = this.#keyOf(job, step, own, at.place);
    const folders = { work: at.work, temp: at.temp, ...files };
    const found = key === undefined ? undefined : this.facts.kept?.find(key, folders);
    const { code, log } = found ?? (await bash(script, at.work, env, (pid) => (this.#running = pid)));
    this.#running = undefined;
    if (key !== undefined && found === undefined && code === 0) this.facts.kept?.keep(key, { code, log }, folders);
    this.logs.push({ job: at.name, environment: env, log: `## ${step.name}\n${log}` });
    return { ok: code === 0, outputs: {} };
  }

  /** Under what a script is kept; undefined where it has to run. */
  #keyOf(job: WorkflowJob, step: WorkflowStep, own: NodeJS.ProcessEnv, place: string | undefined): string | undefined {
    if (this.facts.kept === undefined || place !== undefined) return undefined;
    const { change, commit } = this.event;
    // What compares with the protected branch is told which that is; a change is compared with where that stands.
    if (change === undefined && own['BRANCH'] === undefined) return scriptKey(job, step, own, [commit]);
    const branch = execFileSync('git', ['rev-parse', 'refs/heads/main'], { cwd: this.facts.repository.origin, encoding: 'utf8' }).trim();
    return scriptKey(job, step, own, [commit, branch]);
  }
}
