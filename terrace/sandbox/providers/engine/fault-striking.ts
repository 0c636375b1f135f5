import { setTimeout as sleep } from 'node:timers/promises';

import type { FaultOperation } from '../cloud/faults';
import { toJson } from '../protocol/json';
import type { ObjectValue } from '../protocol/value';
import type { ResourceCall } from './context';
import { Refusal } from './refusal';

/**
 * Lets a planned fault strike: an error refuses, a delay waits, a timeout waits and then refuses.
 * A partial fault is given back: the call does its work and then reports this failure.
 */
export async function withFault(call: ResourceCall, operation: FaultOperation, attributes: ObjectValue): Promise<Refusal | undefined> {
  const json = toJson(attributes);
  const fault = call.provider.faults.strike(
    call.type,
    operation,
    typeof json === 'object' && json !== null ? Object.fromEntries(Object.entries(json)) : {},
  );
  if (fault === undefined) return undefined;
  call.provider.events.add({
    operation: 'fault',
    type: call.type,
    id: String(attributes['id'] ?? ''),
    scope: call.settings.scope,
    detail: `${operation} ${fault.kind}`,
  });
  const verb = { create: 'creating', read: 'reading', update: 'updating', delete: 'deleting' }[operation];
  if (fault.kind === 'delay' || fault.kind === 'timeout') await sleep(fault.milliseconds);
  if (fault.kind === 'delay') return undefined;
  const refusal = new Refusal(
    `${verb} ${call.type}`,
    fault.kind === 'timeout' ? `timeout while waiting for the resource: ${fault.message}` : fault.message,
  );
  if (fault.kind === 'partial') return refusal;
  throw refusal;
}
