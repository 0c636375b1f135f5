import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../_helpers/in-order';
import { full } from '../_helpers/where-available';
import { deliveryProject, values, type DeliveryProject } from './harness/delivery-project';
import type { WorkflowRun } from './harness/runner';

const test = inOrder();

let project: DeliveryProject;
const runs: WorkflowRun[] = [];
beforeAll(async () => {
  project = await deliveryProject();
}, 600_000);
afterAll(() => project.dispose());

function started(run: WorkflowRun): WorkflowRun {
  runs.push(run);
  return run;
}

/** Somebody opens a gate of a round, and names its bundle. */
function approved(run: WorkflowRun, place: string, login: string, round = 'dev-1'): void {
  run.approve(place, login, run.outputs(`${round}/plan`)['hash'] ?? '');
}

/** Fails with what every failed job of a run printed. */
function expectNoFailure(run: WorkflowRun, results: Readonly<Record<string, string>>): void {
  expect(Object.entries(results).flatMap(([name, result]) => (result === 'failure' ? [`${name}\n${run.log(name)}`] : []))).toEqual([]);
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
}

test('a change is planned and commented; merged, it is reviewed and applied in two rounds', async () => {
  const commit = project.commit('first', 'ana', {
    ...values('two', 'two'),
    'spy.ts': `import { fromOutside } from 'terrace';\nexport const seen = fromOutside('a change may try', () => Object.keys(process.env)).filter((name) => /AWS|TOKEN|SECRET|KEY|ACTIONS_ID/.test(name));\nprocess.stderr.write('the change sees [' + seen.join() + ']\\n');\n`,
    'main.ts': `import './spy';\n${project.mainFile}`,
    'package.json': project.packageWith({ postinstall: 'echo planted script ran; env' }),
    ...Object.fromEntries(
      ['.githooks/post-checkout', '.husky/post-checkout', 'hooks/post-checkout'].map((name) => [
        name,
        '#!/bin/sh\necho planted script ran; env\n',
      ]),
    ),
  });
  const change = started(project.start({ name: 'pull_request', commit, change: '1', actor: 'ana' }));
  const planned = await change.go();
  expectNoFailure(change, planned);
  expect(planned).toMatchObject({
    detect: 'success',
    validate: 'success',
    'dev-1/plan': 'success',
    'dev-1/review': 'skipped',
    'dev-1/apply': 'skipped',
    'dev-2': 'skipped',
    comment: 'success',
  });
  expect(project.host.comments.map(({ change: of }) => of)).toEqual(['1']);
  expect(project.host.comments[0]?.body).toContain('network/first');
  expect(project.host.taken.map(({ role }) => role.split('/')[1])).toEqual(['plan', 'plan']);

  const run = started(project.start(project.merge(commit, 'ana')));
  const waiting = await run.go();
  expectNoFailure(run, waiting);
  expect(waiting).toMatchObject({ 'dev-1/again': 'success', 'dev-1/review': 'waiting' });
  const hash = run.outputs('dev-1/plan')['hash'] ?? '';
  expect(run.summary).toContain(hash.slice(0, 12));
  // Whoever started a run does not open its gates.
  expect(() => run.approve('dev-review', 'ana', hash)).toThrow('ana started this run');
  run.approve('dev-review', 'bob', `read ${hash.slice(0, 12)}`);
  // A change of package.json and main.ts judges nothing; the second gate is not asked for.
  const first = await run.go();
  expectNoFailure(run, first);
  expect(first).toMatchObject({
    'dev-1/apply': 'success',
    'dev-1/review-2': 'skipped',
    'dev-2/plan': 'success',
    'dev-2/review': 'waiting',
  });
  run.approve('dev-review', 'cem', run.outputs('dev-2/plan')['hash'] ?? '');
  const second = await run.go();
  expectNoFailure(run, second);
  expect(second).toMatchObject({ 'dev-2/apply': 'success', 'dev-2/notify': 'success' });
  // The chat did not answer, which fails no run.
  expect(run.log('dev-2/notify')).toContain('curl: (');
  expect(run.outputs('dev-2')['left']).toBe('false');
  expect(project.host.denied).toEqual([]);
  expect(new Set(project.host.taken.map(({ role, claims }) => `${role.split('/')[1]} ${claims['sub']}`))).toEqual(
    new Set(['plan repo:acme/small:environment:dev-plan', 'apply repo:acme/small:environment:dev']),
  );
}, 900_000);

test('a fork’s change is synthesized and validated, and nothing of it gets a credential', async () => {
  const commit = project.commit('fork', 'mallory', values('forked', 'forked'));
  const [taken, comments] = [project.host.taken.length, project.host.comments.length];
  const run = started(project.start({ name: 'pull_request', commit, change: '2', fork: true, actor: 'mallory' }));
  const results = await run.go();
  expectNoFailure(run, results);
  expect(results).toEqual({ detect: 'success', validate: 'success', 'dev-1': 'skipped', 'dev-2': 'skipped', comment: 'skipped' });
  expect([project.host.taken.length, project.host.comments.length]).toEqual([taken, comments]);
  expect(run.logs.flatMap(({ environment }) => Object.keys(environment).filter((name) => /^(?:AWS|TF|ACTIONS_ID)/.test(name)))).toEqual([]);
}, 600_000);

if (full) {
  /** What the first unit was given last: a change of the second one alone takes one round. */
  let given = 'two';
  const second = (value: string): Readonly<Record<string, string>> => values(given, value);

  /** The run of a push that changes something, up to its first gate. */
  async function pushed(branch: string, author: string, files: Readonly<Record<string, string>>, actor = author, proposer = actor) {
    const run = started(project.start(project.merge(project.commit(branch, author, files), actor, proposer)));
    await waitsForReview(run);
    return run;
  }

  async function waitsForReview(run: WorkflowRun): Promise<void> {
    const results = await run.go();
    expectNoFailure(run, results);
    expect(results['dev-1/review']).toBe('waiting');
  }

  test('of pushes that wait together none is dropped, what became stale is refused, and what was said about an earlier plan counts no more', async () => {
    const first = await pushed('second', 'ana', second('three'));
    const later = await pushed('third', 'ana', second('four'));
    const third = await pushed('fourth', 'cem', second('five'));
    approved(first, 'dev-review', 'bob');
    expect(await first.go()).toMatchObject({ 'dev-1/apply': 'success', 'dev-2': 'skipped' });
    approved(later, 'dev-review', 'bob');
    expect(await later.go()).toMatchObject({ 'dev-1/apply': 'failure' });
    expect(later.log('dev-1/apply')).toMatch(/E600[78]|E6075/);
    // Run again, it plans anew; the gate still stands open, and what was said there about the earlier plan counts no more.
    later.again();
    expect(await later.go()).toMatchObject({ 'dev-1/plan': 'success', 'dev-1/review': 'success', 'dev-1/apply': 'failure' });
    expect(later.log('dev-1/apply')).toContain('0 of 1 approvals');
    // The third still waits. Run again, it plans anew as well, and goes through.
    expect(third.waiting()).toEqual([{ job: 'dev-1/review', place: 'dev-review' }]);
    third.again();
    await waitsForReview(third);
    approved(third, 'dev-review', 'bob');
    expect(await third.go()).toMatchObject({ 'dev-1/apply': 'success' });
    expect(third.outputs('dev-1')['left']).toBe('false');
  }, 1_800_000);

  test('what failed in the first round of one run is picked up again by the next push, whatever that changes', async () => {
    given = 'failed';
    const first = await pushed('failing', 'ana', second('five'));
    approved(first, 'dev-review', 'bob');
    project.host.closed.add(project.applyRole);
    expect(await first.go()).toMatchObject({ 'dev-1/apply': 'failure', 'dev-2': 'skipped' });
    project.host.closed.clear();
    const next = await pushed('words', 'ana', { 'README.md': 'words\n' });
    approved(next, 'dev-review', 'bob');
    expect(await next.go()).toMatchObject({ 'dev-1/apply': 'success', 'dev-2/review': 'waiting' });
    approved(next, 'dev-review', 'bob', 'dev-2');
    expect(await next.go()).toMatchObject({ 'dev-2/apply': 'success' });
    expect(next.outputs('dev-2')['left']).toBe('false');
  }, 1_800_000);

  test('a run without anything to do asks nobody and changes nothing', async () => {
    const run = started(project.start(project.merge(project.commit('nothing', 'ana', { 'README.md': 'other words\n' }), 'ana')));
    const results = await run.go();
    expectNoFailure(run, results);
    expect(results).toMatchObject({ 'dev-1/plan': 'success', 'dev-1/review': 'skipped', 'dev-1/apply': 'skipped', 'dev-2': 'skipped' });
    expect(run.summary).toContain('Nothing differs from what was applied');
  }, 900_000);

  // What is refused stays unapplied, and its authors count on: who proposed comes first, while ana has written nothing.
  test.each([
    ['proposed', 'dan', 'ana'],
    ['wrote', 'ana', 'dan'],
  ])(
    'who %s a change lets nothing of it through, also where somebody else merged it',
    async (word, author, proposer) => {
      const run = await pushed(word, author, second(word), 'cem', proposer);
      approved(run, 'dev-review', 'ana');
      expect(await run.go()).toMatchObject({ 'dev-1/review': 'success', 'dev-1/apply': 'failure' });
      expect(run.log('dev-1/apply')).toContain('ana@example.com made this change');
      expect(run.log('dev-1/apply')).toContain('0 of 1 approvals');
    },
    900_000,
  );

  test('a run that is lost in mid-apply leaves a lock that a person has released, and a unit that the next run reports and two persons let through', async () => {
    const unit = 'small/dev/eu-central-1/compute/second';
    const run = await pushed('lost', 'ana', second('lost'));
    approved(run, 'dev-review', 'bob');
    project.holdApplies(true);
    const going = run.go();
    await project.holding();
    run.lose();
    expect(await going).toMatchObject({ 'dev-1/apply': 'cancelled' });
    project.holdApplies(false);
    // Nobody breaks the lock of an apply that nobody saw end: the next run says who holds it.
    const commit = project.commit('after', 'ana', { 'README.md': 'after\n' });
    const next = started(project.start(project.merge(commit, 'ana')));
    expect(await next.go()).toMatchObject({ 'dev-1/plan': 'failure', 'dev-1/review': 'skipped', 'dev-1/apply': 'skipped' });
    const dispatched = (lock: string): WorkflowRun =>
      started(
        project.start(
          { name: 'workflow_dispatch', commit, actor: 'ana', inputs: { environment: 'small/dev', unit: lock === '' ? '' : unit, lock } },
          'small-unlock.yml',
        ),
      );
    const listing = dispatched('');
    expect(await listing.go()).toMatchObject({ 'dev/locks': 'success', 'dev/unlock-review': 'skipped', 'dev/unlock': 'skipped' });
    const [, lock = ''] = new RegExp(`${unit} .* ([0-9a-f-]{36})\\s*$`, 'm').exec(listing.summary) ?? [];
    await project.ageLocks();
    const release = dispatched(lock);
    expect(await release.go()).toMatchObject({ 'dev/unlock-review': 'waiting' });
    release.approve('dev-review', 'bob', 'its runner is gone');
    const released = await release.go();
    expectNoFailure(release, released);
    expect(released).toMatchObject({ 'dev/unlock': 'success' });
    next.again();
    await waitsForReview(next);
    expect(next.summary).toContain('The last apply of a unit was never completed');
    // The rules want a second person for that: one opens the first gate alone.
    expect(next.summary).toContain(`2 approvals, one more than usual because of apply-interrupted ${unit}`);
    approved(next, 'dev-review', 'bob');
    expect(await next.go()).toMatchObject({ 'dev-1/review': 'success', 'dev-1/review-2': 'waiting' });
    expect(next.outputs('dev-1/apply')).toEqual({});
    approved(next, 'dev-review-2', 'cem');
    expect(await next.go()).toMatchObject({ 'dev-1/apply': 'success' });
    expect(next.outputs('dev-1')['left']).toBe('false');
  }, 1_800_000);

  test('a branch behind what was applied gets no plan, and is told to merge', async () => {
    const old = project.commitBehind('behind', 'ana', values('behind', 'behind'));
    const run = started(project.start({ name: 'pull_request', commit: old, change: '3', actor: 'ana' }));
    expect(await run.go()).toMatchObject({ 'dev-1/judge': 'failure', 'dev-1/plan': 'skipped' });
    expect(run.log('dev-1/judge')).toMatch(/refused: this change does not contain [0-9a-f]{40}, which was applied last; merge main first/);
  }, 900_000);

  test('a bundle that somebody changed after the review is refused', async () => {
    const run = await pushed('tampered', 'ana', second('six'));
    writeFileSync(path.join(run.artefact('bundle-small-dev-1'), 'bundle.tar.gz'), 'another bundle');
    approved(run, 'dev-review', 'bob');
    expect(await run.go()).toMatchObject({ 'dev-1/review': 'success', 'dev-1/apply': 'failure' });
    expect(run.log('dev-1/apply')).toContain('this is not the bundle that was reviewed');
  }, 900_000);

  test('a change of the rules asks for a second person, also when an innocent push follows it, and one person is not two', async () => {
    const first = await pushed('rules', 'ana', { ...second('rules'), 'terrace.approvals.json': project.rulesWith(0.5) });
    approved(first, 'dev-review', 'bob');
    expect(await first.go()).toMatchObject({ 'dev-1/review': 'success', 'dev-1/review-2': 'waiting' });
    const run = await pushed('innocent', 'ana', second('seven'));
    expect(run.summary).toContain('one more than usual because of delivery/rules-changed terrace.approvals.json');
    approved(run, 'dev-review', 'bob');
    expect(await run.go()).toMatchObject({ 'dev-1/review': 'success', 'dev-1/review-2': 'waiting' });
    approved(run, 'dev-review-2', 'bob');
    expect(await run.go()).toMatchObject({ 'dev-1/review-2': 'success', 'dev-1/apply': 'failure' });
    expect(run.log('dev-1/apply')).toContain('1 of 2 approvals');
  }, 900_000);
}

test('the code of a change never saw a credential, and its install scripts never ran', () => {
  const seen = runs.flatMap(({ logs }) => logs.flatMap(({ log }) => log.match(/the change sees \[.*\]/g) ?? []));
  expect(seen.length).toBeGreaterThan(0);
  expect([...new Set(seen)]).toEqual(['the change sees []']);
  expect(runs.flatMap(({ logs }) => logs.filter(({ log }) => log.includes('planted script ran')))).toEqual([]);
});

test('no secret stands in a log, a comment, a summary or an artefact', () => {
  const texts = [
    ...runs.flatMap((run) => [
      run.summary,
      ...run.logs.map(({ log }) => log),
      ...filesBelow(run.artefactFolder()).map((file) => readFileSync(file, 'latin1')),
    ]),
    ...project.host.comments.map(({ body }) => body),
  ];
  expect(texts.length).toBeGreaterThan(20);
  for (const canary of project.canaries) expect(texts.filter((text) => text.includes(canary))).toEqual([]);
});
