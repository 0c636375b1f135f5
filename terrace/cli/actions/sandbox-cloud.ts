import type { CommandContext } from '../command-context';
import { accountOfKey } from '../../sandbox/http/caller';
import { defaultAccount, synthesizedModel } from '../../sandbox/environment/synthesized';
import { layoutOf } from '../../sandbox/daemon/layout';
import { Cloud } from '../../sandbox/providers/cloud/cloud';
import type { CloudRecord } from '../../sandbox/providers/cloud/record';
import { standInsOf } from '../../sandbox/providers/engine/stand-ins';
import { EventLog } from '../../sandbox/providers/cloud/event-log';
import type { NewResource } from '../../sandbox/providers/tools/add-resource';
import { breakResource } from '../../sandbox/providers/tools/break-resource';
import { editedRecord, valueOf } from '../../sandbox/providers/tools/edit-resource';
import { allResources, findResource } from '../../sandbox/providers/tools/find-resource';
import { readResources } from '../../sandbox/providers/tools/load-file';
import { loadResources } from '../../sandbox/providers/tools/load-resources';
import { sandboxFolder, type FolderFlags } from './sandbox';

export interface ListFlags extends FolderFlags {
  readonly provider?: string;
  readonly type?: string;
  /** Only resources with made-up values. */
  readonly madeUp?: boolean;
  readonly json?: boolean;
}

const cloudOf = (context: CommandContext, flags: FolderFlags): Cloud => new Cloud(layoutOf(sandboxFolder(context, flags)).cloud);

/** `terrace sandbox cloud list` */
export function listCloud(context: CommandContext, flags: ListFlags): void {
  const found = allResources(cloudOf(context, flags)).filter(
    ({ record }) =>
      (flags.provider ?? record.provider) === record.provider &&
      (flags.type ?? record.type) === record.type &&
      (flags.madeUp !== true || standInsOf(record).length > 0),
  );
  if (flags.json === true) {
    process.stdout.write(
      `${JSON.stringify({ version: 1, resources: found.map(({ key, record }) => ({ key, ...record })) }, undefined, 2)}\n`,
    );
    return;
  }
  const width = Math.max(0, ...found.map(({ record }) => record.type.length));
  const madeUp = (record: CloudRecord): string => (flags.madeUp === true ? `: ${standInsOf(record).join(', ')}` : '');
  const lines = found.map(
    ({ record }) => `${record.type.padEnd(width)}  ${record.id}${record.scope === '-' ? '' : `  (${record.scope})`}${madeUp(record)}`,
  );
  const none = flags.madeUp === true ? 'no made-up values' : 'no simulated resources';
  process.stdout.write(lines.length === 0 ? `${none}\n` : `${lines.join('\n')}\n`);
}

/** `terrace sandbox cloud show` */
export function showCloud(context: CommandContext, resource: string, flags: FolderFlags): void {
  const { key, record } = findResource(cloudOf(context, flags), resource);
  process.stdout.write(`${JSON.stringify({ key, ...record }, undefined, 2)}\n`);
}

/** `terrace sandbox cloud edit` */
export function editCloud(context: CommandContext, resource: string, changes: readonly string[], flags: FolderFlags): void {
  const cloud = cloudOf(context, flags);
  const { key, record } = findResource(cloud, resource);
  cloud.update(key, editedRecord(context.project(), record, changes));
  process.stdout.write(`changed ${cloud.file(key)}; the next terraform plan shows it\n`);
}

/** `terrace sandbox cloud break` */
export function breakCloud(context: CommandContext, resource: string, flags: FolderFlags): void {
  const record = breakResource(cloudOf(context, flags), resource);
  process.stdout.write(`removed ${record.type} ${record.id}; the next terraform plan wants to create it\n`);
}

/** `terrace sandbox cloud events` */
export function printEvents(context: CommandContext, flags: FolderFlags & { readonly json?: boolean }): void {
  const events = new EventLog(layoutOf(sandboxFolder(context, flags)).cloud).all();
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ version: 1, events }, undefined, 2)}\n`);
  else
    process.stdout.write(
      events
        .map(
          (event) => `${event.operation.padEnd(6)}  ${event.type}  ${event.id}${event.detail === undefined ? '' : `  ${event.detail}`}\n`,
        )
        .join(''),
    );
}

export interface AddFlags extends FolderFlags {
  readonly account?: string;
  readonly region?: string;
}

/** `terrace sandbox cloud add` */
export function addToCloud(context: CommandContext, type: string, pairs: readonly string[], flags: AddFlags): Promise<void> {
  const values = Object.fromEntries(pairs.map((pair) => [pair.split('=')[0] ?? '', valueOf(pair.slice(pair.indexOf('=') + 1))]));
  return addAll(context, [{ type, values }], flags);
}

/** `terrace sandbox cloud load` */
export function loadCloud(context: CommandContext, file: string, flags: AddFlags): Promise<void> {
  return addAll(context, readResources(file), flags);
}

async function addAll(context: CommandContext, resources: readonly NewResource[], flags: AddFlags): Promise<void> {
  const { dir } = cloudOf(context, flags);
  const { region } = flags;
  const own = accountOfKey(process.env['AWS_ACCESS_KEY_ID'] ?? '') ?? defaultAccount(synthesizedModel(context.project()));
  const placed = resources.map((one) => {
    const account = flags.account ?? (one.type.startsWith('aws_') ? own : undefined);
    return { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }), ...one };
  });
  const { added, skipped } = await loadResources(context.project(), dir, placed);
  for (const { type, id } of added) process.stdout.write(`added ${type} ${id}\n`);
  for (const { type, why } of skipped) process.stdout.write(`left ${type} out: ${why}\n`);
}
