import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { faultWorld, type FaultWorld, type Snapshot } from '../../_helpers/fault-world';
import { awsBlocks, dataBlocks } from '../../_helpers/lab-project';
import type { LabUnits } from '../../_helpers/lab-types';
import { succeeded, words, type Outcome } from '../../_helpers/scratch-project';

const units = (input: string): LabUnits => ({
  'kept/a': { json: dataBlocks({ x: input }), outputs: { v: '${terraform_data.x.output}' } },
  'kept/q': { json: awsBlocks({ aws_sqs_queue: { q: { name: 'jobs' } } }), outputs: {} },
});
const key = 'dev/eu-central-1/kept/a/terraform.tfstate';
const recordKey = key.replace('terraform.tfstate', 'applied.json');

let world: FaultWorld;
let unit: string;
let simulated: string;
let before: Snapshot;
let applied: Snapshot;
beforeAll(async () => {
  world = await faultWorld(units('one'));
  unit = world.project.path('kept/a');
  simulated = world.project.path('kept/q');
  succeeded(await world.project.run('synth'));
  succeeded(await inTree('deploy', unit, simulated, '--auto-approve'));
  before = await world.snapshot();
  world.project.commit(units('two'), 'two');
  succeeded(await world.project.run('synth'));
  succeeded(await inTree('deploy', unit, '--auto-approve'));
  applied = await world.snapshot();
}, 600_000);
afterAll(() => world.dispose());

const inTree = (...args: readonly string[]): Promise<Outcome> => world.cli(...args, '--tree', `${world.project.root}/live`);
const folder = (): string => path.join(world.project.root, '.terrace', 'errored', unit);
function keep(name: string, text: string): string {
  mkdirSync(folder(), { recursive: true });
  writeFileSync(path.join(folder(), name), text);
  return path.join(folder(), name);
}
const stored = (): Record<string, unknown> => JSON.parse(applied.objects.get(key) ?? '{}');

test('a kept state is not written over one of its own serial with other content, nor over one of another lineage', async () => {
  await world.restore(applied);
  for (const [change, code] of [
    [{ resources: [] }, 'E4511'],
    [{ serial: 0 }, 'E4511'],
    [{ lineage: 'another', serial: 99 }, 'E4505'],
  ] as const) {
    keep('errored.tfstate', JSON.stringify({ ...stored(), ...change }));
    const refused = await inTree('state', 'recover', unit);
    expect([change, refused.code, words(refused)]).toEqual([change, 3, expect.stringContaining(code)]);
    expect(await world.object(key)).toBe(applied.objects.get(key));
  }
}, 600_000);

test('of several kept states each stays, status names each, and recover asks which one', async () => {
  await world.restore(before);
  const [first, second] = [
    keep('errored.tfstate', JSON.stringify({ ...stored(), serial: 98 })),
    keep('errored.2.tfstate', JSON.stringify(stored())),
  ];
  const status = await inTree('status', unit, '--json');
  expect([status.code, JSON.parse(status.stdout).units[0].status]).toEqual([3, 'state not uploaded']);
  for (const file of [first, second]) expect(words(status)).toContain(path.basename(file));
  const asked = await inTree('state', 'recover', unit);
  expect([asked.code, words(asked)]).toEqual([1, expect.stringContaining('E4519')]);
  succeeded(await inTree('state', 'recover', unit, '--file', second));
  expect(readdirSync(folder()).toSorted()).toEqual(['errored.2.tfstate.recovered', 'errored.tfstate']);
  expect((await inTree('plan', unit, '--out', `${world.project.root}/.terrace/kept`)).code).toBe(3);
  rmSync(first);
  const planned = succeeded(await inTree('plan', unit, '--out', `${world.project.root}/.terrace/kept`, '--json'));
  expect(JSON.parse(planned.stdout).units).toMatchObject([{ unit, unchanged: true }]);
}, 600_000);

test('a kept state of no bytes is said to be empty, and recovers nothing', async () => {
  await world.restore(before);
  keep('errored.tfstate', '');
  const status = await inTree('status', unit);
  expect([status.code, words(status)]).toEqual([3, expect.stringContaining('is empty: the disk was full')]);
  const refused = await inTree('state', 'recover', unit);
  expect([refused.code, words(refused)]).toEqual([1, expect.stringContaining('E4520')]);
  expect(await world.object(key)).toBe(before.objects.get(key));
}, 600_000);

test('no digest is recorded for an object that is older than its record', async () => {
  await world.restore({ ...applied, objects: new Map([...applied.objects, [key, before.objects.get(key) ?? '']]) });
  const refused = await inTree('state', 'digest', unit);
  expect([refused.code, words(refused)]).toEqual([3, expect.stringContaining(`E4522 older than its record ${unit}`)]);
  expect(words(refused)).toContain(`terrace state history ${unit}`);
  expect(await world.items()).toEqual(applied.items);
}, 600_000);

test('a record that cannot be read is refused, and nobody is told to remove it', async () => {
  await world.restore({ ...applied, objects: new Map([...applied.objects, [recordKey, '{"half']]) });
  for (const command of [
    ['status', unit],
    ['plan', unit, '--out', `${world.project.root}/.terrace/kept`],
  ]) {
    const refused = await inTree(...command);
    expect([command[0], refused.code !== 0, words(refused)]).toEqual([command[0], true, expect.stringContaining('E6003')]);
    expect(words(refused)).not.toMatch(/(?:remove|delete) (?:this|the) object/);
  }
}, 600_000);

test('a state of simulated resources is none for a shell that is in no sandbox: status and drift refuse it', async () => {
  await world.restore(applied);
  const { TERRACE_SANDBOX: _, ...outside } = world.project.env;
  const tree = ['--tree', `${world.project.root}/live`];
  for (const command of [
    ['status', simulated],
    ['drift', simulated],
  ]) {
    const refused = await world.project.terrace([...command, ...tree], outside);
    expect([command[0], refused.code, words(refused)]).toEqual([command[0], 3, expect.stringContaining('E4507')]);
  }
}, 600_000);
