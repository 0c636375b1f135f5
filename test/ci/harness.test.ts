import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { full } from '../_helpers/where-available';
import { deliveryProject, values, type DeliveryProject } from './harness/delivery-project';
import type { WorkflowRun } from './harness/runner';

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
  test('of pushes that wait together none is dropped, and what became stale is refused', async () => {
    const first = started(project.start(project.merge(project.commit('second', 'ana', values('three', 'two')), 'ana')));
    await first.go();
    const second = started(project.start(project.merge(project.commit('third', 'ana', values('four', 'two')), 'ana')));
    expect((await second.go())['dev-1/review']).toBe('waiting');
    const third = started(project.start(project.merge(project.commit('fourth', 'cem', values('four', 'three')), 'cem')));
    expect((await third.go())['dev-1/review']).toBe('waiting');
    first.approve('dev-review', 'bob', first.outputs('dev-1/plan')['hash'] ?? '');
    const applied = await first.go();
    expect(applied['dev-1/apply']).toBe('success');
    second.approve('dev-review', 'bob', second.outputs('dev-1/plan')['hash'] ?? '');
    const stale = await second.go();
    expect(stale['dev-1/apply']).toBe('failure');
    expect(second.log('dev-1/apply')).toMatch(/E600[78]|E6075/);
    // Run again, it plans anew; what was said about the earlier plan counts no more.
    second.again();
    const again = await second.go();
    expect(again).toMatchObject({ 'dev-1/plan': 'success', 'dev-1/review': 'success', 'dev-1/apply': 'failure' });
    expect(second.log('dev-1/apply')).toContain('0 of 1 approvals');
    // The third was dropped by nobody: stale as well, it plans anew, and goes through with a new approval.
    third.approve('dev-review', 'bob', third.outputs('dev-1/plan')['hash'] ?? '');
    expect((await third.go())['dev-1/apply']).toBe('failure');
    const last = started(project.start({ ...third.event, actor: 'ana' }));
    expect((await last.go())['dev-1/review']).toBe('waiting');
    last.approve('dev-review', 'bob', last.outputs('dev-1/plan')['hash'] ?? '');
    expect(await last.go()).toMatchObject({ 'dev-1/apply': 'success' });
  }, 1_800_000);

  test('what failed in one run is picked up again by the next push, whatever that changes', async () => {
    const first = started(project.start(project.merge(project.commit('failing', 'ana', values('failed', 'two')), 'ana')));
    expect((await first.go())['dev-1/review']).toBe('waiting');
    first.approve('dev-review', 'bob', first.outputs('dev-1/plan')['hash'] ?? '');
    project.host.closed.add(project.applyRole);
    expect(await first.go()).toMatchObject({ 'dev-1/apply': 'failure' });
    project.host.closed.clear();
    const next = started(project.start(project.merge(project.commit('words', 'ana', { 'README.md': 'words\n' }), 'ana')));
    expect((await next.go())['dev-1/review']).toBe('waiting');
    next.approve('dev-review', 'bob', next.outputs('dev-1/plan')['hash'] ?? '');
    expect(await next.go()).toMatchObject({ 'dev-1/apply': 'success' });
  }, 1_800_000);

  test('a run without anything to do asks nobody and changes nothing', async () => {
    const run = started(project.start(project.merge(project.commit('nothing', 'ana', { 'README.md': 'other words\n' }), 'ana')));
    const results = await run.go();
    expectNoFailure(run, results);
    expect(results).toMatchObject({ 'dev-1/plan': 'success', 'dev-1/review': 'skipped', 'dev-1/apply': 'skipped', 'dev-2': 'skipped' });
    expect(run.summary).toContain('Nothing differs from what was applied');
  }, 900_000);

  test.each([
    ['wrote', 'ana', 'bob'],
    ['proposed', 'dan', 'ana'],
  ])(
    'who %s a change lets nothing of it through, also where somebody else merged it',
    async (word, author, proposer) => {
      const commit = project.commit(word, author, values(word, 'two'));
      const run = started(project.start(project.merge(commit, 'bob', proposer)));
      expect((await run.go())['dev-1/review']).toBe('waiting');
      run.approve('dev-review', 'ana', run.outputs('dev-1/plan')['hash'] ?? '');
      expect(await run.go()).toMatchObject({ 'dev-1/review': 'success', 'dev-1/apply': 'failure' });
      expect(run.log('dev-1/apply')).toContain('ana@example.com made this change');
      expect(run.log('dev-1/apply')).toContain('0 of 1 approvals');
    },
    900_000,
  );

  test('a run that is lost in mid-apply leaves a unit that the next run reports, and applies once two persons have said yes', async () => {
    const run = started(project.start(project.merge(project.commit('lost', 'ana', values('lost', 'two')), 'ana')));
    expect((await run.go())['dev-1/review']).toBe('waiting');
    run.approve('dev-review', 'bob', run.outputs('dev-1/plan')['hash'] ?? '');
    project.holdApplies(true);
    const going = run.go();
    await project.holding();
    run.lose();
    expect(await going).toMatchObject({ 'dev-1/apply': 'cancelled' });
    project.holdApplies(false);
    const next = started(project.start(project.merge(project.commit('after', 'ana', { 'README.md': 'after\n' }), 'ana')));
    expect((await next.go())['dev-1/review']).toBe('waiting');
    expect(next.summary).toContain('The last apply of a unit never ended');
    // The rules want a second person for that: one opens the first gate alone.
    expect(next.summary).toContain('2 approvals, one more than usual because of apply-interrupted small/dev/eu-central-1/network/first');
    const hash = next.outputs('dev-1/plan')['hash'] ?? '';
    next.approve('dev-review', 'bob', hash);
    expect(await next.go()).toMatchObject({ 'dev-1/review': 'success', 'dev-1/review-2': 'waiting' });
    expect(next.outputs('dev-1/apply')).toEqual({});
    next.approve('dev-review-2', 'cem', hash);
    expect(await next.go()).toMatchObject({ 'dev-1/apply': 'success' });
  }, 1_800_000);

  test('a branch behind what was applied gets no plan, and is told to merge', async () => {
    const old = project.commitBehind('behind', 'ana', values('behind', 'behind'));
    const run = started(project.start({ name: 'pull_request', commit: old, change: '3', actor: 'ana' }));
    expect(await run.go()).toMatchObject({ 'dev-1/judge': 'failure', 'dev-1/plan': 'skipped' });
    expect(run.log('dev-1/judge')).toMatch(/refused: this change lacks [0-9a-f]{40}, which was applied: merge main first/);
  }, 900_000);

  test('a change of the rules waits for a second person, also when an innocent push follows it', async () => {
    project.merge(project.commit('rules', 'ana', { 'terrace.approvals.json': project.rulesWith(0.5) }), 'ana');
    const run = started(project.start(project.merge(project.commit('innocent', 'bob', values('five', 'two')), 'bob')));
    expect((await run.go())['dev-1/review']).toBe('waiting');
    expect(run.outputs('dev-1/plan')['gates']).toBe('2');
    run.approve('dev-review', 'cem', run.outputs('dev-1/plan')['hash'] ?? '');
    expect(await run.go()).toMatchObject({ 'dev-1/review': 'success', 'dev-1/review-2': 'waiting' });
  }, 900_000);

  test('a bundle that somebody changed after the review is refused', async () => {
    const run = started(project.start(project.merge(project.commit('tampered', 'ana', values('six', 'two')), 'ana')));
    await run.go();
    const name = 'bundle-small-dev-1';
    writeFileSync(path.join(run.artefact(name), 'bundle.tar.gz'), 'another bundle');
    for (const place of ['dev-review', 'dev-review-2'].slice(0, Number(run.outputs('dev-1/plan')['gates']))) {
      run.approve(place, place === 'dev-review' ? 'bob' : 'cem', run.outputs('dev-1/plan')['hash'] ?? '');
      await run.go();
    }
    expect(run.log('dev-1/apply')).toContain('this is not the bundle that was reviewed');
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
