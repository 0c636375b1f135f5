import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';

import { dynamodbClient, s3Client } from '../../../terrace/aws/clients';
import { jobTrust } from '../../../terrace/ci/github/trust';
import { newSigningKey } from '../../../terrace/delivery/approval/keys';
import { newAgeKey } from '../../../terrace/delivery/bundle/age';
import { linkPackages } from '../../../terrace/git/link-packages';
import { projectRoot } from '../../_helpers/project-root';
import { temporaryFolder, testSandbox } from '../../_helpers/sandbox';
import { makeShopBackend, shopAccount } from '../../_helpers/shop-tree';
import type { Event } from './event';
import { mainOf, repositoryName, role } from './small-project';
import { silent, startHost, type Host, type Place } from './host';
import { KeptScripts } from './kept-scripts';
import { runnerPrograms } from './runner-programs';
import { WorkflowRun } from './runner';

export interface DeliveryProject {
  readonly host: Host;
  /** What no log, comment, summary or readable artefact may hold. */
  readonly canaries: readonly string[];
  /** Commits files on a branch that starts at the protected one; gives the commit. */
  commit(branch: string, author: string, files: Readonly<Record<string, string>>): string;
  /** As `commit`, with what is generated from the source: the workflows, and the facts of the environments. */
  commitGenerated(branch: string, author: string, files: Readonly<Record<string, string>>): string;
  /** As `commit`, on a branch that starts where the protected one was before anything was applied. */
  commitBehind(branch: string, author: string, files: Readonly<Record<string, string>>): string;
  /** Moves the protected branch to a commit, as a merge does; gives what starts the run. `proposer` opened the pull request, the actor else. */
  merge(commit: string, actor: string, proposer?: string): Event;
  /** A run of one of the system's workflows. @default that of a change */
  start(event: Event, file?: string): WorkflowRun;
  readonly env: NodeJS.ProcessEnv;
  readonly mainFile: string;
  /** Holds every apply of terraform before it changes anything, or lets them go on again. */
  holdApplies(held: boolean): void;
  /** Until an apply is held. */
  holding(): Promise<void>;
  /** Lets an hour pass for every lock. */
  ageLocks(): Promise<void>;
  /** The role that applies. */
  readonly applyRole: string;
  /** The approval rules with another age of approvals, in hours. */
  rulesWith(maxAgeHours: number): string;
  /** package.json with other scripts beside its own. */
  packageWith(scripts: Readonly<Record<string, string>>): string;
  dispose(): Promise<void>;
}

const valuesFile = 'stacks/values.json';
export const values = (first: string, second: string): Readonly<Record<string, string>> => ({
  [valuesFile]: `${JSON.stringify({ first, second })}\n`,
});

/** A team's repository with everything its pipeline needs, GitHub's part emulated, and a sandbox for its cloud. */
export async function deliveryProject(options: { readonly runners?: number } = {}): Promise<DeliveryProject> {
  const mainFile = mainOf(options.runners);
  const folder = temporaryFolder('terrace-pipeline-');
  const sandbox = await testSandbox();
  const env = sandbox.env({ account: shopAccount, units: [] });
  await makeShopBackend(env);
  const at = (...names: readonly string[]): string => path.join(folder, ...names);
  const git = (cwd: string, ...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'commit.gpgsign=false', ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  const source = at('source');
  mkdirSync(source);
  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(source, name)), { recursive: true });
      writeFileSync(path.join(source, name), content);
    }
  };
  for (const name of [
    'terrace',
    'package.json',
    'tsconfig.json',
    '.gitignore',
    '.terraform-version',
    'ci/actions.json',
    'policies/trusted-code.ts',
  ])
    cpSync(path.join(projectRoot, name), path.join(source, name), { recursive: true, filter: (from) => !from.endsWith('terrace/dist') });
  const [age, engine] = [await newAgeKey(), newSigningKey()];
  const person = { ana: 'ana@example.com', bob: 'bob@example.com', cem: 'cem@example.com' };
  const approvals = {
    version: 1,
    keys: [{ identity: 'engine', publicKey: engine.publicPem }],
    logins: person,
    environments: {
      'small/dev': { approvals: 1, approvers: Object.values(person), gateKeys: ['engine'], secondApproverFindings: ['apply-interrupted'] },
    },
  };
  write({
    'main.ts': mainFile,
    'cdktf.json': `${JSON.stringify({ language: 'typescript', app: 'node -e "require(\'terrace/app\')"', projectId: 'small' })}\n`,
    'terrace.approvals.json': `${JSON.stringify(approvals, null, 2)}\n`,
    'ci/recipients.txt': `${age.recipient}\n`,
    ...values('one', 'one'),
  });
  linkPackages(projectRoot, source);
  const terrace = (...args: readonly string[]): string =>
    execFileSync(process.execPath, ['terrace/bin/terrace.js', ...args], {
      cwd: source,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  terrace('ci', 'generate');
  terrace('synth');
  const as = (author: string): readonly string[] => ['-c', `user.name=${author}`, '-c', `user.email=${author}@example.com`];
  const save = (author: string, message: string): string => {
    git(source, 'add', '--all');
    git(source, ...as(author), 'commit', '--quiet', '--allow-empty', '--message', message);
    return git(source, 'rev-parse', 'HEAD');
  };
  git(source, 'init', '--quiet', '--initial-branch=main');
  const program = save('root', 'the program');
  execFileSync(process.execPath, ['terrace/build/program.js', '--out', at('terrace.cjs')], { cwd: source, stdio: 'pipe' });
  const sha256 = createHash('sha256')
    .update(readFileSync(at('terrace.cjs')))
    .digest('hex');
  write({ 'ci/terrace.json': `${JSON.stringify({ commit: program, sha256 }, null, 2)}\n` });
  const accepted = save('root', 'pin the program');
  const origin = at('origin.git');
  git(folder, 'clone', '--quiet', '--bare', source, origin);
  git(source, 'remote', 'add', 'origin', origin);
  git(source, 'fetch', '--quiet', 'origin');
  const s3 = await s3Client('eu-central-1', env);
  await s3.send(
    new PutObjectCommand({
      Bucket: `terraform-state-${shopAccount}-eu-central-1`,
      Key: 'dev/accepted.json',
      Body: JSON.stringify({
        version: 1,
        environment: 'small/dev',
        commit: accepted,
        by: 'bootstrap',
        at: '2026-11-21T10:00:00.000Z',
        bundle: null,
        before: null,
      }),
    }),
  );
  s3.destroy();

  const trust = (place: string): Readonly<Record<string, readonly string[]>> => {
    const { subjects, claims } = jobTrust({ name: repositoryName }, place);
    return {
      aud: ['sts.amazonaws.com'],
      sub: subjects,
      ...Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, [value]])),
    };
  };
  const host = await startHost(
    { [role('plan')]: trust('dev-plan'), [role('apply')]: trust('dev') },
    { sts: env['AWS_ENDPOINT_URL_STS'] ?? '', token: env['AWS_SECRET_ACCESS_KEY'] ?? '' },
  );
  const canary = (name: string): string => `canary-${name}-${createHash('sha256').update(`${folder}${name}`).digest('hex').slice(0, 12)}`;
  // Nobody answers there: what tells of a round must not fail it.
  const slack = `${host.address}${silent}${canary('slack')}`;
  const places: Readonly<Record<string, Place>> = {
    'dev-plan': { secrets: { SLACK_WEBHOOK: slack } },
    'dev-review': { reviewers: ['ana', 'bob', 'cem'] },
    'dev-review-2': { reviewers: ['ana', 'bob', 'cem'] },
    dev: { secrets: { TERRACE_SIGNING_KEY: engine.privatePem, TERRACE_AGE_IDENTITY: age.identity } },
  };
  const { base, cloud } = await runnerPrograms(at('bin'), env, host);
  const kept = new KeptScripts(at('kept'));
  let runs = 0;
  const generate = (): void => {
    terrace('ci', 'generate');
    terrace('synth');
  };
  const committed = (
    from: string,
    branch: string,
    author: string,
    files: Readonly<Record<string, string>>,
    finish: () => void = () => undefined,
  ): string => {
    git(source, 'checkout', '--quiet', '-B', branch, from);
    write(files);
    finish();
    const commit = save(author, branch);
    git(source, 'push', '--quiet', '--force', 'origin', `${branch}:refs/heads/${branch}`);
    return commit;
  };
  return {
    host,
    env,
    mainFile,
    applyRole: role('apply'),
    holdApplies: (held) => (held ? writeFileSync(at('bin', 'held'), '') : rmSync(at('bin', 'held'), { force: true })),
    holding: async () => {
      for (let tries = 0; tries < 600 && !existsSync(at('bin', 'holding')); tries += 1) await wait(200);
    },
    ageLocks: async () => {
      const dynamodb = await dynamodbClient('eu-central-1', env);
      const table = `terraform-locks-${shopAccount}`;
      const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: table }));
      for (const item of Items) {
        const { S: text } = item['Info'] ?? {};
        if (text === undefined) continue;
        const info: { readonly Created: string } = JSON.parse(text);
        const aged = { ...info, Created: new Date(Date.parse(info.Created) - 3_600_000).toISOString() };
        await dynamodb.send(new PutItemCommand({ TableName: table, Item: { ...item, Info: { S: JSON.stringify(aged) } } }));
      }
      dynamodb.destroy();
    },
    rulesWith: (maxAgeHours) =>
      `${JSON.stringify({ ...approvals, environments: { 'small/dev': { ...approvals.environments['small/dev'], maxAgeHours } } }, null, 2)}\n`,
    packageWith: (scripts) => {
      const own: { readonly scripts: object } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8'));
      return `${JSON.stringify({ ...own, scripts: { ...own.scripts, ...scripts } }, null, 2)}\n`;
    },
    canaries: [canary('slack'), age.identity, engine.privatePem.split('\n')[1] ?? ''],
    commit: (branch, author, files) => committed('origin/main', branch, author, files),
    commitGenerated: (branch, author, files) => committed('origin/main', branch, author, files, generate),
    commitBehind: (branch, author, files) => committed(accepted, branch, author, files),
    merge: (commit, actor, proposer = actor) => {
      host.proposals.set(commit, [proposer]);
      const before = git(origin, 'rev-parse', 'refs/heads/main');
      git(origin, 'update-ref', 'refs/heads/main', commit);
      git(source, 'fetch', '--quiet', 'origin');
      return { name: 'push', commit, before, actor };
    },
    start: (event, file = 'small.yml') => {
      runs += 1;
      return new WorkflowRun(
        { repository: { name: repositoryName, origin, places }, host, folder: at('runs'), base, cloud, kept },
        String(runs),
        file,
        event,
      );
    },
    dispose: async () => {
      await host.close();
      await sandbox.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
