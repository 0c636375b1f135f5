import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../../_helpers/in-order';
import { succeeded, words } from '../../_helpers/scratch-project';
import { smallProject, type SmallProject } from '../../_helpers/small-project';

const test = inOrder();

let project: SmallProject;
beforeAll(async () => {
  project = await smallProject({ 'network/old': { value: 'one' }, 'compute/api': { value: 'a', reads: 'network/old' } });
  succeeded(await project.run('deploy', 'small', '--auto-approve'));
  project.write({ 'network/new': { value: 'one', movedFrom: 'network/old' }, 'compute/api': { value: 'a', reads: 'network/new' } });
  project.git('checkout', '--quiet', '-b', 'change');
  project.commit('move the network');
}, 600_000);
afterAll(() => project.dispose());

const bundle = (name: string): string => `${project.root}/.terrace/${name}`;
const command = (): string => `terrace state move ${project.path('network/old')} ${project.path('network/new')}`;

interface Affected {
  readonly units: readonly {
    readonly unit: string;
    readonly change: string;
    readonly operation: string;
    readonly reasons: readonly string[];
  }[];
}

test('a moved unit is affected as one, by the last commit and by what was applied, with the command that moves its state', async () => {
  for (const base of ['main', 'applied']) {
    const { units }: Affected = JSON.parse(succeeded(await project.run('affected', '--base', base, '--json')).stdout);
    expect([base, units.map(({ unit, change, operation }) => [unit, change, operation])]).toEqual([
      base,
      [
        [project.path('compute/api'), base === 'main' ? 'changed' : 'unapplied', 'apply'],
        [project.path('network/new'), 'moved', 'apply'],
      ],
    ]);
    expect(units[1]?.reasons[0]).toContain(command());
  }
}, 600_000);

test('as long as the state was not moved nothing of the unit is planned, by no selection, and its dependents are left out', async () => {
  for (const selection of [[], ['--affected', 'main'], ['--affected', 'applied'], ['--mock'], ['--destroy', project.path('network/new')]]) {
    const planned = await project.run('plan', ...selection, '--out', bundle('refused'), '--json');
    expect([selection, planned.code, planned.stderr.includes('E6041'), words(planned).includes(command())]).toEqual([
      selection,
      3,
      true,
      true,
    ]);
    expect(JSON.parse(planned.stdout).units).toEqual([]);
  }
  const deployed = await project.run('deploy', 'small', '--auto-approve');
  expect([deployed.code, deployed.stderr.includes('E6041')]).toEqual([3, true]);
}, 600_000);

test('status says the same, with 3, and calls the old state no orphan', async () => {
  const { code, stdout } = await project.run('status', '--json');
  const report = JSON.parse(stdout);
  expect([code, report.orphans]).toEqual([3, []]);
  expect(report.units[1]).toMatchObject({ unit: project.path('network/new'), status: 'not moved' });
  expect(words(await project.run('status'))).toContain(command());
  const other = JSON.parse((await project.run('status', project.path('compute/api'), '--json')).stdout);
  expect([other.units.length, other.orphans]).toEqual([1, []]);
}, 600_000);

test('after the move the plan changes nothing, the record went along, and the old place is empty', async () => {
  succeeded(await project.run(...command().split(' ').slice(1)));
  const planned = await project.run('plan', '--affected', 'main', '--out', bundle('moved'), '--detailed-exitcode', '--json');
  expect([
    planned.code,
    JSON.parse(planned.stdout).units.map((one: { readonly unit: string; readonly unchanged: boolean }) => [one.unit, one.unchanged]),
  ]).toEqual([
    0,
    [
      [project.path('compute/api'), true],
      [project.path('network/new'), true],
    ],
  ]);
  const before = JSON.parse((await project.run('status', '--json')).stdout);
  expect(before.orphans).toEqual([]);
  expect(before.units[1]).toMatchObject({ status: 'behind', commit: project.git('rev-parse', 'main') });
  expect(before.units[1].reasons).toEqual([expect.stringMatching(/^its files differ/)]);
  succeeded(await project.run('approve', bundle('moved')));
  succeeded(await project.run('apply', bundle('moved')));
  const after = await project.run('status', '--json');
  expect([after.code, JSON.parse(after.stdout).units.map((unit: { readonly status: string }) => unit.status)]).toEqual([
    0,
    ['current', 'current'],
  ]);
  expect(JSON.parse(succeeded(await project.run('affected', '--base', 'applied', '--json')).stdout).units).toEqual([]);
  expect((await project.run(...command().split(' ').slice(1))).stdout).toContain('already has the state');
}, 600_000);
