import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

import { temporaryFolder } from '../../_helpers/sandbox';
import { runTool, tool } from '../../_helpers/tools';
import { pipeline } from '../../../stacks/tux/topology/pipeline';
import { projectRoot } from '../../_helpers/project-root';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
}

interface Job {
  readonly name: string;
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

const file = path.join(projectRoot, '.github', 'workflows', 'tux.yml');
const text = readFileSync(file, 'utf8');
const workflow = parse(text) as { readonly permissions: Readonly<Record<string, string>>; readonly jobs: Readonly<Record<string, Job>> };
const jobs = Object.entries(workflow.jobs);
const needs = (job: Job | undefined): readonly string[] => [job?.needs ?? []].flat();

// Commits that the tags point to, read from a copy of each action's repository.
const pinned: Readonly<Record<string, string>> = {
  'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1': 'v7.0.1',
  'actions/setup-node@820762786026740c76f36085b0efc47a31fe5020': 'v7.0.0',
  'actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f': 'v7.0.0',
  'actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c': 'v8.0.1',
  'hashicorp/setup-terraform@dfe3c3f87815947d99a8997f908cb6525fc44e9e': 'v4.0.1',
  'aws-actions/configure-aws-credentials@e6de054238d6b7531b4efff3b6587d9aade6a06c': 'v6.2.3',
};

test('actionlint finds nothing', () => {
  const lint = tool('actionlint');
  if (lint === undefined) return;
  expect(runTool(lint, [file])).toEqual({ code: 0, output: '' });
});

test('every action is pinned by a commit that was read, with its version beside it', () => {
  const used = [...text.matchAll(/uses: (\S+)(?: # (\S+))?/g)].map((match) => [match[1], match[2]]);
  expect(used.length).toBeGreaterThan(10);
  for (const [action, version] of used) expect([action, version]).toEqual([action, pinned[action ?? '']]);
});

test('nothing may write to the repository, and only jobs of an environment get an identity', () => {
  expect(workflow.permissions).toEqual({ contents: 'read' });
  for (const [name, job] of jobs) {
    expect([name, Object.entries(job.permissions ?? {}).filter(([key, value]) => value === 'write' && key !== 'id-token')]).toEqual([
      name,
      [],
    ]);
    const isTrusted = job.permissions?.['id-token'] === 'write' || JSON.stringify(job).includes('secrets.');
    expect([name, isTrusted && job.environment === undefined]).toEqual([name, false]);
  }
});

test('the stages follow each other as they are drawn', () => {
  const stages = pipeline.flatMap(({ job, title }) => (job === undefined ? [] : [{ job, title }]));
  expect(stages.map(({ job }) => workflow.jobs[job]?.name)).toEqual(stages.map(({ title }) => title));
  const follows = stages.slice(1).map(({ job }, index) => needs(workflow.jobs[job]).includes(stages[index]?.job ?? ''));
  expect(follows).toEqual(stages.slice(1).map(() => true));
  expect(needs(workflow.jobs['deploy-production'])).toEqual(
    expect.arrayContaining(['deploy-staging', 'manual-testing', 'plan-production']),
  );
});

test('it acts only where TUX_ENABLED is set, and deploys only main', () => {
  for (const [name, job] of jobs)
    expect([name, job.if?.includes("vars.TUX_ENABLED == 'true'") === true || needs(job).length > 0]).toEqual([name, true]);
  expect(workflow.jobs['deploy-staging']?.if).toBe("github.ref == 'refs/heads/main' && github.event_name == 'push'");
});

test('the code of a change runs where there are no credentials', () => {
  const checksOut = ({ steps }: Job): boolean =>
    steps.some((step) => step.uses?.startsWith('actions/checkout@') === true && !JSON.stringify(step).includes('vars.TERRACE_REF'));
  const isTrusted = (job: Job): boolean => JSON.stringify(job).includes('secrets.') || job.permissions?.['id-token'] === 'write';
  expect(jobs.filter(([, job]) => checksOut(job)).map(([name, job]) => [name, isTrusted(job)])).toEqual([
    ['build', false],
    ['test', false],
  ]);
});

test('no expression is written into a script', () => {
  for (const [, job] of jobs) for (const step of job.steps) expect(step.run ?? '').not.toContain('${{');
});

describe('each step of a job, run with stubs for what is outside', () => {
  let folder: string;
  beforeAll(() => {
    folder = temporaryFolder('terrace-workflow-');
    mkdirSync(path.join(folder, 'bin'));
    for (const name of ['npm', 'node', 'npx', 'tar', 'terraform', 'curl', 'ssh-add', 'pip', 'ansible-playbook'])
      stub(path.join(folder, 'bin', name), '');
    stub(path.join(folder, 'bin', 'ssh-agent'), 'if [ "$1" = -s ]; then echo "SSH_AUTH_SOCK=/agent; export SSH_AUTH_SOCK;"; fi');
    stub(
      path.join(folder, 'bin', 'python3'),
      'if [ "$2" = venv ]; then mkdir -p "$3/bin"; cp "$STUBS/bin/pip" "$STUBS/bin/ansible-playbook" "$3/bin/"; fi',
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function stub(place: string, body: string): void {
    writeFileSync(
      place,
      `#!/bin/bash\necho "$(basename "$0") $*" >>"$STUBS/calls"\nif [ "$FAIL" = "$(basename "$0")" ]; then exit 9; fi\n${body}\n`,
    );
    chmodSync(place, 0o755);
  }

  /** Runs a step as the runner does; gives its exit code and what it called. */
  function execute(job: Job, step: Step, fail = ''): { readonly code: number; readonly output: string; readonly calls: readonly string[] } {
    const work = path.join(folder, 'work');
    for (const needed of ['terrace', 'scripts', 'tree', path.join('tree', 'tux', 'staging'), path.join('tree', 'tux', 'production')])
      mkdirSync(path.join(work, needed), { recursive: true });
    mkdirSync(path.join(folder, 'runner'), { recursive: true });
    stub(path.join(work, 'scripts', 'setup-ci.sh'), 'echo /tools');
    writeFileSync(path.join(work, 'review.md'), '# review\n');
    rmSync(path.join(folder, 'calls'), { force: true });
    const given = Object.fromEntries(
      Object.entries({ ...job.env, ...step.env }).map(([name, value]) => [name, value.includes('${{') ? `value of ${name}` : value]),
    );
    const script = path.join(folder, 'step.sh');
    writeFileSync(script, step.run ?? '');
    const done = runTool('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd: path.join(work, step['working-directory'] ?? ''),
      env: {
        PATH: `${path.join(folder, 'bin')}:/usr/bin:/bin`,
        HOME: path.join(folder, 'home'),
        STUBS: folder,
        FAIL: fail,
        RUNNER_TEMP: path.join(folder, 'runner'),
        GITHUB_PATH: path.join(folder, 'github-path'),
        GITHUB_STEP_SUMMARY: path.join(folder, 'summary'),
        ...given,
      },
    });
    const calls = path.join(folder, 'calls');
    return {
      ...done,
      calls: existsSync(calls)
        ? readFileSync(calls, 'utf8')
            .trim()
            .split('\n')
            .map((call) => call.replaceAll(folder, ''))
        : [],
    };
  }

  const steps = jobs.flatMap(([name, job]) =>
    job.steps.flatMap((step) => (step.run === undefined ? [] : [[`${name}: ${step.name}`, job, step] as const])),
  );

  test.each(steps)('%s ends well, and fails with any program that it calls', (_title, job, step) => {
    const done = execute(job, step);
    expect([done.code, done.output]).toEqual([0, expect.any(String)]);
    const called = [...new Set(done.calls.map((call) => call.split(' ')[0] ?? ''))].filter((name) => name !== 'ssh-agent');
    for (const program of called) expect([program, execute(job, step, program).code === 0]).toEqual([program, false]);
  });

  const step = (job: string, name: string): ReturnType<typeof execute> => {
    const found = workflow.jobs[job]?.steps.find((one) => one.name === name);
    if (found === undefined || workflow.jobs[job] === undefined) throw new Error(`${job} has no step ${name}`);
    return execute(workflow.jobs[job], found);
  };

  test('the build synthesizes tux into the tree that everything after it takes', () => {
    expect(step('build', 'Synthesize').calls).toEqual(['node terrace/bin/terrace.js synth tux --out tree']);
    expect(step('build', 'Pack the tree').calls).toEqual(['tar --create --gzip --file tree.tar.gz tree']);
  });

  test('staging is deployed by its own policy', () => {
    expect(step('deploy-staging', 'Deploy').calls).toEqual([
      'node terrace/terrace/bin/terrace.js deploy tux/staging --tree tree --base value of BASE --auto-approve --policy terrace/terrace.approvals.json --key /runner/keys/signing.pem --identity /runner/keys/age.key --recipient value of AGE_RECIPIENT --out bundles',
    ]);
  });

  test('the keys are readable by nobody else, and removed', () => {
    step('deploy-production', 'Take the keys of this environment');
    expect(readFileSync(path.join(folder, 'runner', 'keys', 'signing.pem'), 'utf8')).toBe('value of SIGNING_KEY\n');
    expect(runTool('stat', ['-c', '%a', path.join(folder, 'runner', 'keys', 'signing.pem')]).output).toBe('600\n');
    step('deploy-production', 'Remove the keys');
    expect(existsSync(path.join(folder, 'runner', 'keys'))).toBe(false);
  });

  test('production gets the bundle that was reviewed, and no other plan', () => {
    expect(step('plan-production', 'Plan').calls).toEqual([
      'node terrace/terrace/bin/terrace.js plan tux/production --tree tree --base value of BASE --no-lock --recipient value of AGE_RECIPIENT --out bundle.tar.gz',
    ]);
    expect(step('deploy-production', 'Apply what was reviewed').calls).toEqual([
      'node terrace/terrace/bin/terrace.js approve bundle.tar.gz --key /runner/keys/signing.pem --out approvals',
      'node terrace/terrace/bin/terrace.js apply bundle.tar.gz --policy terrace/terrace.approvals.json --approvals approvals --identity /runner/keys/age.key',
    ]);
    expect(workflow.jobs['deploy-production']?.steps.some((one) => / plan | deploy /.test(one.run ?? ''))).toBe(false);
  });

  test.each(['staging', 'production'])('Ansible configures %s through the inventory of its state', (environment) => {
    step(`deploy-${environment}`, 'Install Ansible');
    const { calls } = step(`deploy-${environment}`, 'Configure the servers');
    expect(calls).toEqual([
      'ssh-agent -s',
      'ssh-add /runner/keys/ssh',
      `terraform -chdir=tree/tux/${environment}/eu-central/monitoring/stack init -input=false`,
      'ansible-playbook --inventory inventory/terraform.py --vault-password-file /runner/keys/vault --extra-vars tux_version=value of TUX_VERSION playbooks/site.yml',
      'ssh-agent -k',
    ]);
  });

  test('the monitor asks the site, and looks for what is pending and for drift', () => {
    expect(step('monitor', 'Ask the site').calls[0]).toMatch(/^curl --fail .*https:\/\/tux\.allthingslinux\.org\/$/);
    expect(step('monitor', 'Look for what is pending, and for drift').calls).toEqual([
      'node terrace/terrace/bin/terrace.js status tux/production --tree tree',
      'node terrace/terrace/bin/terrace.js drift tux/production --tree tree --markdown',
    ]);
  });
});
