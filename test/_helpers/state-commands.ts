import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';

import { s3Client } from '../../terrace/aws/clients';
import { lockInfoJson, newLockInfo } from '../../terrace/state/lock/lock-info';
import { digestOf } from '../../terrace/state/state-file';
import { faultWorld, keptIn, type FaultWorld, type Snapshot } from './fault-world';
import { awsBlocks } from './lab-project';
import type { LabUnits } from './lab-types';
import { succeeded, words, type Outcome } from './scratch-project';
import { shopAccount } from './shop-tree';

const bucket = `terraform-state-${shopAccount}-eu-central-1`;
const keyOf = (id: string): string => `dev/eu-central-1/${id}/terraform.tfstate`;
/** Two units of the source, and a place that it does not have. */
const places = ['s/a', 's/b', 's/z'] as const;
const units = (note: string): LabUnits => ({
  's/a': {
    json: awsBlocks({
      aws_eip: {
        kept: { domain: 'vpc', tags: { Name: 'kept', note } },
        other: { domain: 'vpc', tags: { Name: 'other' } },
      },
    }),
    outputs: {},
  },
  's/b': { json: awsBlocks({ aws_eip: { third: { domain: 'vpc', tags: { Name: 'third' } } } }), outputs: {} },
});
const lockId = '11111111-2222-4333-8444-555555555555';

/** A command that writes states or locks, with what it finds. */
export interface StateCommand {
  readonly name: string;
  readonly args: readonly string[];
  /** What stands there beside what was applied. @default nothing */
  readonly prepare?: () => Promise<void>;
  /** Code that the run after a successful one ends with, since there is nothing left to do. @default it ends with 0 */
  readonly already?: string;
}

/** Units that were applied twice, the commands that write their states by hand, and what must be true of them however these end. */
export interface StateCommands {
  readonly world: FaultWorld;
  readonly commands: readonly StateCommand[];
  begin(command: StateCommand): Promise<void>;
  /** What is not right after a command ended in this way; `undefined` for one that was killed. Follows what is said until it is done. */
  judge(command: StateCommand, outcome: Outcome | undefined): Promise<readonly string[]>;
  dispose(): Promise<void>;
}

export async function stateCommands(): Promise<StateCommands> {
  const world = await faultWorld(units('one'));
  const { project } = world;
  const live = `${project.root}/live`;
  const [a, b, z] = places.map((id) => project.path(id)) as [string, string, string];
  succeeded(await project.run('synth'));
  succeeded(await world.cli('deploy', 'lab', '--auto-approve', '--tree', live));
  const first = await newestVersion(project.env);
  project.commit(units('two'), 'two');
  succeeded(await project.run('synth'));
  succeeded(await world.cli('deploy', 'lab', '--auto-approve', '--tree', live));
  const applied = await world.snapshot();
  const ids = [...world.resources('aws_eip').keys()].toSorted();

  const commands: readonly StateCommand[] = [
    { name: 'state move', args: ['state', 'move', a, z] },
    { name: 'state move of a resource', args: ['state', 'move', a, b, 'aws_eip.other'] },
    {
      name: 'state recover',
      args: ['state', 'recover', a],
      prepare: async () => {
        const folder = path.join(project.root, '.terrace', 'errored', a);
        mkdirSync(folder, { recursive: true });
        writeFileSync(path.join(folder, 'errored.tfstate'), laterThan(applied));
      },
      already: 'E4518',
    },
    { name: 'state restore', args: ['state', 'restore', a, '--version', first] },
    {
      name: 'state digest',
      args: ['state', 'digest', a],
      prepare: () => world.restore({ ...applied, items: applied.items.map((item) => ({ ...item, Digest: { S: '0'.repeat(32) } })) }),
    },
    {
      name: 'lock release',
      args: ['lock', 'release', a, '--id', lockId, '--yes', '--force'],
      prepare: () => world.restore({ ...applied, items: [...applied.items, lockItem()] }),
      already: 'E4403',
    },
  ];

  const run = ({ args }: StateCommand): Promise<Outcome> => world.cli(...args, '--tree', live);

  /** What stands at each place, without serials. */
  const standing = async (): Promise<string> => {
    const items = await world.items();
    const at = await Promise.all(
      places.map(async (id) => {
        const [text, record] = [await world.object(keyOf(id)), await world.object(keyOf(id).replace('terraform.tfstate', 'applied.json'))];
        const digest = items.find((item) => item['LockID']?.S === `${bucket}/${keyOf(id)}-md5`)?.['Digest']?.S;
        const names = (JSON.parse(text ?? '{}').resources ?? []).map((one: { readonly name: string }) => one.name);
        return [id, names, record === undefined ? '-' : JSON.parse(record).status, digest === (text && digestOf(text))];
      }),
    );
    const locks = items.filter((item) => item['Digest'] === undefined).length;
    return JSON.stringify([at, locks, keptIn(project.root).length]);
  };
  /** Addresses that stand in no state, current or kept. */
  const lost = async (): Promise<readonly string[]> => {
    const texts = [...(await Promise.all(places.map((id) => world.object(keyOf(id))))), ...keptIn(project.root)].join('\n');
    return ids.filter((id) => !texts.includes(id)).map((id) => `${id} is in no state`);
  };
  const begin = async ({ prepare }: StateCommand): Promise<void> => {
    await world.restore(applied);
    await prepare?.();
  };
  const expected = new Map<string, string>();
  const endOf = async (command: StateCommand): Promise<string> => {
    const known = expected.get(command.name);
    if (known !== undefined) return known;
    throw new Error(`${command.name} was not tried without a fault`);
  };
  for (const command of commands) {
    await begin(command);
    succeeded(await run(command));
    expected.set(command.name, await standing());
  }

  /** Does what a message says where it names a command. */
  const follow = async (text: string): Promise<void> => {
    for (const [, unit = '', id = ''] of text.matchAll(/terrace lock release (\S+) --id ([\w-]+)/g))
      await world.cli('lock', 'release', unit, '--id', id, '--yes', '--force', '--tree', live);
    for (const [, unit = ''] of text.matchAll(/terrace state digest ([^\s;,]+)/g)) await world.cli('state', 'digest', unit, '--tree', live);
  };

  return {
    world,
    commands,
    begin,
    judge: async (command, outcome) => {
      const end = await endOf(command);
      const wrong = [...(await lost())];
      const isDone = (one: Outcome): boolean => one.code === 0 || (command.already !== undefined && words(one).includes(command.already));
      if (outcome?.code === 0 && (await standing()) !== end) wrong.push(`untrue 0: ${await standing()}`);
      if (outcome !== undefined && outcome.code !== 0) {
        const text = words(outcome);
        if (!/E\d{4}/.test(text) || /E0009|E0018/.test(text) || ![1, 3, 4].includes(outcome.code))
          wrong.push(`ended with ${outcome.code}: ${text.slice(-400)}`);
      }
      const said = outcome === undefined ? [] : [words(outcome).slice(-300)];
      let last = outcome;
      for (let tries = 0; tries < 4 && (last === undefined || !isDone(last) || tries === 0); tries += 1) {
        await follow(last === undefined ? '' : words(last));
        last = await run(command);
        said.push(words(last).slice(-300));
      }
      if (last === undefined || !isDone(last) || (await standing()) !== end) wrong.push(`does not go on: ${await standing()}`, ...said);
      return [...wrong, ...(await lost())];
    },
    dispose: () => world.dispose(),
  };
}

/** Version of the state of the first unit as it is now. */
async function newestVersion(env: NodeJS.ProcessEnv): Promise<string> {
  const s3 = await s3Client('eu-central-1', env);
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: keyOf('s/a') }));
  s3.destroy();
  return Versions.find((one) => one.IsLatest === true)?.VersionId ?? '';
}

/** The state of the first unit as terraform would have written it next. */
function laterThan({ objects }: Snapshot): string {
  const state = JSON.parse(objects.get(keyOf('s/a')) ?? '{}');
  return JSON.stringify({ ...state, serial: state.serial + 1 });
}

function lockItem(): Snapshot['items'][number] {
  const info = newLockInfo({
    operation: 'terrace apply',
    path: `${bucket}/${keyOf('s/a')}`,
    now: new Date('2026-01-01T00:00:00Z'),
  });
  return {
    LockID: { S: `${bucket}/${keyOf('s/a')}` },
    Info: { S: lockInfoJson({ ...info, id: lockId, who: 'runner@elsewhere' }) },
  };
}
