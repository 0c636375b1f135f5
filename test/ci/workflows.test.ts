import { readFileSync } from 'node:fs';
import path from 'node:path';

import { beforeAll, describe, expect, test } from '@jest/globals';

import { pipeline } from '../../stacks/tux/topology/pipeline';
import { project } from '../../main';
import { projectRoot } from '../_helpers/project-root';
import type { SystemDelivery } from '../../terrace/ci/delivery';
import { deliveries, differingFiles, pipelineFiles } from '../../terrace/ci/generate';
import { wantedPlaces } from '../../terrace/ci/github/places';
import { statementsOf, synthesizeOlechka } from '../stacks/olechka/tree';
import { proMataTree } from '../stacks/pro-mata/tree';
import { runTool } from '../_helpers/tools';
import { whereAvailable } from '../_helpers/where-available';
import { needsOf, readWorkflows, workflowFolder, type WorkflowJob } from './workflow-files';

const workflows = readWorkflows();
const jobs: readonly (readonly [string, string, WorkflowJob])[] = [...workflows].flatMap(([file, { jobs: own }]) =>
  Object.entries(own).map(([id, job]) => [file, id, job] as const),
);
const text = (job: WorkflowJob): string => JSON.stringify(job);
const named = (found: readonly (readonly [string, string, WorkflowJob])[]): readonly string[] => found.map(([file, id]) => `${file} ${id}`);
const isPrivileged = (job: WorkflowJob): boolean =>
  job.steps !== undefined && (text(job).includes('secrets.') || job.permissions['id-token'] === 'write');
let systems: readonly SystemDelivery[];

beforeAll(async () => {
  systems = await deliveries(project, projectRoot);
}, 600_000);

test('the files are those of the tree', async () => {
  expect(differingFiles(projectRoot, await pipelineFiles(project, projectRoot, 'github'))).toEqual([]);
}, 600_000);

whereAvailable('actionlint', (actionlint) => {
  test('actionlint finds nothing', () => {
    expect(runTool(actionlint, ['-no-color'], { cwd: projectRoot })).toEqual({ code: 0, output: '' });
  }, 600_000);
});

whereAvailable('zizmor', (zizmor) => {
  test('zizmor finds nothing above low, and every suppression gives its reason', () => {
    expect(runTool(zizmor, ['--offline', '--no-progress', '--min-severity', 'medium', '.github'], { cwd: projectRoot }).code).toBe(0);
    const suppressed = [...workflows.keys()].flatMap(
      (file) => readFileSync(path.join(workflowFolder, file), 'utf8').match(/zizmor: ignore.*/g) ?? [],
    );
    expect([...new Set(suppressed)]).toEqual([
      'zizmor: ignore[unpinned-uses] the protected branch decides what plans and applies; roles trust this file there',
    ]);
  }, 600_000);
});

describe('what a workflow may use and do', () => {
  test('every action is one of ci/actions.json, by its commit, with its tag beside it', () => {
    const { actions }: { readonly actions: readonly { readonly action: string; readonly sha: string; readonly tag: string }[] } =
      JSON.parse(readFileSync(path.join(projectRoot, 'ci', 'actions.json'), 'utf8'));
    const known = new Set(actions.map(({ action, sha, tag }) => `${action}@${sha} # ${tag}`));
    const used = [...workflows.keys()].flatMap((file) =>
      [...readFileSync(path.join(workflowFolder, file), 'utf8').matchAll(/uses: (.*)/g)].map((match) => match[1] ?? ''),
    );
    const calls = new Set(systems.map(({ repository, branch }) => `${repository.name}/.github/workflows/_round.yml@${branch}`));
    expect(used.length).toBeGreaterThan(50);
    expect(used.filter((one) => !known.has(one) && !calls.has(one.split(' # ')[0] ?? ''))).toEqual([]);
  });

  test('no workflow has a right by itself, and jobs only those that stand beside them here', () => {
    expect([...workflows].filter(([, { permissions }]) => Object.keys(permissions).length > 0)).toEqual([]);
    const writing = jobs.flatMap(([file, id, job]) =>
      Object.entries(job.permissions).flatMap(([right, level]) =>
        level === 'write' && job.uses === undefined ? [`${file} ${id} ${right}`] : [],
      ),
    );
    expect(writing.filter((one) => !/-drift\.yml issue-\w+ issues$|\.yml comment pull-requests$/.test(one)).toSorted()).toEqual([
      ...['accepted', 'apply', 'configure', 'drift', 'locks', 'outputs', 'plan', 'services', 'unlock'].map(
        (id) => `_round.yml ${id} id-token`,
      ),
      'release.yml attest attestations',
      'release.yml attest id-token',
      'release.yml release contents',
    ]);
  });

  test('no job with a secret or an identity installs, compiles, checks the change out, or runs a third party’s action', () => {
    const privileged = jobs.filter(([, , job]) => isPrivileged(job));
    expect(named(privileged)).toContain('_round.yml apply');
    const breaks = privileged.flatMap(([file, id, job]) =>
      (job.steps ?? []).flatMap((step) => [
        ...(step.uses !== undefined && (!step.uses.startsWith('actions/') || step.uses.startsWith('actions/checkout'))
          ? [`${file} ${id} ${step.uses}`]
          : []),
        ...(/\b(?:npm|npx|pnpm|yarn|pip|pip3|tsc|go install|bin\/terrace\.js|git clone|git fetch)\b/.test(step.run ?? '')
          ? [`${file} ${id} ${step.name}`]
          : []),
      ]),
    );
    expect(breaks).toEqual([]);
  });

  test('a secret stands in the environment of one step of a job that has a deployment environment, and nowhere else', () => {
    for (const [file, id, job] of jobs) {
      const { steps = [], secrets: _passed, ...rest } = job;
      expect([file, id, JSON.stringify(rest).includes('secrets.')]).toEqual([file, id, false]);
      for (const { env: _own, ...step } of steps) expect([file, id, JSON.stringify(step).includes('secrets.')]).toEqual([file, id, false]);
      if (steps.some((step) => JSON.stringify(step).includes('secrets.')))
        expect([file, id, job.environment]).toEqual([file, id, expect.any(String)]);
    }
  });

  test('every package that pip installs is named with the digests of its files', () => {
    const installs = jobs.flatMap(([, , job]) =>
      (job.steps ?? []).flatMap(({ run = '' }) => run.split('\n').filter((line) => /\bpip3?\b.*\binstall\b/.test(line))),
    );
    const files = installs.map((line) => /--require-hashes .*--requirement (\S+)$/.exec(line)?.[1] ?? line);
    expect([...new Set(files)].toSorted()).toEqual(['ansible', 'checkov', 'zizmor'].map((name) => `scripts/tools/${name}.txt`));
    for (const file of new Set(files)) {
      const packages = readFileSync(path.join(projectRoot, file), 'utf8').match(/^[\w.-]+(?:\[[\w,-]+\])?==.*(?:\n .*)*/gm) ?? [];
      expect(packages.length).toBeGreaterThan(0);
      expect([file, packages.filter((one) => !/--hash=sha256:[0-9a-f]{64}/.test(one))]).toEqual([file, []]);
    }
  });

  test('what tells of a round fails no run, and nothing waits for it', () => {
    const round = workflows.get('_round.yml')?.jobs ?? {};
    expect(round['notify']?.steps?.map((step) => step['continue-on-error'])).toEqual([true]);
    expect(named(jobs.filter(([, , job]) => needsOf(job).includes('notify')))).toEqual([]);
  });

  test('no expression is written into a script', () => {
    expect(
      jobs.flatMap(([file, id, job]) => (job.steps ?? []).filter(({ run }) => run?.includes('${{')).map(({ name }) => [file, id, name])),
    ).toEqual([]);
  });

  test('a checkout leaves no credentials behind, and nothing is taken from a pull request’s target', () => {
    const checkouts = jobs.flatMap(([, , job]) => (job.steps ?? []).filter(({ uses }) => uses?.startsWith('actions/checkout') === true));
    expect(checkouts.length).toBeGreaterThan(10);
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
    expect([...workflows.values()].flatMap(({ on }) => Object.keys(on)).filter((event) => /target|workflow_run/.test(event))).toEqual([]);
  });

  test('every job has a time limit, and asks only jobs that it needs', () => {
    for (const [file, id, job] of jobs) {
      const asked = [...text(job).matchAll(/needs\.([\w-]+)\./g)].map((match) => match[1] ?? '');
      expect([file, id, asked.filter((one) => !needsOf(job).includes(one))]).toEqual([file, id, []]);
      if (job.steps !== undefined) expect([file, id, text(job).includes('"timeout-minutes"')]).toEqual([file, id, true]);
    }
  });

  test('what applies waits for its turn and is never ended; nothing else waits', () => {
    const queued = jobs.filter(([, , job]) => job.concurrency !== undefined);
    for (const [file, id, job] of queued)
      expect([file, id, job.concurrency]).toEqual([
        file,
        id,
        { group: expect.stringMatching(/^[a-z-]+(?:\$\{\{ [^}]* \}\})?$/), 'cancel-in-progress': false, queue: 'max' },
      ]);
    expect(named(queued)).toEqual([
      '_round.yml apply',
      '_round.yml configure',
      'astraler-backup-database.yml backup',
      'astraler-backup-secrets.yml backup',
      ...['preview', 'staging', 'production'].map((name) => `ci.yml deploy-${name}`),
    ]);
    expect(queued.slice(0, 2).map(([, , job]) => job.concurrency?.['group'])).toEqual(
      Array(2).fill('apply-${{ needs.place.outputs.name }}'),
    );
  });

  test('a matrix has at most 256 entries', () => {
    const matrices = jobs.filter(([, , job]) => job.strategy !== undefined);
    expect(named(matrices)).toEqual([
      'astra.yml validate',
      'astraler-backup-database.yml backup',
      'astraler-backup-secrets.yml backup',
      'astraler.yml validate',
      'olechka.yml validate',
      'promata-dev.yml validate',
      'promata-prod.yml validate',
      'tux.yml validate',
    ]);
    for (const { environments } of systems) expect(environments.length).toBeLessThanOrEqual(256);
  });

  test('names of artefacts are unique within a run', () => {
    for (const [file, { jobs: own }] of workflows) {
      const names = Object.values(own).flatMap(({ steps = [] }) =>
        steps.filter(({ uses }) => uses?.startsWith('actions/upload-artifact') === true).map((step) => step.with?.['name']),
      );
      expect([file, new Set(names).size]).toEqual([file, names.length]);
    }
  });
});

describe('the way of a change', () => {
  test('an environment has as many rounds as its graph is deep, one after the other, called at the protected branch', () => {
    for (const { repository, environments } of systems)
      for (const { name, file, path: target, rounds } of environments) {
        const own = workflows.get(`${file}.yml`)?.jobs ?? {};
        const calls = Object.entries(own).filter(([, job]) => job.with?.['target'] === target && job.with['operation'] === 'apply');
        expect(calls.map(([id, job]) => [id, job.with?.['round'], job.uses])).toEqual(
          Array.from({ length: rounds }, (_, index) => [
            `${name}-${index + 1}`,
            index + 1,
            `${repository.name}/.github/workflows/_round.yml@main`,
          ]),
        );
        for (const [index, [, job]] of calls.entries()) {
          if (index === 0) continue;
          expect(job.if).toContain(`needs.${name}-${index}.outputs.left == 'true'`);
          expect(job.if).toContain("github.ref == 'refs/heads/main'");
        }
      }
  });

  test('detect, validate, plan, review and apply follow each other', () => {
    const olechka = workflows.get('olechka.yml')?.jobs ?? {};
    const round = workflows.get('_round.yml')?.jobs ?? {};
    for (const check of ['format', 'validate', 'security', 'costs']) expect(needsOf(olechka[check])).toContain('detect');
    expect(needsOf(olechka['dev-1'])).toEqual(expect.arrayContaining(['detect', 'format', 'validate', 'security', 'costs']));
    expect(olechka['detect']?.if).toBe("github.repository == 'catherinevee/terragrunt-olechka'");
    expect(needsOf(round['plan'])).toEqual(['place', 'judge']);
    expect(needsOf(round['review'])).toEqual(['place', 'plan', 'again']);
    expect(needsOf(round['review-2'])).toContain('review');
    expect(needsOf(round['apply'])).toEqual(['place', 'plan', 'again', 'review', 'review-2', 'review-3', 'review-4']);
    for (const id of ['again', 'review', 'review-2', 'apply', 'unlock']) expect(round[id]?.if).toContain("github.ref == 'refs/heads/main'");
  });

  test('production is never applied before a person has let it through', () => {
    const production = systems.flatMap(({ environments }) => environments.filter(({ name }) => /^prod/.test(name)));
    expect(production.map(({ path: target, approvals }) => [target, approvals > 0])).toEqual(
      ['astraler/production', 'olechka/production', 'pro-mata/prod', 'tux/production'].map((target) => [target, true]),
    );
  });

  test('the stages of tux follow each other as they are drawn', () => {
    const tux = workflows.get('tux.yml')?.jobs ?? {};
    const stages = pipeline.flatMap(({ job, title }) => (job === undefined ? [] : [{ job, title }]));
    expect(stages.map(({ job }) => tux[job]?.name)).toEqual(stages.map(({ title }) => title));
    for (const [index, { job }] of stages.entries())
      if (index > 0 && job !== 'test')
        expect([job, needsOf(tux[job]).some((one) => one.split('-')[0] === stages[index - 1]?.job.split('-')[0])]).toEqual([job, true]);
  });

  test('a fork’s change is synthesized and validated, and nothing of it gets a credential', () => {
    const called = jobs.filter(([file, , job]) => job.uses !== undefined && workflows.get(file)?.on['pull_request'] !== undefined);
    for (const [file, id, job] of called)
      expect([file, id, /head\.repo\.full_name == github\.repository|github\.ref == 'refs\/heads\/main'/.test(job.if ?? '')]).toEqual([
        file,
        id,
        true,
      ]);
  });

  test('drift is looked for every day, a destruction is typed out and let through by its own environment', () => {
    for (const { system, environments } of systems) {
      expect(workflows.get(`${system}-drift.yml`)?.on).toMatchObject({ schedule: [{ cron: '0 2 * * *' }] });
      const destroy = workflows.get(`${system}-destroy.yml`)?.jobs ?? {};
      for (const { name, places } of environments) {
        expect(destroy[`${name}-destroy`]?.environment).toBe(places.destroy);
        expect(needsOf(destroy[name])).toContain(`${name}-destroy`);
        expect(destroy[name]?.with?.['operation']).toBe('destroy');
      }
    }
  });
});

describe('which role a job can take', () => {
  type Conditions = Readonly<Record<string, string | readonly string[]>>;
  /** The trust of every role: of those that units make as synthesized, of the others as `ci/roles.json` hands them to an administrator. */
  const trusts: { readonly role: string; readonly conditions: Conditions }[] = [];
  const made: { readonly role: string; readonly conditions: Conditions }[] = [];
  const handed: ReadonlyMap<string, Conditions> = new Map(
    Object.entries(
      (
        JSON.parse(readFileSync(path.join(projectRoot, 'ci', 'roles.json'), 'utf8')) as {
          readonly roles: Readonly<
            Record<
              string,
              { readonly trust: { readonly Statement: readonly [{ readonly Condition: { readonly StringEquals: Conditions } }] } }
            >
          >;
        }
      ).roles,
    ).map(([role, { trust }]) => [role, trust.Statement[0].Condition.StringEquals]),
  );

  beforeAll(async () => {
    const accounts = { dev: '123456789012', staging: '234567890123', production: '025066254478', prod: '456789012345' };
    for (const tree of [
      await synthesizeOlechka(async () => (await import('../../stacks/olechka/system')).olechka, ['olechka/*/global/iam/github-oidc']),
      await proMataTree(),
    ])
      for (const role of tree.resources('aws_iam_role').filter(({ unit }) => /iam\/github-oidc$|security\/admin-access$/.test(unit))) {
        const account = Object.entries(accounts).find(([name]) => name === role.unit.split('/')[0])?.[1];
        for (const statement of Object.values(statementsOf(role.attrs.assume_role_policy)))
          if (statement.Action === 'sts:AssumeRoleWithWebIdentity')
            made.push({ role: `arn:aws:iam::${account}:role/${role.attrs.name}`, conditions: statement.Condition.StringEquals });
      }
    const own = new Set(made.map(({ role }) => role));
    trusts.push(...made, ...[...handed].filter(([role]) => !own.has(role)).map(([role, conditions]) => ({ role, conditions })));
  }, 600_000);

  test('a role that a unit makes asks for what ci/roles.json says, and every role of a pipeline stands there', () => {
    const flat = (conditions: Conditions | undefined) =>
      Object.fromEntries(Object.entries(conditions ?? {}).map(([name, value]) => [name, [value].flat()]));
    expect(made.length).toBeGreaterThanOrEqual(10);
    for (const { role, conditions } of made) expect([role, flat(conditions)]).toEqual([role, flat(handed.get(role))]);
    expect([...handed.keys()]).toEqual(
      [...new Set(systems.flatMap(({ environments }) => environments.flatMap(({ roles: { plan, apply } }) => [plan, apply])))].toSorted(),
    );
  });

  /** Roles that a token with these claims can take. */
  const roles = (claims: Readonly<Record<string, string>>): readonly string[] =>
    trusts
      .filter(({ conditions }) =>
        Object.entries(conditions).every(([name, wanted]) => [wanted].flat().includes(claims[name.replace(/^.*:/, '')] ?? '')),
      )
      .map(({ role }) => role);

  const token = (repository: string, environment: string, workflow: string): Readonly<Record<string, string>> => ({
    aud: 'sts.amazonaws.com',
    sub: `repo:${repository}:environment:${environment}`,
    job_workflow_ref: workflow,
  });

  test.each(['olechka', 'pro-mata', 'astra', 'astraler', 'tux'])(
    'each job of a round of %s takes exactly the role that the table of its environment names',
    (system) => {
      const round = workflows.get('_round.yml');
      const [look] = round?.jobs['place']?.steps ?? [];
      const table: Readonly<Record<string, Readonly<Record<string, string>>>> = JSON.parse(look?.env?.['TABLE'] ?? '{}');
      const delivery = systems.find((one) => one.system === system);
      const repository = delivery?.repository.name ?? '';
      const workflow = `${repository}/.github/workflows/_round.yml@refs/heads/main`;
      const withIdentity = Object.entries(round?.jobs ?? {}).filter(([, job]) => job.permissions['id-token'] === 'write');
      const taken = withIdentity.flatMap(([id, job]) =>
        Object.entries(table)
          .filter(([target]) => target.startsWith(`${system}/`))
          .flatMap(([target, row]) => {
            const of = (expression: unknown): string => row[/outputs\.(\w+)/.exec(String(expression))?.[1] ?? ''] ?? '';
            const role = (job.steps ?? []).map((step) => step.env?.['ROLE']).find((one) => one !== undefined);
            // A plan has a place for branches and one for the protected branch.
            return [...String(job.environment).matchAll(/outputs\.(\w+)/g)].map((match) => ({
              target,
              id,
              wanted: of(role),
              taken: roles(token(repository, row[match[1] ?? ''] ?? '', workflow)),
            }));
          }),
      );
      // Nine jobs, of which two plan.
      expect(taken).toHaveLength((delivery?.environments.length ?? 0) * 11);
      expect(taken.filter(({ wanted, taken: found }) => found.length !== 1 || found[0] !== wanted)).toEqual([]);
    },
  );

  test('no other job of any workflow may prove who it is, but those that call a round and the one that attests a release', () => {
    const others = jobs.filter(
      ([file, , job]) => file !== '_round.yml' && job.uses === undefined && job.permissions['id-token'] === 'write',
    );
    expect(named(others)).toEqual(['release.yml attest']);
  });

  test('a job of one system takes no role of another, nor one environment’s of another', () => {
    for (const { system, repository, branch, environments } of systems)
      for (const { places, roles: own } of environments)
        for (const [place, wanted] of [
          [places.plan, own.plan],
          [places.planProtected, own.plan],
          [places.apply, own.apply],
        ] as const)
          expect([
            system,
            place,
            roles(token(repository.name, place, `${repository.name}/.github/workflows/_round.yml@refs/heads/${branch}`)),
          ]).toEqual([system, place, [wanted]]);
  });

  test.each([
    ['another repository', 'someone/else', 'catherinevee/terragrunt-olechka/.github/workflows/_round.yml@refs/heads/main'],
    [
      'a branch’s own workflow',
      'catherinevee/terragrunt-olechka',
      'catherinevee/terragrunt-olechka/.github/workflows/_round.yml@refs/heads/mine',
    ],
    [
      'another workflow of the branch',
      'catherinevee/terragrunt-olechka',
      'catherinevee/terragrunt-olechka/.github/workflows/olechka.yml@refs/heads/main',
    ],
  ])('%s takes none', (_what, repository, workflow) => {
    for (const { places } of systems.flatMap(({ environments }) => environments))
      for (const environment of [places.plan, places.apply, places.review, places.destroy])
        expect(roles(token(repository, environment, workflow))).toEqual([]);
  });

  test('a secret that writes is nobody’s but the protected branch’s', () => {
    for (const environment of systems.flatMap(({ environments }) => environments)) {
      const [open, ...others] = wantedPlaces(environment);
      expect(open).toMatchObject({ place: environment.places.plan, bound: false });
      const withheld = new Set(environment.writing.map((name) => `TF_VAR_${name.toUpperCase()}`));
      expect(open?.secrets.filter((name) => withheld.has(name))).toEqual([]);
      for (const { place, bound, secrets } of others)
        if (secrets.some((name) => withheld.has(name))) expect([place, bound]).toEqual([place, true]);
    }
    expect(
      systems.flatMap(({ environments }) =>
        environments.flatMap(({ path: target, writing }) => writing.map((name) => `${target} ${name}`)),
      ),
    ).toEqual(['preview', 'staging', 'production'].map((name) => `astraler/${name} upstash_api_key`));
  });

  test('no place but a plan’s and an apply’s takes a role', () => {
    const workflow = 'catherinevee/terragrunt-olechka/.github/workflows/_round.yml@refs/heads/main';
    for (const { places } of systems.flatMap(({ environments }) => environments))
      for (const environment of [places.review, places.destroy, `${places.review}-2`, 'costs'])
        expect(roles(token('catherinevee/terragrunt-olechka', environment, workflow))).toEqual([]);
  });
});
