import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { CopyObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect } from '@jest/globals';

import { s3Client } from '../../../terrace/aws/clients';
import { handOverKept } from '../../../terrace/delivery/apply/hand-over-kept';
import { newAgeKey } from '../../../terrace/delivery/bundle/age';
import { lockInfoJson, newLockInfo } from '../../../terrace/state/lock/lock-info';
import { inOrder } from '../../_helpers/in-order';
import { faultWorld, type FaultWorld, type Snapshot } from '../../_helpers/fault-world';
import { awsBlocks, labOf } from '../../_helpers/lab-project';
import { recoveryBlocks } from '../../_helpers/recovery-page';
import { run, succeeded } from '../../_helpers/scratch-project';
import { shopAccount } from '../../_helpers/shop-tree';
import { full } from '../../_helpers/where-available';

const test = inOrder();

const bucket = `terraform-state-${shopAccount}-eu-central-1`;
const key = 'dev/eu-central-1/network/vpc/terraform.tfstate';
const recordKey = key.replace('terraform.tfstate', 'applied.json');
const addresses = (names: readonly string[]) => ({
  'network/vpc': {
    json: awsBlocks({ aws_eip: Object.fromEntries(names.map((name) => [name, { domain: 'vpc', tags: { Name: name } }])) }),
    outputs: { v: '${aws_eip.kept.id}' },
  },
});

let world: FaultWorld;
let [unit, live, errored] = ['', '', ''];
/** Before and after a change that makes `fresh`. */
let [before, after]: readonly Snapshot[] = [];
let base = '';

beforeAll(async () => {
  world = await faultWorld(addresses(['kept']));
  const { project } = world;
  unit = project.path('network/vpc');
  live = `${project.root}/live`;
  errored = path.join(project.root, '.terrace', 'errored', unit);
  base = project.git('rev-parse', 'HEAD');
  succeeded(await project.run('synth'));
  succeeded(await world.cli('deploy', unit, '--auto-approve', '--tree', live));
  before = await world.snapshot();
  project.commit(addresses(['kept', 'fresh']), 'make fresh');
  succeeded(await project.run('synth'));
  succeeded(await world.cli('deploy', unit, '--auto-approve', '--tree', live));
  after = await world.snapshot();
}, 600_000);
afterAll(() => world.dispose());

/** The world after the change, with some of its objects and items replaced. */
async function broken(change: { readonly objects?: Readonly<Record<string, string>>; readonly items?: Snapshot['items'] }): Promise<void> {
  const { objects, items, cloud } = whole(after);
  await world.restore({ cloud, objects: new Map([...objects, ...Object.entries(change.objects ?? {})]), items: change.items ?? items });
}

function whole(snapshot: Snapshot | undefined): Snapshot {
  if (snapshot === undefined) throw new Error('the world is not ready');
  return snapshot;
}

const textOf = (snapshot: Snapshot | undefined, name: string): string => whole(snapshot).objects.get(name) ?? '';
const record = (change: object): string => JSON.stringify({ ...JSON.parse(textOf(after, recordKey)), ...change });

/** Puts back what was before the change, with what the change made and could not say. */
async function notUploaded(): Promise<void> {
  const { cloud } = whole(after);
  await world.restore({ ...whole(before), cloud });
}

function keep(): void {
  mkdirSync(errored, { recursive: true });
  writeFileSync(path.join(errored, 'errored.tfstate'), textOf(after, key));
}

/** A block of commands by its heading and number, with how the world is broken and what stands for names of the page. */
interface Procedure {
  readonly heading: string;
  readonly block?: number;
  prepare(): Promise<Readonly<Record<string, string>> | void>;
  /** Exit codes in the order of the commands. @default all 0 */
  readonly codes?: readonly number[];
  /** Whether a plan that is made at the end changes nothing. @default it does */
  readonly changes?: boolean;
  /** True where another commit has to be synthesized first: only in the full run. */
  readonly isLong?: true;
}

const lockId = '11111111-2222-4333-8444-555555555555';
const lockItem = (name: string): Snapshot['items'][number] => ({
  LockID: { S: `${bucket}/${name}` },
  Info: {
    S: lockInfoJson({
      ...newLockInfo({ operation: 'terrace apply', path: `${bucket}/${name}`, now: new Date('2026-01-01T00:00:00Z') }),
      id: lockId,
      who: 'runner@elsewhere',
    }),
  },
});

const procedures: readonly Procedure[] = [
  {
    heading: 'A state that terraform could not upload',
    codes: [3, 0, 0],
    prepare: async () => {
      await notUploaded();
      keep();
    },
  },
  {
    heading: 'A state that terraform could not upload',
    block: 1,
    prepare: async () => {
      await notUploaded();
      keep();
      const { identity, recipient } = await newAgeKey();
      const handed = await handOverKept(path.join(world.project.root, '.terrace'), [unit], path.join(world.project.root, 'handed'), () => [
        recipient,
      ]);
      writeFileSync(path.join(world.project.root, 'ops.age.key'), identity);
      await notUploaded();
      return {
        'lab-dev-eu-central-1-network-vpc.tfstate.age': handed[0]?.file ?? '',
        'ops.age.key': path.join(world.project.root, 'ops.age.key'),
      };
    },
  },
  {
    heading: 'A terraform that died inside a create',
    codes: [3, 0, 0, 0],
    prepare: async () => {
      const unfinished = [{ address: 'aws_eip.fresh' }, { address: 'aws_eip.other' }];
      await notUploaded();
      const { cloud } = whole(after);
      const objects = new Map([
        ...whole(before).objects,
        [recordKey, JSON.stringify({ ...JSON.parse(textOf(before, recordKey)), status: 'failed', unfinished })],
      ]);
      await world.restore({ ...whole(before), cloud, objects });
      const id = [...world.resources('aws_eip')].find(([, name]) => name === 'fresh')?.[0] ?? '';
      return { 'aws_vpc.vpc': 'aws_eip.fresh', 'vpc-0123456789abcdef0': id, 'aws_subnet.a': 'aws_eip.other' };
    },
  },
  {
    heading: 'A Terrace that was killed',
    prepare: async () => {
      await broken({ objects: { [recordKey]: record({ status: 'applying' }) }, items: [...whole(after).items, lockItem(key)] });
      return { ID: lockId };
    },
  },
  {
    heading: 'A state that is gone, older or a different one',
    prepare: async () => {
      const { objects, ...rest } = whole(after);
      await world.restore({ ...rest, objects: new Map([...objects].filter(([name]) => name !== key)), items: [] });
      return { V: await versionOf(key) };
    },
  },
  {
    heading: 'A state that is gone, older or a different one',
    block: 1,
    changes: true,
    prepare: async () => {
      const { objects, ...rest } = whole(after);
      await world.restore({ ...rest, objects: new Map([...objects].filter(([name]) => name !== key)), items: [] });
    },
  },
  {
    heading: 'A digest that does not match',
    prepare: () => broken({ items: whole(after).items.map((item) => ({ ...item, Digest: { S: 'd41d8cd98f00b204e9800998ecf8427e' } })) }),
  },
  {
    heading: 'A record that cannot be read',
    prepare: async () => {
      await broken({});
      const V = await versionOf(recordKey);
      await broken({ objects: { [recordKey]: '{"half' } });
      return { V, BUCKET: bucket };
    },
  },
  {
    heading: 'A branch that is behind',
    block: 1,
    isLong: true,
    prepare: async () => {
      await broken({});
      world.project.git('checkout', '--quiet', '-B', 'behind', base);
      succeeded(await world.project.run('synth'));
    },
  },
  { heading: 'A branch that is behind', isLong: true, prepare: () => broken({}) },
  {
    heading: 'A state that is somewhere else',
    isLong: true,
    prepare: async () => {
      const COMMIT = world.project.git('rev-parse', 'main');
      world.project.commit(labOf(addresses(['kept', 'fresh']), { keyPrefix: 'moved/' }), 'another prefix');
      succeeded(await world.project.run('synth'));
      await broken({});
      return { COMMIT };
    },
  },
  { heading: 'A shell that could not enter the sandbox', prepare: async () => undefined },
];

/** The newest version of an object that is none of the deletions. */
async function versionOf(name: string): Promise<string> {
  const s3 = await s3Client('eu-central-1', world.project.env);
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: name }));
  s3.destroy();
  return Versions.find((one) => one.Key === name)?.VersionId ?? '';
}

const blocks = recoveryBlocks();

interface Ran {
  readonly code: number;
  readonly actions?: unknown;
}

/** Runs one line of the page; gives its exit code, and what a plan is to do with the unit. */
async function line(text: string, names: Readonly<Record<string, string>>): Promise<Ran> {
  const [command = ''] = text.split(/ +# /);
  const words = command
    .trim()
    .replaceAll('olechka', 'lab')
    .split(' ')
    .map((word) => names[word] ?? word.replace(/(?<==)V$/, names['V'] ?? 'V').replace(/^BUCKET(?=\/)/, bucket));
  const [program, ...args] = words;
  const valued = (flag: string): string => args[args.indexOf(flag) + 1] ?? '';
  if (program === 'terrace') {
    const out = args.map((word) => (word === 'next' ? path.join(world.project.root, '.terrace', 'next') : word));
    if (args[0] !== 'plan') return { code: (await world.cli(...out, '--tree', live)).code };
    const { code, stdout } = await world.cli(...out, '--tree', live, '--json');
    return { code, actions: JSON.parse(stdout).units?.[0]?.actions };
  }
  if (program === 'git') {
    // What the synthesis has written since.
    world.project.git('checkout', '--quiet', '--', '.');
    world.project.git(...args, '--quiet');
    succeeded(await world.project.run('synth'));
    return { code: 0 };
  }
  if (program === 'aws') {
    const s3 = await s3Client('eu-central-1', world.project.env);
    if (args[1] === 'copy-object')
      await s3.send(new CopyObjectCommand({ Bucket: valued('--bucket'), Key: valued('--key'), CopySource: valued('--copy-source') }));
    else await s3.send(new ListObjectVersionsCommand({ Bucket: valued('--bucket'), Prefix: valued('--prefix') }));
    s3.destroy();
    return { code: 0 };
  }
  const terrace = `'${process.execPath}' '${path.join(world.project.root, 'node_modules/terrace/bin/terrace.js')}'`;
  const script = [
    'export AWS_ACCESS_KEY_ID=own',
    `eval "$(${terrace} sandbox env --dir /dev/null/sandbox 2> /dev/null)"`,
    'test "$AWS_ACCESS_KEY_ID" != own || exit 9',
    text.replace('npx --no terrace', terrace),
    'test "$AWS_ACCESS_KEY_ID" = own',
  ];
  return { code: (await run('bash', ['-c', script.join('\n')], { cwd: world.project.root, env: process.env })).code };
}

test.each(
  procedures
    .filter(({ isLong }) => full || isLong !== true)
    .map((procedure) => [procedure.heading, procedure.block ?? 0, procedure] as const),
)(
  '%s (block %i): each command of the page does what the page says',
  async (heading, block, procedure) => {
    const names = (await procedure.prepare()) ?? {};
    const lines = blocks.get(heading)?.[block] ?? [];
    expect(lines.length).toBeGreaterThan(0);
    const ran: Ran[] = [];
    for (const one of lines) ran.push(await line(one, names));
    expect(ran.map(({ code }) => code)).toEqual(procedure.codes ?? lines.map(() => 0));
    for (const { actions } of ran)
      if (actions !== undefined) expect(actions).toMatchObject({ create: procedure.changes === true ? 2 : 0, destroy: 0 });
  },
  600_000,
);

test('every procedure of the page is run here, or by the test of what it is about', () => {
  // test/e2e/spine/bootstrap.test.ts and test/e2e/trust/forgotten-reader.test.ts.
  const elsewhere = ['A bootstrap that was killed 0', 'A reader whose environment is gone 0'];
  const run = procedures.map(({ heading, block = 0 }) => `${heading} ${block}`);
  const all = [...blocks].flatMap(([heading, found]) => found.map((_, index) => `${heading} ${index}`));
  expect([...run, ...elsewhere].toSorted()).toEqual(all.toSorted());
});
