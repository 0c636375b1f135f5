import path from 'node:path';

import { exitCodes, TerraceError } from '../../base/errors';
import { layoutOf } from '../../sandbox/daemon/layout';
import { faultKinds, faultOperations, Faults, type Fault } from '../../sandbox/providers/cloud/faults';
import type { CommandContext } from '../command-context';
import { resolveTarget } from '../../sandbox/providers/tools/resolve-target';
import { sandboxFolder, type FolderFlags } from './sandbox';

export interface FaultFlags extends FolderFlags {
  readonly times?: string;
  readonly message?: string;
  readonly seconds?: string;
  readonly folder?: string;
}

/** Words for what services answer when they refuse. */
const messages: Readonly<Record<string, string>> = {
  throttling: 'ThrottlingException: Rate exceeded',
  'access-denied': 'AccessDenied: User is not authorized to perform this operation',
  quota: 'LimitExceeded: The maximum number of resources of this kind has been reached',
  'dependency-violation': 'DependencyViolation: The resource has a dependent object and cannot be deleted',
};

const faultsOf = (context: CommandContext, flags: FolderFlags): Faults => new Faults(layoutOf(sandboxFolder(context, flags)).cloud);

/** `terrace sandbox fault add`; raises E5311 for wrong words, all at once. */
export async function addFault(context: CommandContext, target: string, operation: string, kind: string, flags: FaultFlags): Promise<void> {
  const wrong = (found: string, expected: string): { code: string; title: string; found: string; expected: string; todo: string } => ({
    code: 'E5311',
    title: 'wrong fault',
    found,
    expected,
    todo: 'terrace sandbox fault add --help shows examples',
  });
  const wantedOperation = faultOperations.find((one) => one === operation);
  const wantedKind = faultKinds.find((one) => one === kind);
  const times = flags.times === 'always' ? undefined : Number(flags.times ?? 1);
  const seconds = Number(flags.seconds ?? 5);
  const problems = [
    ...(wantedOperation === undefined ? [wrong(`operation ${operation}`, faultOperations.join(', '))] : []),
    ...(wantedKind === undefined ? [wrong(`kind ${kind}`, faultKinds.join(', '))] : []),
    ...(times === undefined || (Number.isInteger(times) && times > 0)
      ? []
      : [wrong(`--times ${flags.times ?? ''}`, 'a whole number above 0, or always')]),
    ...(Number.isFinite(seconds) && seconds >= 0 ? [] : [wrong(`--seconds ${flags.seconds ?? ''}`, 'a number of seconds')]),
  ];
  if (wantedOperation === undefined || wantedKind === undefined || problems.length > 0)
    throw new TerraceError(problems, exitCodes.wrongUsage);
  const aimed = await resolveTarget(target, path.resolve(flags.folder ?? '.'));
  const message = messages[flags.message ?? 'throttling'] ?? flags.message ?? '';
  const added = faultsOf(context, flags).add({
    ...aimed,
    operation: wantedOperation,
    kind: wantedKind,
    message,
    milliseconds: seconds * 1000,
    ...(times === undefined ? {} : { times }),
  });
  process.stdout.write(`${describe(added)}\n`);
}

/** `terrace sandbox fault list` */
export function listFaults(context: CommandContext, flags: FolderFlags & { readonly json?: boolean }): void {
  const all = faultsOf(context, flags).list();
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ version: 1, faults: all }, undefined, 2)}\n`);
  else process.stdout.write(all.length === 0 ? 'no faults\n' : `${all.map(describe).join('\n')}\n`);
}

/** `terrace sandbox fault clear` */
export function clearFaults(context: CommandContext, id: string | undefined, flags: FolderFlags): void {
  const removed = faultsOf(context, flags).remove(id === undefined ? undefined : Number(id));
  process.stdout.write(`removed ${removed} ${removed === 1 ? 'fault' : 'faults'}\n`);
}

function describe(fault: Fault): string {
  return `${fault.id}  ${fault.address ?? fault.type}  ${fault.operation} ${fault.kind}  ${fault.times === undefined ? 'always' : `${fault.times}×`}  ${fault.message}`;
}
