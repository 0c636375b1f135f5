import path from 'node:path';

import { exitCodes, TerraceError } from '../../base/errors';
import { layoutOf } from '../../sandbox/daemon/layout';
import {
  faultyServices,
  serviceFaultKinds,
  ServiceFaults,
  type FaultyService,
  type ServiceFault,
} from '../../sandbox/gateway/service-faults';
import { faultKinds, faultOperations, Faults, type Fault } from '../../sandbox/providers/cloud/faults';
import type { CommandContext } from '../command-context';
import { resolveTarget } from '../../sandbox/providers/tools/resolve-target';
import { sandboxFolder, type FolderFlags } from './sandbox';

export interface FaultFlags extends FolderFlags {
  readonly times?: string;
  readonly message?: string;
  readonly seconds?: string;
  readonly folder?: string;
  readonly status?: string;
  readonly skip?: string;
  readonly match?: string;
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
  const service = faultyServices.find((one) => one === target);
  if (service !== undefined) return addServiceFault(context, service, operation, kind, flags);
  const wrong = (found: string, expected: string): { code: string; title: string; found: string; expected: string; todo: string } => ({
    code: 'E5311',
    title: 'invalid fault',
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
  const [all, services] = [faultsOf(context, flags).list(), serviceFaultsOf(context, flags).list()];
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ version: 1, faults: all, services }, undefined, 2)}\n`);
  else
    process.stdout.write(
      all.length + services.length === 0 ? 'no faults\n' : `${[...all.map(describe), ...services.map(describeService)].join('\n')}\n`,
    );
}

/** `terrace sandbox fault clear` */
export function clearFaults(context: CommandContext, id: string | undefined, flags: FolderFlags): void {
  const ofService = id?.startsWith('s') === true;
  const removed =
    (ofService ? 0 : faultsOf(context, flags).remove(id === undefined ? undefined : Number(id))) +
    (id === undefined || ofService ? serviceFaultsOf(context, flags).remove(id === undefined ? undefined : Number(id.slice(1))) : 0);
  process.stdout.write(`removed ${removed} ${removed === 1 ? 'fault' : 'faults'}\n`);
}

function describe(fault: Fault): string {
  return `${fault.id}  ${fault.address ?? fault.type}  ${fault.operation} ${fault.kind}  ${fault.times === undefined ? 'always' : `${fault.times}×`}  ${fault.message}`;
}

const serviceFaultsOf = (context: CommandContext, flags: FolderFlags): ServiceFaults =>
  new ServiceFaults(layoutOf(sandboxFolder(context, flags)).cloud);

/** A fault of S3, DynamoDB or STS; raises E5311 for wrong words, all at once. */
function addServiceFault(context: CommandContext, service: FaultyService, operation: string, kind: string, flags: FaultFlags): void {
  const wanted = serviceFaultKinds.find((one) => one === kind);
  const number = (text: string | undefined, otherwise: number): number => (text === undefined ? otherwise : Number(text));
  const times = flags.times === 'always' ? undefined : number(flags.times, 1);
  const [status, skip, seconds] = [number(flags.status, 500), number(flags.skip, 0), number(flags.seconds, 5)];
  const problems = [
    ...(wanted === undefined ? [{ found: `kind ${kind}`, expected: serviceFaultKinds.join(', ') }] : []),
    ...(/^[A-Za-z]+$/.test(operation)
      ? []
      : [{ found: `operation ${operation}`, expected: 'PUT, PutItem, AssumeRole and the like, or any' }]),
    ...(times === undefined || (Number.isInteger(times) && times > 0)
      ? []
      : [{ found: `--times ${flags.times}`, expected: 'a whole number above 0, or always' }]),
    ...(Number.isInteger(status) && status >= 200 && status < 600
      ? []
      : [{ found: `--status ${flags.status}`, expected: 'a status from 200 to 599' }]),
    ...(Number.isInteger(skip) && skip >= 0 ? [] : [{ found: `--skip ${flags.skip}`, expected: 'a whole number' }]),
    ...(Number.isFinite(seconds) && seconds >= 0 ? [] : [{ found: `--seconds ${flags.seconds}`, expected: 'a number of seconds' }]),
  ].map((one) => ({ code: 'E5311', title: 'invalid fault', ...one, todo: 'terrace sandbox fault add --help shows examples' }));
  if (wanted === undefined || problems.length > 0) throw new TerraceError(problems, exitCodes.wrongUsage);
  const added = serviceFaultsOf(context, flags).add({
    service,
    operation,
    kind: wanted,
    status,
    skip,
    milliseconds: seconds * 1000,
    ...(flags.match === undefined ? {} : { match: flags.match }),
    ...(times === undefined ? {} : { times }),
  });
  process.stdout.write(`${describeService(added)}\n`);
}

function describeService({ id, service, operation, kind, status, match, skip, times }: ServiceFault): string {
  const aim = [match === undefined ? '' : `with ${match}`, skip === 0 ? '' : `after ${skip}`].filter((text) => text !== '').join(' ');
  return `s${id}  ${service}  ${operation} ${kind}${kind === 'status' ? ` ${status}` : ''}  ${times === undefined ? 'always' : `${times}×`}${aim === '' ? '' : `  ${aim}`}`;
}
