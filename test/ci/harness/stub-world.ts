import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { project } from '../../../main';
import type { EnvironmentDelivery, SystemDelivery } from '../../../terrace/ci/delivery';
import { jobTrust } from '../../../terrace/ci/github/trust';
import { synthesizeInMemory, withScratch } from '../../../terrace/synth/synthesize';
import { projectRoot } from '../../_helpers/project-root';
import { temporaryFolder } from '../../_helpers/sandbox';
import type { Event } from './event';
import { startHost, type Host, type Place, type Trust } from './host';
import { WorkflowRun } from './runner';
import { answer, calls, writeStubs, type StubAnswers, type StubCall } from './stub-programs';

/** What no log, comment, summary or readable artefact may hold: the value of each secret, by its name. */
const canary = (name: string): string => `canary-${name.toLowerCase().replaceAll('_', '-')}`;
const reviewers = ['ana', 'bob', 'cem', 'dan', 'eve'];

export interface StubWorld {
  readonly host: Host;
  readonly runs: readonly WorkflowRun[];
  readonly head: string;
  /** A commit that lacks what was applied. */
  readonly behind: string;
  answer(answers: StubAnswers & Readonly<Record<string, unknown>>): void;
  calls(): readonly StubCall[];
  /** A run of a workflow of a system, started by ana unless it is said. */
  start(system: string, file: string, event?: Partial<Event>, settings?: Readonly<Record<string, string>>): WorkflowRun;
  /** Opens every gate of a run with the hash of what waits there, until it has ended. */
  finish(run: WorkflowRun): Promise<Readonly<Record<string, string>>>;
  dispose(): Promise<void>;
}

/**
 * The generated workflows of this repository in one of its own, with every program beside the steps' own work a stub, and GitHub and AWS's
 * answers from this process: whole pipelines in seconds, wherever real plans prove nothing more.
 */
export async function stubWorld(systems: readonly SystemDelivery[], tree: readonly string[]): Promise<StubWorld> {
  const folder = temporaryFolder('terrace-stub-world-');
  const at = (...names: readonly string[]): string => path.join(folder, ...names);
  for (const name of ['source', 'world', 'bin']) mkdirSync(at(name));
  writeStubs(at('bin'), at('world'));
  await writeTree(at('world', 'tree'), systems, tree);
  const { origin, head, behind } = repository(at('source'), at('origin.git'));
  const environments = systems.flatMap((system) => system.environments);
  const host = await startHost(trustsOf(systems));
  for (const { accepted, states } of environments) {
    host.objects.set(`${accepted.bucket}/${accepted.key}`, JSON.stringify({ version: 1, commit: head }));
    for (const { bucket, key, outputs } of states)
      host.objects.set(
        `${bucket}/${key}`,
        JSON.stringify({
          version: 4,
          outputs: {
            ...Object.fromEntries(
              outputs.map((name) => [name, { value: name.endsWith('ip') ? '203.0.113.10' : name.replaceAll('_', '-') }]),
            ),
            hidden: { value: canary('state'), sensitive: true },
          },
        }),
      );
  }
  const runs: WorkflowRun[] = [];
  const world = at('world');
  const base = {
    PATH: [at('bin'), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    LANG: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    STUB_WORLD: world,
  };
  const cloud = { AWS_ENDPOINT_URL_STS: `${host.address}/sts`, AWS_ENDPOINT_URL_S3: `${host.address}/s3` };
  return {
    host,
    runs,
    head,
    behind,
    answer: (answers) => answer(world, answers),
    calls: () => calls(world),
    start: (system, file, event = {}, settings = {}) => {
      const delivery = systems.find((one) => one.system === system);
      if (delivery === undefined) throw new Error(`no system ${system}`);
      const places = Object.assign({}, ...delivery.environments.map((one) => placesOf(one, host))) as Readonly<Record<string, Place>>;
      const enabled = delivery.enabledBy === undefined ? {} : { [delivery.enabledBy]: 'true' };
      const run = new WorkflowRun(
        {
          repository: {
            name: delivery.repository.name,
            origin,
            places: { ...others(system), ...places },
            settings: { ...enabled, ...settings },
          },
          host,
          folder: at('runs'),
          base,
          cloud,
        },
        String(runs.length + 1),
        file,
        { name: 'push', commit: head, before: head, actor: 'ana', ...event },
      );
      runs.push(run);
      return run;
    },
    finish: async (run) => {
      let results = await run.go();
      for (let gate = 0; gate < 40 && Object.values(results).includes('waiting'); gate += 1) {
        for (const { place, job } of run.waiting()) {
          const by = reviewers.find((one) => one !== run.event.actor && !run.approvedBy(place).includes(one)) ?? 'bob';
          run.approve(place, by, run.outputs(job.replace(/[^/]+$/, 'plan'))['hash'] ?? 'let through');
        }
        results = await run.go();
      }
      return results;
    },
    dispose: async () => {
      await host.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Each role is taken by jobs of its places, from the round's file at the protected branch; some serve two environments. */
function trustsOf(systems: readonly SystemDelivery[]): Readonly<Record<string, Trust>> {
  const trusts: Record<string, Trust> = {};
  for (const { repository, branch, environments } of systems)
    for (const { roles, places } of environments)
      for (const [role, place] of [
        [roles.plan, places.plan],
        [roles.plan, places.planProtected],
        [roles.apply, places.apply],
      ] as const) {
        const { subjects, claims } = jobTrust(repository, place, branch);
        trusts[role] = {
          aud: ['sts.amazonaws.com'],
          sub: [...(trusts[role]?.['sub'] ?? []), ...subjects],
          job_workflow_ref: [claims['job_workflow_ref'] ?? ''],
        };
      }
  return trusts;
}

/** The deployment environments of one environment, each secret with a canary of its own. */
function placesOf(
  { places, tokens, variables, writing, stages, ansible }: EnvironmentDelivery,
  host: Host,
): Readonly<Record<string, Place>> {
  const taken = stages.flatMap((stage) => ('run' in stage ? Object.values(stage.takes ?? {}) : []));
  const shell = [...tokens, ...variables.filter(({ sensitive }) => sensitive).map(({ name }) => `TF_VAR_${name.toUpperCase()}`)];
  const withheld = new Set(writing.map((name) => `TF_VAR_${name.toUpperCase()}`));
  const own = [
    'TERRACE_SIGNING_KEY',
    'TERRACE_AGE_IDENTITY',
    'ANSIBLE_SSH_IDENTITY',
    ...(ansible === undefined ? [] : ['ANSIBLE_VAULT', 'ANSIBLE_VAULT_PASSWORD']),
    ...taken.flatMap((one) => ('secret' in one ? [one.secret] : [])),
  ];
  const secrets = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, canary(name)]));
  const settings = {
    ...Object.fromEntries(taken.flatMap((one) => ('setting' in one ? [[one.setting, `set-${one.setting}`]] : []))),
    ARM_CLIENT_ID: 'reader',
    GOOGLE_IDENTITY_PROVIDER: 'projects/1/locations/global/workloadIdentityPools/pool/providers/github',
    GOOGLE_SERVICE_ACCOUNT: 'terrace@project.iam.gserviceaccount.com',
    SSH_KNOWN_HOSTS: 'host key',
  };
  return {
    [places.planProtected]: { secrets: secrets(shell), settings },
    [places.plan]: {
      secrets: { ...secrets(shell.filter((name) => !withheld.has(name))), SLACK_WEBHOOK: `${host.address}/canary-slack` },
      settings,
    },
    ...Object.fromEntries(
      ['', '-2', '-3', '-4'].map((suffix) => [`${places.review}${suffix}`, { reviewers: reviewers.filter((one) => one !== 'eve') }]),
    ),
    [places.apply]: { secrets: secrets([...shell, ...own]), settings },
    [places.destroy]: { reviewers },
  };
}

/** What belongs to no environment of the tree. */
function others(system: string): Readonly<Record<string, Place>> {
  const names = ['preview', 'staging', 'production'];
  const deploy = { secrets: { CLOUDFLARE_API_TOKEN: canary('deploy') }, settings: { CLOUDFLARE_ACCOUNT_ID: 'account' } };
  return {
    costs: { secrets: { INFRACOST_API_KEY: canary('infracost') } },
    [`${system}-manual-testing`]: { reviewers },
    ...Object.fromEntries(names.map((name) => [`${system}-${name}`, deploy])),
    ...Object.fromEntries(names.map((name) => [`${system}-${name}-backup`, { secrets: { DATABASE_URL: canary('database') } }])),
  };
}

/** The files of this repository that workflows read, in a repository of their own. */
function repository(source: string, origin: string): { readonly origin: string; readonly head: string; readonly behind: string } {
  for (const name of ['.github/workflows', 'scripts/tools', 'stacks/astraler/pipeline'])
    cpSync(path.join(projectRoot, name), path.join(source, name), { recursive: true });
  const write = (name: string, content: string): void => {
    mkdirSync(path.dirname(path.join(source, name)), { recursive: true });
    writeFileSync(path.join(source, name), content);
  };
  for (const name of ['setup-ci.sh']) write(`scripts/${name}`, '#!/bin/sh\necho /nonexistent\n');
  execFileSync('chmod', ['+x', path.join(source, 'scripts/setup-ci.sh')]);
  for (const name of ['backup-database.sh', 'backup-vault.sh'])
    write(`stacks/astraler/backup/${name}`, 'aws s3 cp - "s3://${DUMP_BUCKET:-$VAULT_BUCKET}/$1"\n');
  write('terrace.approvals.json', '{}\n');
  write('ci/recipients.txt', 'age1recipient\n');
  const as = ['-c', 'user.name=ana', '-c', 'user.email=ana@example.com', '-c', 'commit.gpgsign=false'];
  const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: source, encoding: 'utf8', stdio: 'pipe' }).trim();
  git('init', '--quiet', '--initial-branch=main');
  const save = (message: string): string => {
    git('add', '--all');
    git(...as, 'commit', '--quiet', '--message', message);
    return git('rev-parse', 'HEAD');
  };
  const program = save('the program');
  write('ci/terrace.json', JSON.stringify({ commit: program, sha256: createHash('sha256').update('the program\n').digest('hex') }));
  const head = save('pin the program');
  execFileSync('git', ['clone', '--quiet', '--bare', source, origin], { stdio: 'pipe' });
  return { origin, head, behind: program };
}

/** Part of this repository as it is synthesized; of the rest, what `synth.json` says to a pipeline. */
async function writeTree(folder: string, systems: readonly SystemDelivery[], selectors: readonly string[]): Promise<void> {
  const { files } = await withScratch(projectRoot, (scratch) =>
    synthesizeInMemory(project, { root: projectRoot, selectors, scratch, commit: null, dirty: false }),
  );
  for (const { path: name, content } of files.live) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  const units = systems.flatMap(({ system, environments }) =>
    environments.map(({ name }) => ({ system, environment: name, bootstrap: false })),
  );
  writeFileSync(path.join(folder, 'synth.json'), JSON.stringify({ version: 1, units }));
}
