import { readFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../../_helpers/in-order';
import { succeeded, type Outcome } from '../../_helpers/scratch-project';
import { smallProject, type SmallProject, type SmallUnit } from '../../_helpers/small-project';

const test = inOrder();

type Units = { readonly [id: string]: SmallUnit };

const vpc = { value: 'one' };
const api = { value: 'a', reads: 'network/vpc' };
const store = { value: 's' };

let project: SmallProject;
beforeAll(async () => {
  project = await smallProject({ 'network/vpc': vpc, 'compute/api': api, 'storage/bucket': store });
  succeeded(await project.run('deploy', 'small', '--auto-approve'));
}, 600_000);
afterAll(() => project.dispose());

const at = (...names: readonly string[]): string => path.join(project.root, '.terrace', ...names);

function change(units: Units, message: string): void {
  project.write(units);
  project.commit(message);
}

/** Change and operation of each affected unit, by its id. */
async function affected(base: string, ...args: readonly string[]): Promise<Record<string, string>> {
  const { units }: { readonly units: readonly { readonly unit: string; readonly change: string; readonly operation: string }[] } =
    JSON.parse(succeeded(await project.run('affected', '--base', base, '--json', ...args)).stdout);
  return Object.fromEntries(units.map((one) => [idOf(one.unit), `${one.change} ${one.operation}`]));
}

interface Shown {
  readonly units: readonly {
    readonly unit: string;
    readonly operation: string;
    readonly after: readonly string[];
    readonly actions: { readonly destroy: number };
  }[];
}

const idOf = (unit: string): string => unit.split('/').slice(3).join('/');

async function carriedOut(place: string): Promise<Outcome> {
  succeeded(await project.run('approve', place));
  return project.run('apply', place);
}

test('what was applied and is as in the source is not affected', async () => {
  expect(await affected('applied')).toEqual({});
  expect((await project.run('status', '--json')).code).toBe(0);
}, 600_000);

test('a unit whose source changed since its apply is affected, with what reads it, whatever the last commit changed', async () => {
  change({ 'network/vpc': { value: 'two' }, 'compute/api': api, 'storage/bucket': store }, 'change the network');
  project.commit('say something else');
  expect(await affected('HEAD~1', '--allow-empty')).toEqual({});
  expect(await affected('applied')).toEqual({ 'network/vpc': 'unapplied apply', 'compute/api': 'dependent apply' });
  succeeded(await project.run('plan', '--affected', 'applied', '--out', at('changed')));
  succeeded(await carriedOut(at('changed')));
  expect(await affected('applied')).toEqual({});
}, 600_000);

test('what failed in round 1 is selected again with the next change, which has nothing to do with it', async () => {
  const failing = { ...api, value: 'b', command: 'exit 7' };
  change({ 'network/vpc': { value: 'two' }, 'compute/web': failing, 'compute/api': api, 'storage/bucket': store }, 'add what fails');
  succeeded(await project.run('plan', '--affected', 'applied', '--out', at('failing')));
  const failed = await carriedOut(at('failing'));
  expect([failed.code, failed.stderr.includes('E6019')]).toEqual([1, true]);
  change(
    { 'network/vpc': { value: 'two' }, 'compute/web': failing, 'compute/api': api, 'storage/bucket': { value: 't' } },
    'change the bucket',
  );
  expect(await affected('HEAD~1')).toEqual({ 'storage/bucket': 'changed apply' });
  expect(await affected('applied')).toEqual({ 'compute/web': 'unapplied apply', 'storage/bucket': 'unapplied apply' });
  const { units }: { readonly units: readonly { readonly unit: string; readonly status: string }[] } = JSON.parse(
    (await project.run('status', '--json')).stdout,
  );
  expect(units.map(({ unit, status }) => [idOf(unit), status])).toEqual([
    ['compute/api', 'current'],
    ['compute/web', 'failed'],
    ['network/vpc', 'current'],
    ['storage/bucket', 'behind'],
  ]);
  change(
    { 'network/vpc': { value: 'two' }, 'compute/web': { ...api, value: 'b' }, 'compute/api': api, 'storage/bucket': { value: 't' } },
    'mend it',
  );
  succeeded(await project.run('plan', '--affected', 'applied', '--out', at('mended')));
  succeeded(await carriedOut(at('mended')));
  expect(await affected('applied')).toEqual({});
}, 600_000);

test('a deleted unit is destroyed from a tree and a report alone, after what read it was changed', async () => {
  project.git('checkout', '--quiet', '-B', 'before');
  project.git('checkout', '--quiet', '-b', 'without-network');
  change({ 'compute/web': { value: 'b' }, 'compute/api': { value: 'a' }, 'storage/bucket': { value: 't' } }, 'remove the network');
  const out = at('report');
  expect(await affected('before', '--out', out)).toEqual({
    'compute/api': 'changed apply',
    'compute/web': 'changed apply',
    'network/vpc': 'deleted destroy',
  });
  succeeded(await project.run('synth', '--out', at('tree')));
  const planned = succeeded(
    await project.run(
      'plan',
      'small/dev',
      '--tree',
      at('tree'),
      '--affected',
      path.join(out, 'affected.json'),
      '--out',
      at('deleted'),
      '--json',
    ),
  );
  const { units }: Shown = JSON.parse(planned.stdout);
  expect(units.map(({ unit, operation, actions }) => [idOf(unit), operation, actions.destroy])).toEqual([
    ['compute/api', 'apply', 0],
    ['compute/web', 'apply', 0],
    ['network/vpc', 'destroy', 1],
  ]);
  const sealed: Shown = JSON.parse(readFileSync(path.join(at('deleted'), 'bundle.json'), 'utf8'));
  expect(sealed.units.map(({ after }) => after.map(idOf))).toEqual([[], [], ['compute/api', 'compute/web']]);
  // What the tree holds besides is another environment's business.
  const elsewhere = await project.run(
    'plan',
    project.path('storage'),
    '--tree',
    at('tree'),
    '--affected',
    path.join(out, 'affected.json'),
    '--out',
    at('other'),
    '--json',
  );
  expect([elsewhere.code, JSON.parse(elsewhere.stdout).units]).toEqual([0, []]);
}, 600_000);

test('before it is destroyed it is an orphan in status, and affected by what was applied; afterwards it is neither', async () => {
  const orphaned = await project.run('status', '--json');
  expect([orphaned.code, JSON.parse(orphaned.stdout).orphans.map((one: { readonly unit: string }) => idOf(one.unit))]).toEqual([
    0,
    ['network/vpc'],
  ]);
  expect((await project.run('status')).stdout).toContain(`orphan: ${project.path('network/vpc')} has a state`);
  expect(await affected('applied')).toEqual({
    'compute/api': 'unapplied apply',
    'compute/web': 'unapplied apply',
    'network/vpc': 'deleted destroy',
  });
  const planned = succeeded(await project.run('plan', '--affected', 'applied', '--out', at('orphan'), '--json'));
  const { units }: Shown = JSON.parse(planned.stdout);
  expect(units.map(({ unit, operation, actions }) => [idOf(unit), operation, actions.destroy])).toEqual([
    ['compute/api', 'apply', 0],
    ['compute/web', 'apply', 0],
    ['network/vpc', 'destroy', 1],
  ]);
  const sealed: Shown = JSON.parse(readFileSync(path.join(at('orphan'), 'bundle.json'), 'utf8'));
  expect(sealed.units[2]?.after.map(idOf)).toEqual(['compute/api', 'compute/web']);
  succeeded(await carriedOut(at('orphan')));
  expect(await affected('applied')).toEqual({});
  const status = JSON.parse((await project.run('status', '--json')).stdout);
  expect([status.orphans, status.units.length]).toEqual([[], 3]);
}, 600_000);

test('an orphan whose files nobody knows is named, and not destroyed', async () => {
  change({ 'compute/web': { value: 'b' }, 'storage/bucket': { value: 't' } }, 'remove the api');
  project.git('checkout', '--quiet', '--orphan', 'elsewhere');
  project.git('commit', '--quiet', '--all', '--message', 'a history of its own');
  for (const branch of project.git('branch', '--format=%(refname:short)').split('\n'))
    if (branch !== 'elsewhere') project.git('branch', '--quiet', '-D', branch);
  project.git('reflog', 'expire', '--expire=now', '--all');
  project.git('gc', '--quiet', '--prune=now');
  const planned = succeeded(await project.run('plan', '--affected', 'applied', '--out', at('lost'), '--json'));
  expect([JSON.parse(planned.stdout).units, planned.stderr.includes(`${project.path('compute/api')} is not destroyed`)]).toEqual([
    [],
    true,
  ]);
}, 600_000);

test('credentials of another account are refused with 3', async () => {
  succeeded(await project.run('plan', project.path('storage/bucket'), '--out', at('right')));
  succeeded(await project.run('approve', at('right')));
  const env = { ...project.env, TERRACE_CREDENTIALS: 'ambient', AWS_ACCESS_KEY_ID: 'SANDBOX999999999999' };
  for (const args of [
    ['affected', '--base', 'applied'],
    ['status'],
    ['drift'],
    ['plan', '--out', at('wrong')],
    ['deploy', 'small', '--auto-approve'],
    ['apply', at('right')],
  ]) {
    const { code, output } = await project.terrace(args, env);
    expect([args[0], code, output.includes('E4105')]).toEqual([args[0], 3, true]);
  }
}, 600_000);
