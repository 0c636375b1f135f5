import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import {
  faultyServices,
  serviceFaultKinds,
  type FaultyService,
  type ServiceFaultKind,
} from '../../../terrace/sandbox/gateway/service-faults';
import { livingTerraforms } from '../../../terrace/delivery/terraform/workspace';
import { digestOf } from '../../../terrace/state/state-file';
import { faultWorld, keptIn, type FaultWorld, type Snapshot } from '../../_helpers/fault-world';
import { awsBlocks } from '../../_helpers/lab-project';
import { run, succeeded, words, type Outcome } from '../../_helpers/scratch-project';
import { full } from '../../_helpers/where-available';

/** Elastic IPs: two of one name may exist, so that what is made twice is seen. */
const addresses = (tags: { readonly [name: string]: string }) =>
  awsBlocks({
    aws_eip: Object.fromEntries(Object.entries(tags).map(([name, note]) => [name, { domain: 'vpc', tags: { Name: name, note } }])),
  });
const before = { 'w/a': { json: addresses({ kept: 'one', gone: 'one' }), outputs: { v: '${aws_eip.kept.id}' } } };
const after = { 'w/a': { json: addresses({ kept: 'two', fresh: 'two' }), outputs: { v: '${aws_eip.kept.id}' } } };
const key = 'dev/eu-central-1/w/a/terraform.tfstate';

let world: FaultWorld;
let unit: string;
let live: string;
let bundle: string;
let destroying: string;
const worlds: Record<'applied before' | 'applied' | 'one unknown', Snapshot> = Object.create(null);

beforeAll(async () => {
  world = await faultWorld(before);
  unit = world.project.path('w/a');
  live = `${world.project.root}/live`;
  bundle = `${world.project.root}/.terrace/struck`;
  destroying = `${bundle}-destroy`;
  succeeded(await world.project.run('synth'));
  succeeded(await world.cli('deploy', unit, '--auto-approve', '--tree', live));
  worlds['applied before'] = await world.snapshot();
  world.project.commit(after, 'after');
  succeeded(await world.project.run('synth'));
  succeeded(await world.cli('plan', unit, '--tree', live, '--out', bundle));
  succeeded(await world.cli('approve', bundle));
  succeeded(await world.cli('plan', unit, '--tree', live, '--destroy', '--out', destroying));
  succeeded(await world.cli('approve', destroying));
  succeeded(await world.cli('apply', bundle));
  worlds['applied'] = await world.snapshot();
  worlds['one unknown'] = withoutFresh(worlds['applied']);
}, 600_000);
afterAll(() => world.dispose());

/** The world after an apply that died inside the creation of `fresh`, whose outcome nobody knows. */
function withoutFresh({ objects, items, cloud }: Snapshot): Snapshot {
  const state = JSON.parse(objects.get(key) ?? '{}');
  const text = JSON.stringify({ ...state, resources: state.resources.filter((one: { readonly name: string }) => one.name !== 'fresh') });
  const recordKey = key.replace('terraform.tfstate', 'applied.json');
  const record = { ...JSON.parse(objects.get(recordKey) ?? '{}'), status: 'failed', unfinished: [{ address: 'aws_eip.fresh' }] };
  return {
    cloud,
    objects: new Map([...objects, [key, text], [recordKey, JSON.stringify(record)]]),
    items: items.map((item) => (item['Digest'] === undefined ? item : { ...item, Digest: { S: digestOf(text) } })),
  };
}

/** A command with the world that it works in, and what stands there when it has done what it was asked for. */
interface Command {
  readonly name: string;
  readonly world: keyof typeof worlds;
  readonly args: () => readonly string[] | Promise<readonly string[]>;
  /** Names of what exists once it is done. @default those from before */
  readonly leaves?: readonly string[];
  /** What brings the world to the same end after it failed. @default a deploy */
  readonly goal?: 'destroyed';
  /** Whether it makes resources. @default it makes none */
  readonly makes?: true;
}

const commands: readonly Command[] = [
  { name: 'plan', world: 'applied before', args: () => ['plan', unit, '--tree', live, '--out', `${bundle}-plan`] },
  { name: 'apply', world: 'applied before', args: () => ['apply', bundle], leaves: ['fresh', 'kept'], makes: true },
  {
    name: 'deploy',
    world: 'applied before',
    args: () => ['deploy', unit, '--auto-approve', '--tree', live],
    leaves: ['fresh', 'kept'],
    makes: true,
  },
  { name: 'apply of a destroy', world: 'applied before', args: () => ['apply', destroying], leaves: [], goal: 'destroyed' },
  {
    name: 'state import',
    world: 'one unknown',
    args: () => ['state', 'import', unit, 'aws_eip.fresh', idOf('fresh'), '--tree', live],
    leaves: ['fresh', 'kept'],
  },
];

function idOf(name: string): string {
  return [...world.resources('aws_eip')].find(([, one]) => one === name)?.[0] ?? '';
}

/** Ids of the addresses in the state, and in states that are kept. */
async function known(): Promise<readonly string[]> {
  const texts = [await world.object(key), ...keptIn(world.project.root)];
  return texts.flatMap((text) =>
    (JSON.parse(text || '{}').resources ?? []).flatMap(
      (one: { readonly type: string; readonly instances: readonly { readonly attributes: { readonly id: string } }[] }) =>
        one.type === 'aws_eip' ? one.instances.map(({ attributes }) => attributes.id) : [],
    ),
  );
}

/** Names of what exists, with a star where the state holds it, and what else is not as it is after a success. */
async function standing(): Promise<readonly string[]> {
  const ids = await known();
  const state = await world.object(key);
  const items = await world.items();
  const digest = items.find((item) => item['Digest'] !== undefined)?.['Digest']?.S;
  return [
    ...[...world.resources('aws_eip')].map(([id, name]) => (ids.includes(id) ? name : `${name} in no state`)).toSorted(),
    ...items.flatMap((item) => (item['Digest'] === undefined ? ['a lock'] : [])),
    ...(state === undefined || digest === digestOf(state) ? [] : ['another digest']),
    ...keptIn(world.project.root).map(() => 'a kept state'),
  ];
}

/** Resources that exist, stand in no state, and are named by nobody. */
async function lost(): Promise<readonly string[]> {
  const ids = await known();
  const record = JSON.parse((await world.object(key.replace('terraform.tfstate', 'applied.json'))) ?? '{}');
  const named = new Set((record.unfinished ?? []).map(({ address }: { readonly address: string }) => address.split('.')[1]));
  return [...world.resources('aws_eip')].flatMap(([id, name]) => (ids.includes(id) || named.has(name) ? [] : [`${name} is lost`]));
}

/** Does what a message says, word by word, wherever it names a command. */
async function follow(outcome: Outcome): Promise<void> {
  const text = words(outcome);
  for (const [, id = ''] of text.matchAll(/terrace lock release \S+ --id ([\w-]+)/g))
    await world.cli('lock', 'release', unit, '--id', id, '--yes', '--force', '--tree', live);
  if (/terrace state recover \S+(?!\S| --file)/.test(text)) await world.cli('state', 'recover', unit, '--tree', live);
  if (/terrace state digest/.test(text)) await world.cli('state', 'digest', unit, '--tree', live);
  for (const [, address = '', id = ''] of text.matchAll(/terrace state import \S+ '([^']+)' (?:ID|'([^']+)')/g)) {
    const found = id === '' ? idOf(address.split('.')[1] ?? '') : id;
    if (found === '') await world.cli('state', 'absent', unit, address, '--tree', live);
    else await world.cli('state', 'import', unit, address, found, '--tree', live);
  }
}

interface Struck {
  readonly code: number;
  readonly wrong: readonly string[];
}

/** What brings the world to the end that a command is for, however often its messages have to be followed; what is not right then. */
async function goesOn(command: Command, first: Outcome): Promise<readonly string[]> {
  const goal = ['deploy', unit, '--auto-approve', '--tree', live, ...(command.goal === 'destroyed' ? ['--destroy'] : [])];
  const end = command.goal === 'destroyed' ? [] : ['fresh', 'kept'];
  const said: string[] = [];
  let last = first;
  for (let tries = 0; tries < 5; tries += 1) {
    await follow(last);
    last = await world.cli(...goal);
    said.push(words(last).slice(-300));
    if (last.code === 0) break;
  }
  const stands = await standing();
  return last.code === 0 && String(stands) === String(end) ? [] : [`does not go on: ${String(stands)}`, words(first).slice(-400), ...said];
}

/** One run with a fault at one of its requests, then what its messages say, until the goal is reached. */
async function struck(command: Command, service: FaultyService, skip: number, kind: ServiceFaultKind): Promise<Struck> {
  await world.restore(worlds[command.world]);
  const args = await command.args();
  world.faults.add({ service, operation: 'any', kind, status: 500, milliseconds: 50, skip, times: 1 });
  const outcome = await world.cli(...args);
  world.faults.remove();
  const wrong: string[] = [];
  const text = words(outcome);
  const stands = String(await standing());
  if (outcome.code === 0 && stands !== String(command.leaves ?? ['gone', 'kept'])) wrong.push(`untrue 0: ${stands}`);
  if (outcome.code !== 0 && (!/E\d{4}/.test(text) || text.includes('E0009') || ![1, 3, 4].includes(outcome.code)))
    wrong.push(`ended with ${outcome.code}: ${text.slice(-400)}`);
  wrong.push(...(await lost()), ...(await goesOn(command, outcome)));
  return { code: outcome.code, wrong };
}

/** Requests of a run in which nothing goes wrong, by their service. */
async function requestsOf(command: Command): Promise<readonly FaultyService[]> {
  await world.restore(worlds[command.world]);
  const logged = world.requests().length;
  expect((await world.cli(...(await command.args()))).code).toBe(0);
  return world
    .requests()
    .slice(logged)
    .flatMap(({ service }) => faultyServices.filter((one) => one === service));
}

/** What is wrong, said at once where the whole table takes an hour. */
function found<T>(wrong: T): T {
  if (full) process.stdout.write(`${JSON.stringify(wrong)}\n`);
  return wrong;
}

/** Every how many of the requests and kinds are tried in a run that is not full, of the one command that changes most. */
const slice = 67;
const chosen = full ? commands : commands.filter(({ name }) => name === 'apply');

test.each(chosen.map((command) => [command.name, command] as const))(
  '%s goes through every fault at every request: nothing is lost or made twice, a success is one, and the messages lead on',
  async (_, command) => {
    const services = await requestsOf(command);
    expect(services.length).toBeGreaterThan(3);
    const cells = services.flatMap((service, index) =>
      serviceFaultKinds.map((kind) => ({ index, service, kind, skip: services.slice(0, index).filter((one) => one === service).length })),
    );
    const tried = full ? cells : cells.filter((_one, index) => index % slice === slice - 1);
    const outcomes: Record<number, number> = {};
    const wrong: unknown[] = [];
    for (const { index, service, kind, skip } of tried) {
      const result = await struck(command, service, skip, kind);
      outcomes[result.code] = (outcomes[result.code] ?? 0) + 1;
      if (result.wrong.length > 0) wrong.push(found({ index, service, kind, ...result }));
    }
    if (full)
      process.stdout.write(
        `${command.name}: ${services.length} requests, ${tried.length} faults, ended with ${JSON.stringify(outcomes)}\n`,
      );
    expect(wrong).toEqual([]);
  },
  7_200_000,
);

/** What Terrace is killed at: a request, or the creation of a resource. */
type Moment = { readonly service: FaultyService; readonly skip: number } | { readonly creation: true; readonly withTerraform: boolean };

/** Kills a command with -9 at a moment, waits until its terraform has ended, and follows what is said then. */
async function killed(command: Command, moment: Moment): Promise<readonly string[]> {
  await world.restore(worlds[command.world]);
  const args = await command.args();
  const slow = { kind: 'delay', milliseconds: 1500, times: 1 } as const;
  const resources = world.resourceFaults;
  if ('creation' in moment) resources.add({ ...slow, type: 'aws_eip', operation: 'create', message: '' });
  else world.faults.add({ ...slow, service: moment.service, operation: 'any', status: 500, skip: moment.skip });
  let child: ChildProcess | undefined;
  const program = { isOver: false };
  const ended = run(process.execPath, [path.join(world.project.root, 'terrace/bin/terrace.js'), ...args], {
    cwd: world.project.root,
    env: { ...world.project.env, AWS_MAX_ATTEMPTS: '1' },
    started: (one) => (child = one),
  }).finally(() => (program.isOver = true));
  while (!program.isOver && world.faults.list().length + resources.list().length > 0) await wait(20);
  const work = path.join(world.project.root, '.terrace');
  if ('creation' in moment && moment.withTerraform) for (const { pid } of livingTerraforms(work)) process.kill(pid, 'SIGKILL');
  child?.kill('SIGKILL');
  await ended;
  while (livingTerraforms(work).length > 0) await wait(50);
  if ('creation' in moment) await wait(slow.milliseconds);
  world.faults.remove();
  resources.remove();
  const status = await world.cli('status', unit, '--tree', live);
  return [...(await lost()), ...(await goesOn(command, status))];
}

if (full)
  test.each(commands.map((command) => [command.name, command] as const))(
    '%s is killed at every request, and inside every creation, alone and with its terraform: nothing is lost or made twice, and the next run goes on',
    async (_, command) => {
      const services = await requestsOf(command);
      const moments: readonly Moment[] = [
        ...services.map((service, index) => ({ service, skip: services.slice(0, index).filter((one) => one === service).length })),
        ...(command.makes === true ? [false, true].map((withTerraform) => ({ creation: true as const, withTerraform })) : []),
      ];
      const wrong: unknown[] = [];
      for (const moment of moments) {
        const left = await killed(command, moment);
        if (left.length > 0) wrong.push(found({ moment, left }));
      }
      process.stdout.write(`${command.name}: killed ${moments.length} times\n`);
      expect(wrong).toEqual([]);
    },
    7_200_000,
  );
