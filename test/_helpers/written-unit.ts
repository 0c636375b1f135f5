import { digestOf } from '../../terrace/state/state-file';
import { faultWorld, keptIn, type FaultWorld, type Snapshot } from './fault-world';
import { awsBlocks } from './lab-project';
import { succeeded, words, type Outcome } from './scratch-project';

/** Elastic IPs: two of one name may exist, so that what is made twice is seen. */
const addresses = (tags: { readonly [name: string]: string }) =>
  awsBlocks({
    aws_eip: Object.fromEntries(Object.entries(tags).map(([name, note]) => [name, { domain: 'vpc', tags: { Name: name, note } }])),
  });
const before = { 'w/a': { json: addresses({ kept: 'one', gone: 'one' }), outputs: { v: '${aws_eip.kept.id}' } } };
const after = { 'w/a': { json: addresses({ kept: 'two', fresh: 'two' }), outputs: { v: '${aws_eip.kept.id}' } } };
const key = 'dev/eu-central-1/w/a/terraform.tfstate';
const recordKey = key.replace('terraform.tfstate', 'applied.json');

/** What stands where a command begins. */
const worldNames = ['applied before', 'applied', 'one unknown', 'one absent'] as const;

/** A command with the world that it works in, and what stands there when it has done what it was asked for. */
export interface WritingCommand {
  readonly name: string;
  readonly world: (typeof worldNames)[number];
  readonly args: () => readonly string[];
  /** Names of what exists once it is done. @default those from before */
  readonly leaves?: readonly string[];
  /** What brings the world to the same end after it failed. @default a deploy */
  readonly goal?: 'destroyed';
  /** Whether it makes resources. @default it makes none */
  readonly makes?: true;
}

/** One unit whose addresses come and go, the commands that write it, and what must be true of it however these end. */
export interface WrittenUnit {
  readonly world: FaultWorld;
  readonly unit: string;
  readonly live: string;
  readonly commands: readonly WritingCommand[];
  /** Puts the world to where a command begins. */
  begin(command: WritingCommand): Promise<void>;
  /** What is not right after a command ended in this way, before and after what it says was followed to the goal. */
  judge(command: WritingCommand, outcome: Outcome): Promise<readonly string[]>;
  /** What is not right after it was killed, by what `status` says, followed to the goal. */
  judgeKilled(command: WritingCommand): Promise<readonly string[]>;
  dispose(): Promise<void>;
}

export async function writtenUnit(): Promise<WrittenUnit> {
  const world = await faultWorld(before);
  const unit = world.project.path('w/a');
  const live = `${world.project.root}/live`;
  const bundle = `${world.project.root}/.terrace/struck`;
  const destroying = `${bundle}-destroy`;
  const deploy = ['deploy', unit, '--auto-approve', '--tree', live];
  succeeded(await world.project.run('synth'));
  succeeded(await world.cli(...deploy));
  const appliedBefore = await world.snapshot();
  world.project.commit(after, 'after');
  succeeded(await world.project.run('synth'));
  succeeded(await world.cli('plan', unit, '--tree', live, '--out', bundle));
  succeeded(await world.cli('approve', bundle));
  succeeded(await world.cli('plan', unit, '--tree', live, '--destroy', '--out', destroying));
  succeeded(await world.cli('approve', destroying));
  succeeded(await world.cli('apply', bundle));
  const applied = await world.snapshot();
  const freshId = [...world.resources('aws_eip')].find(([, name]) => name === 'fresh')?.[0] ?? '';
  world.forget('aws_eip', freshId);
  const absent = await world.snapshot();
  const worlds: Record<(typeof worldNames)[number], Snapshot> = {
    'applied before': appliedBefore,
    applied,
    'one unknown': withoutFresh(applied),
    'one absent': withoutFresh(absent),
  };

  const commands: readonly WritingCommand[] = [
    { name: 'plan', world: 'applied before', args: () => ['plan', unit, '--tree', live, '--out', `${bundle}-plan`] },
    { name: 'approve', world: 'applied before', args: () => ['approve', bundle] },
    { name: 'apply', world: 'applied before', args: () => ['apply', bundle], leaves: ['fresh', 'kept'], makes: true },
    { name: 'deploy', world: 'applied before', args: () => deploy, leaves: ['fresh', 'kept'], makes: true },
    { name: 'apply of a destroy', world: 'applied before', args: () => ['apply', destroying], leaves: [], goal: 'destroyed' },
    { name: 'deploy --destroy', world: 'applied', args: () => [...deploy, '--destroy'], leaves: [], goal: 'destroyed' },
    {
      name: 'state import',
      world: 'one unknown',
      args: () => ['state', 'import', unit, 'aws_eip.fresh', freshId, '--tree', live],
      leaves: ['fresh', 'kept'],
    },
    {
      name: 'state absent',
      world: 'one absent',
      args: () => ['state', 'absent', unit, 'aws_eip.fresh', '--tree', live],
    },
  ];

  const object = async (name: string): Promise<Record<string, unknown>> => JSON.parse((await world.object(name)) ?? '{}');
  const idOf = (name: string): string => [...world.resources('aws_eip')].find(([, one]) => one === name)?.[0] ?? '';

  /** Ids of the addresses in the state, and in states that are kept. */
  const known = async (): Promise<readonly string[]> =>
    [await world.object(key), ...keptIn(world.project.root)].flatMap((text) =>
      (JSON.parse(text || '{}').resources ?? []).flatMap(
        (one: { readonly type: string; readonly instances: readonly { readonly attributes: { readonly id: string } }[] }) =>
          one.type === 'aws_eip' ? one.instances.map(({ attributes }) => attributes.id) : [],
      ),
    );

  /** Names of what exists, those that no state holds marked, and what else is not as it is after a success. */
  const standing = async (): Promise<readonly string[]> => {
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
  };

  const unfinished = async (): Promise<readonly string[]> => {
    const { unfinished: named } = await object(recordKey);
    return Array.isArray(named) ? named.map(({ address }: { readonly address: string }) => address) : [];
  };

  /** Resources that exist, stand in no state, and are named by nobody. */
  const lost = async (): Promise<readonly string[]> => {
    const ids = await known();
    const named = new Set([...(await unfinished()), ...world.notes()].map((address) => address.split('.')[1]));
    return [...world.resources('aws_eip')].flatMap(([id, name]) => (ids.includes(id) || named.has(name) ? [] : [`${name} is lost`]));
  };

  /** Runs a command that a message names, and first what that one's own message names where it is refused. */
  const named = async (...args: readonly string[]): Promise<void> => {
    const outcome = await world.cli(...args, '--tree', live);
    if (outcome.code === 0) return;
    await followTools(words(outcome));
    await world.cli(...args, '--tree', live);
  };

  /** Releases the lock and records the digest that a message names. */
  const followTools = async (text: string): Promise<void> => {
    for (const [, id = ''] of text.matchAll(/terrace lock release \S+ --id ([\w-]+)/g))
      await world.cli('lock', 'release', unit, '--id', id, '--yes', '--force', '--tree', live);
    if (/terrace state digest/.test(text)) await world.cli('state', 'digest', unit, '--tree', live);
  };

  /** Does what a message says, word by word, wherever it names a command. */
  const follow = async (outcome: Outcome): Promise<void> => {
    const text = words(outcome);
    await followTools(text);
    if (/terrace state recover \S+(?!\S| --file)/.test(text)) await world.cli('state', 'recover', unit, '--tree', live);
    for (const [, address = '', id = ''] of text.matchAll(/terrace state import \S+ '([^']+)' (?:ID|'([^']+)')/g)) {
      const found = id === '' ? idOf(address.split('.')[1] ?? '') : id;
      if (found === '') await named('state', 'absent', unit, address);
      else await named('state', 'import', unit, address, found);
    }
  };

  /** What brings the world to the end that a command is for, however often its messages have to be followed; what is not right then. */
  const goesOn = async (command: WritingCommand, first: Outcome): Promise<readonly string[]> => {
    const goal = command.goal === 'destroyed' ? [...deploy, '--destroy'] : deploy;
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
    return last.code === 0 && String(stands) === String(end)
      ? []
      : [`does not go on: ${String(stands)}`, words(first).slice(-400), ...said];
  };

  /** All that how it goes on depends on, without the ids and times by which two runs differ: what was tried from there is not tried again. */
  const situation = async (command: WritingCommand, outcome: Outcome): Promise<string> => {
    const state = await object(key);
    const record = await object(recordKey);
    const state0 = isObject(record['state']) ? record['state'] : {};
    const named = words(outcome).match(/terrace (?:lock release|state \w+) [^;:]*/g) ?? [];
    return JSON.stringify([
      command.goal ?? 'deployed',
      await standing(),
      [state['serial'] ?? null, record['status'] ?? null, state0['serial'] ?? null, typeof state0['lineage']],
      [record['commit'] ?? null, record['files'] ?? null, await unfinished(), world.notes()],
      named.map((one) => one.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|eipalloc-\w+/g, 'ID')),
    ]);
  };
  const tried = new Map<string, readonly string[]>();
  const onward = async (command: WritingCommand, outcome: Outcome): Promise<readonly string[]> => {
    const from = await situation(command, outcome);
    const result = tried.get(from) ?? (await goesOn(command, outcome));
    tried.set(from, result);
    return result;
  };

  return {
    world,
    unit,
    live,
    commands,
    begin: ({ world: name }) => world.restore(worlds[name]),
    judge: async (command, outcome) => {
      const text = words(outcome);
      const stands = String(await standing());
      const wrong: string[] = [];
      if (outcome.code === 0 && stands !== String(command.leaves ?? leftAlone[command.world])) wrong.push(`untrue 0: ${stands}`);
      if (outcome.code !== 0 && (!/E\d{4}/.test(text) || /E0009|E0018/.test(text) || ![1, 3, 4].includes(outcome.code)))
        wrong.push(`ended with ${outcome.code}: ${text.slice(-400)}`);
      return [...wrong, ...(await lost()), ...(await onward(command, outcome))];
    },
    judgeKilled: async (command) => {
      const status = await world.cli('status', unit, '--tree', live);
      return [...(await lost()), ...(await onward(command, status))];
    },
    dispose: () => world.dispose(),
  };
}

/** What exists where a command leaves alone what it finds. */
const leftAlone = {
  'applied before': ['gone', 'kept'],
  applied: ['fresh', 'kept'],
  'one unknown': ['fresh in no state', 'kept'],
  'one absent': ['kept'],
} as const;

/** The world after an apply that died inside the creation of `fresh`, whose outcome nobody knows. */
function withoutFresh({ objects, items, cloud }: Snapshot): Snapshot {
  const state = JSON.parse(objects.get(key) ?? '{}');
  const text = JSON.stringify({ ...state, resources: state.resources.filter((one: { readonly name: string }) => one.name !== 'fresh') });
  const record = { ...JSON.parse(objects.get(recordKey) ?? '{}'), status: 'failed', unfinished: [{ address: 'aws_eip.fresh' }] };
  return {
    cloud,
    objects: new Map([...objects, [key, text], [recordKey, JSON.stringify(record)]]),
    items: items.map((item) => (item['Digest'] === undefined ? item : { ...item, Digest: { S: digestOf(text) } })),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
