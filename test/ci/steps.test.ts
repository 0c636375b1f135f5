import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { project } from '../../main';
import type { SystemDelivery } from '../../terrace/ci/delivery';
import { deliveries } from '../../terrace/ci/generate';
import { inOrder } from '../_helpers/in-order';
import { full } from '../_helpers/where-available';
import { projectRoot } from '../_helpers/project-root';
import type { WorkflowRun } from './harness/runner';
import { stubWorld, type StubWorld } from './harness/stub-world';
import { readWorkflows } from './workflow-files';

const test = inOrder();

let world: StubWorld;
let systems: readonly SystemDelivery[];
beforeAll(async () => {
  systems = await deliveries(project, projectRoot);
  world = await stubWorld(systems, ['pro-mata/dev', ...(full ? ['tux'] : [])]);
}, 600_000);
afterAll(() => world.dispose());

/** Runs to the end, with every gate opened; fails with what every failed job printed. */
async function ended(run: WorkflowRun): Promise<Readonly<Record<string, string>>> {
  const results = await world.finish(run);
  expect(Object.entries(results).flatMap(([name, result]) => (result === 'failure' ? [`${name}\n${run.log(name)}`] : []))).toEqual([]);
  return results;
}

/** Jobs of a run that ran, in the order in which they ended. */
const done = (results: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(results).flatMap(([name, result]) => (result === 'success' && !name.includes('/') ? [name] : []));

/** Arguments of the calls of a program since a point in time. */
const since = (program: string, from: number): readonly string[] =>
  world
    .calls()
    .slice(from)
    .flatMap((call) => (call.program === program ? [call.args.join(' ')] : []));

test('development of pro-mata goes from terraform over Ansible, Swarm stacks and DuckDNS to its health', async () => {
  const from = world.calls().length;
  world.answer({ changes: { 'pro-mata/dev 1': 3 } });
  const results = await ended(world.start('pro-mata', 'promata-dev.yml'));
  expect(done(results).filter((job) => !['format', 'validate', 'security'].includes(job))).toEqual([
    'detect',
    'dev-1',
    'dev-again',
    'dev-outputs',
    'dev-ansible',
    'ansible',
    'swarm',
    'duckdns',
    'health',
  ]);
  expect(results).toMatchObject({ 'dev-1/apply': 'success', 'dev-2': 'skipped', 'dev-1/review': 'skipped' });
  const calls = world.calls().slice(from);
  const playbooks = calls.filter(({ program, args }) => program === 'python3' && args[1] === 'ansible');
  expect(playbooks.map(({ args }) => args.join(' '))).toEqual([
    '-m ansible playbook --skip-tags stacks playbooks/site.yml',
    '-m ansible playbook --tags stacks playbooks/site.yml',
  ]);
  for (const { environment, folder } of playbooks) {
    expect(folder).toMatch(/tree\/pro-mata\/dev\/artifacts\/ansible$/);
    expect(environment).toMatchObject({
      SWARM_MANAGER_PUBLIC_IP: '203.0.113.10',
      KEY_VAULT_NAME: 'vault-name',
      BACKUP_CONTAINER_URL: 'container-url',
      ACME_EMAIL: 'set-ACME_EMAIL',
    });
    // The key is with the agent, and nothing that follows can read it.
    expect(Object.keys(environment).filter((name) => /SSH_IDENTITY|AWS_|TF_VAR|TOKEN/.test(name))).toEqual([]);
  }
  const updates = calls.filter(({ program, input }) => program === 'curl' && input.includes('duckdns'));
  expect(updates.map(({ input }) => input.trim())).toEqual([
    'url = "https://www.duckdns.org/update?domains=subdomain&token=canary-tf-var-duckdns-token&ip=203.0.113.10"',
  ]);
  expect(world.host.messages.map((message) => JSON.parse(message))).toEqual([
    { text: expect.stringMatching(/^pro-mata\/dev, round 1: success https:.*\/actions\/runs\/\d+$/) },
  ]);
});

test('a commit that synthesizes to another tree the second time asks nobody, and nothing of it is applied', async () => {
  world.answer({ changes: { 'pro-mata/prod 1': 2 }, unsteady: true });
  const run = world.start('pro-mata', 'promata-prod.yml');
  expect(await run.go()).toMatchObject({
    'prod-1/plan': 'success',
    'prod-1/again': 'failure',
    'prod-1/review': 'skipped',
    'prod-1/apply': 'skipped',
  });
  expect(run.log('prod-1/again')).toContain('refused: synthesizing the commit again gave a different tree');
});

test('a bundle that somebody changed after the review is refused', async () => {
  world.answer({ changes: { 'pro-mata/prod 1': 2 } });
  const run = world.start('pro-mata', 'promata-prod.yml');
  expect(await run.go()).toMatchObject({ 'prod-1/review': 'waiting' });
  writeFileSync(path.join(run.artefact('bundle-pro-mata-prod-1'), 'bundle.tar.gz'), 'another bundle');
  expect(await world.finish(run)).toMatchObject({ 'prod-1/review': 'success', 'prod-1/apply': 'failure', ecs: 'skipped' });
  expect(run.log('prod-1/apply')).toContain('refused: this is not the bundle that was reviewed');
});

test('a state that an apply could not upload leaves the runner, and the run fails', async () => {
  world.answer({ changes: { 'pro-mata/dev 1': 3 }, unsaved: true });
  const run = world.start('pro-mata', 'promata-dev.yml');
  expect(await world.finish(run)).toMatchObject({ 'dev-1/apply': 'failure', 'dev-2': 'skipped', ansible: 'skipped' });
  expect(readdirSync(run.artefact('kept-pro-mata-dev-1'), { recursive: true }).map(String)).toContainEqual(
    expect.stringMatching(/unit\.tfstate\.age$/),
  );
});

test('a pipeline that is not in use does nothing', async () => {
  const from = world.calls().length;
  for (const file of ['promata-dev.yml', 'promata-prod.yml', 'pro-mata-drift.yml'])
    expect(new Set(Object.values(await world.start('pro-mata', file, {}, { PRO_MATA_ENABLED: '' }).go()))).toEqual(new Set(['skipped']));
  expect(world.calls().length).toBe(from);
});

test('production of pro-mata waits for a person, then for its services, its names and the load balancer', async () => {
  const from = world.calls().length;
  world.answer({ changes: { 'pro-mata/prod 1': 2, 'pro-mata/prod 2': 1 }, deferred: ['pro-mata/prod 1'] });
  const run = world.start('pro-mata', 'promata-prod.yml');
  expect(await run.go()).toMatchObject({ 'prod-1/plan': 'success', 'prod-1/review': 'waiting' });
  expect(since('aws', from)).toEqual([]);
  const results = await ended(run);
  expect(results).toMatchObject({
    'prod-2/apply': 'success',
    'prod-3': 'skipped',
    ecs: 'success',
    route53: 'success',
    'alb-health': 'success',
  });
  expect(done(results).slice(-4)).toEqual(['prod-again', 'ecs', 'route53', 'alb-health']);
  expect(since('aws', from)).toEqual(['ecs wait services-stable --cluster promata-prod --services promata-frontend promata-backend']);
  expect(since('getent', from)).toEqual(['ahosts promata.ages.pucrs.br', 'ahosts api.promata.ages.pucrs.br']);
  expect(since('curl', from).filter((args) => args.includes('promata'))).toEqual([
    expect.stringContaining('https://promata.ages.pucrs.br/health'),
    expect.stringContaining('https://api.promata.ages.pucrs.br/api/health'),
  ]);
});

test('a change of pro-mata is planned and commented, in one comment that is written again when it grows, and nothing of its stages runs', async () => {
  const commented = async (changes: number): Promise<readonly object[]> => {
    world.answer({ changes: { 'pro-mata/dev 1': changes } });
    const results = await ended(world.start('pro-mata', 'promata-dev.yml', { name: 'pull_request', change: '7', actor: 'eve' }));
    expect(results).toMatchObject({ 'dev-1/plan': 'success', 'dev-1/apply': 'skipped', ansible: 'skipped', comment: 'success' });
    return world.host.comments.map(({ id, change, body }) => ({ id, change, planned: body.match(/\d+ to create/g) }));
  };
  expect(await commented(3)).toEqual([{ id: 1, change: '7', planned: ['3 to create'] }]);
  expect(await commented(4)).toEqual([{ id: 1, change: '7', planned: ['4 to create'] }]);
});

test('a branch that lacks what was applied gets no plan, and is told to merge', async () => {
  world.answer({ changes: { 'astra/development 1': 1 } });
  const run = world.start('astra', 'astra.yml', { name: 'pull_request', change: '8', commit: world.behind });
  expect(await run.go()).toMatchObject({ 'development-1/judge': 'failure', 'development-1/plan': 'skipped' });
  expect(run.log('development-1/judge')).toContain(
    `refused: this change does not contain ${world.head}, which was applied last; merge main first`,
  );
});

test('astra deploys development by itself, staging once a person says so, and leaves production alone', async () => {
  world.answer({ changes: { 'astra/development 1': 1, 'astra/staging 1': 1 } });
  const run = world.start('astra', 'astra.yml');
  expect(await run.go()).toMatchObject({
    'development-1/review': 'skipped',
    'development-1/apply': 'success',
    'staging-1/review': 'waiting',
  });
  expect(run.outputs('staging-1/apply')).toEqual({});
  expect(await ended(run)).toMatchObject({ 'staging-1/apply': 'success', production: 'skipped' });
  const signed = world.calls().findLast(({ program }) => program === 'gcloud');
  expect(signed?.args.join(' ')).toMatch(/^auth login --quiet --cred-file=.*google\.json$/);
  expect(signed?.environment).not.toHaveProperty('TERRACE_SIGNING_KEY');
});

if (full)
  test('olechka asks nobody for development, one person for staging and two for production', async () => {
    world.answer({ changes: { 'olechka/dev 1': 1, 'olechka/staging 1': 1, 'olechka/production 1': 1 } });
    const run = world.start('olechka', 'olechka.yml');
    const waiting = await run.go();
    expect(run.waiting().map(({ place }) => place)).toEqual(['staging-review', 'production-review']);
    expect(waiting).toMatchObject({ 'dev-1/apply': 'success', costs: 'success' });
    const hash = run.outputs('production-1/plan')['hash'] ?? '';
    run.approve('production-review', 'bob', hash);
    expect(await run.go()).toMatchObject({ 'production-1/review': 'success', 'production-1/review-2': 'waiting' });
    run.approve('production-review-2', 'cem', hash);
    expect(await run.go()).toMatchObject({ 'production-1/review-3': 'skipped', 'production-1/apply': 'success' });
    await ended(run);
  });

if (full)
  test('a change of the rules asks for one gate more, whose door stays shut for one person', async () => {
    world.answer({ changes: { 'olechka/staging 1': 1 }, rules: ['terrace.approvals.json'], persons: { 'olechka/staging': 2 } });
    const run = world.start('olechka', 'olechka.yml');
    await run.go();
    run.approve('staging-review', 'bob', run.outputs('staging-1/plan')['hash'] ?? '');
    expect(await run.go()).toMatchObject({ 'staging-1/review-2': 'waiting' });
    // Who starts a run opens none of its gates, and nobody does who is no reviewer.
    expect(() => run.approve('staging-review-2', 'ana', '')).toThrow('ana started this run');
    expect(() => run.approve('staging-review-2', 'eve', '')).toThrow('eve is no reviewer');
    await ended(run);
  });

if (full)
  test('a later environment waits for the one before, and for who tries that out', async () => {
    world.answer({ changes: { 'tux/staging 1': 1, 'tux/production 1': 1 } });
    const run = world.start('tux', 'tux.yml');
    expect(await run.go()).toMatchObject({ 'staging-1/configure': 'success', 'manual-testing': 'waiting' });
    expect(run.outputs('production-1/plan')).toEqual({});
    expect(await ended(run)).toMatchObject({ 'production-1/apply': 'success', 'production-1/configure': 'success', monitor: 'success' });
  });

if (full)
  test('a branch gets no secret that writes: its plan leaves out what needs one, and that of the protected branch does not', async () => {
    world.answer({ changes: { 'astraler/preview 1': 1 } });
    const planOf = async (event: object) => {
      const from = world.calls().length;
      await world.start('astraler', 'astraler.yml', event).go();
      const call = world
        .calls()
        .slice(from)
        .find(({ program, args }) => program === 'node' && args[1] === 'plan' && args[2] === 'astraler/preview');
      return [call?.args.join(' ').includes('--not-given upstash_api_key'), call?.environment['TF_VAR_upstash_api_key']];
    };
    expect(await planOf({ name: 'pull_request', change: '12', actor: 'eve' })).toEqual([true, undefined]);
    expect(await planOf({})).toEqual([false, 'canary-tf-var-upstash-api-key']);
  });

if (full)
  test('an environment that drifted gets one issue, written again, and closed once nothing differs', async () => {
    const event = { name: 'schedule', actor: 'github' } as const;
    world.answer({ drifted: ['olechka/dev'] });
    for (const _time of ['first', 'second']) await ended(world.start('olechka', 'olechka-drift.yml', event));
    expect(world.host.issues).toEqual([expect.objectContaining({ number: 1, title: 'Drift in olechka/dev', state: 'open' })]);
    world.answer({});
    await ended(world.start('olechka', 'olechka-drift.yml', event));
    expect(world.host.issues[0]?.state).toBe('closed');
  });

const byHand = (inputs: Readonly<Record<string, string>>) => ({ name: 'workflow_dispatch', inputs, actor: 'ana' }) as const;

test('a destruction goes no further than a confirmation that is not exact', async () => {
  const run = world.start('olechka', 'olechka-destroy.yml', byHand({ environment: 'olechka/dev', confirmation: 'destroy dev' }));
  expect(await run.go()).toMatchObject({ confirm: 'failure', detect: 'skipped', dev: 'skipped' });
  expect(run.log('confirm')).toContain("refused: the confirmation is not 'destroy olechka/dev'");
});

if (full)
  test('an environment is destroyed after its own place was opened, and no other with it', async () => {
    world.answer({ changes: { 'tux/staging 1': 4 } });
    const run = world.start('tux', 'tux-destroy.yml', byHand({ environment: 'tux/staging', confirmation: 'destroy tux/staging' }));
    expect(await run.go()).toMatchObject({ 'staging-destroy': 'waiting', production: 'skipped' });
    // Its servers and its address are gone: nobody configures them or asks there.
    expect(await ended(run)).toMatchObject({
      'staging/apply': 'success',
      'staging/ansible': 'skipped',
      'staging/configure': 'skipped',
      'staging/answer': 'skipped',
      production: 'skipped',
    });
  });

if (full)
  test('locks are listed; one is released by its id once somebody has reviewed that', async () => {
    const listed = await ended(world.start('olechka', 'olechka-unlock.yml', byHand({ environment: 'olechka/dev', unit: '', lock: '' })));
    expect(listed).toMatchObject({ 'dev/locks': 'success', 'dev/unlock-review': 'skipped', 'dev/unlock': 'skipped' });
    const from = world.calls().length;
    const unit = 'olechka/dev/eu-central-1/network/vpc';
    const run = world.start('olechka', 'olechka-unlock.yml', byHand({ environment: 'olechka/dev', unit, lock: 'abc' }));
    expect(await run.go()).toMatchObject({ 'dev/unlock-review': 'waiting' });
    await ended(run);
    expect(since('node', from).at(-1)).toBe(`judge/terrace.cjs lock release ${unit} --tree tree --id abc --yes`);
    const other = world.start(
      'olechka',
      'olechka-unlock.yml',
      byHand({ environment: 'olechka/dev', unit: unit.replace('dev', 'production'), lock: 'abc' }),
    );
    expect(await world.finish(other)).toMatchObject({ 'dev/unlock': 'failure' });
  });

test('the application of astraler is checked, tested, built, and goes where its event says', async () => {
  const from = world.calls().length;
  const outside = { 'api.cloudflare.com': '{"success":true}' };
  const passed = async (event: object, answers: object = {}): Promise<readonly string[]> => {
    world.answer({ outside, ...answers });
    return done(await ended(world.start('astraler', 'ci.yml', event)));
  };
  const checked = ['lint', 'typecheck', 'deploy-script', 'test', 'coverage', 'build'];
  const sorted = (jobs: readonly string[]): readonly string[] => jobs.toSorted();
  expect(sorted(await passed({ name: 'pull_request', change: '3' }))).toEqual(sorted([...checked, 'deploy-preview']));
  expect(sorted(await passed({ ref: 'refs/heads/develop' }))).toEqual(sorted([...checked, 'deploy-staging', 'e2e-staging']));
  expect(sorted(await passed({}))).toEqual(sorted([...checked, 'deploy-production']));
  // Little coverage is said, and stops nothing.
  const low = world.start('astraler', 'ci.yml', {});
  world.answer({ outside, coverage: 60 });
  expect(done(await ended(low))).toContain('deploy-production');
  expect(low.log('coverage')).toContain('60 % of the lines, expected more than 70 %');
  for (const step of full ? ['lint', 'typecheck', 'test:ci', 'build'] : ['test:ci']) {
    world.answer({ outside, failing: [step] });
    const failed = await world.start('astraler', 'ci.yml', {}).go();
    expect([step, failed['deploy-production']]).toEqual([step, 'skipped']);
  }
  const token = world
    .calls()
    .slice(from)
    .filter(({ environment }) => 'CLOUDFLARE_API_TOKEN' in environment);
  expect(new Set(token.map(({ program }) => program))).toEqual(new Set(['curl']));
});

test('a fork of the application gets no preview, and a repository that has not enabled it nothing at all', async () => {
  world.answer({});
  const fork = await world.start('astraler', 'ci.yml', { name: 'pull_request', change: '4', fork: true }).go();
  expect(fork).toMatchObject({ build: 'success', 'deploy-preview': 'skipped' });
  const off = await world.start('astraler', 'ci.yml', {}, { ASTRALER_ENABLED: '' }).go();
  expect(new Set(Object.values(off))).toEqual(new Set(['skipped']));
});

test('the checks of the repository, its release and the backups run', async () => {
  world.answer({});
  await ended(world.start('olechka', 'checks.yml'));
  const from = world.calls().length;
  await ended(world.start('olechka', 'release.yml', { ref: 'refs/tags/v1.2.3' }));
  expect(since('gh', from)).toEqual([
    expect.stringMatching(
      /^release create v1\.2\.3 .*release\/SHA256SUMS release\/sbom\.cdx\.json release\/terrace-1\.0\.0\.tgz release\/terrace\.cjs$/,
    ),
  ]);
  for (const file of ['astraler-backup-database.yml', 'astraler-backup-secrets.yml'])
    await ended(world.start('astraler', file, { name: 'schedule', actor: 'github' }));
});

if (full)
  test('every script of every workflow ran here', () => {
    const all = [...readWorkflows()].flatMap(([file, { jobs }]) =>
      Object.entries(jobs).flatMap(([id, { steps = [] }]) => steps.flatMap(({ run }) => (run === undefined ? [] : [{ file, id, run }]))),
    );
    const ran = new Set(world.runs.flatMap((run) => [...run.ran]));
    expect(ran.size).toBeGreaterThan(40);
    // A planned environment's only step says that its pipeline has to be generated again.
    expect(all.filter(({ run }) => !ran.has(run)).map(({ file, id }) => `${file} ${id}`)).toEqual(['astra.yml production']);
  });

test('no secret stands in a log, a comment, a summary, an issue or an artefact', () => {
  const texts = world.runs.flatMap((run) => [
    run.summary,
    ...run.logs.map(({ log }) => log.replaceAll(/^::add-mask::.*$/gm, '')),
    ...filesBelow(run.artefactFolder()).map((file) => readFileSync(file, 'latin1')),
  ]);
  const all = [...texts, ...world.host.comments.map(({ body }) => body), ...world.host.issues.map(({ body }) => body)];
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter((text) => text.includes('canary-'))).toEqual([]);
});

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
}
