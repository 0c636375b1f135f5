import { faultyServices, serviceFaultKinds, type FaultyService, type ServiceFaultKind } from '../../terrace/sandbox/gateway/service-faults';
import type { LoggedRequest } from '../../terrace/sandbox/gateway/request-log';
import { full } from './where-available';

/** A request of a run in which nothing goes wrong: the `skip`+1st of its service. */
export interface AimedRequest {
  readonly index: number;
  readonly service: FaultyService;
  readonly skip: number;
  /** Whether it writes nothing. */
  readonly reads: boolean;
}

/** One cell of a table of faults. */
export interface FaultCell extends AimedRequest {
  readonly kind: ServiceFaultKind;
}

/** The requests of a log as faults can be aimed at them. */
export function aimedRequests(log: readonly LoggedRequest[]): readonly AimedRequest[] {
  const aimed = log.flatMap((request) => {
    const service = faultyServices.find((one) => one === request.service);
    return service === undefined ? [] : [{ service, reads: isReading(service, request) }];
  });
  return aimed.map(({ service, reads }, index) => ({
    index,
    service,
    reads,
    skip: aimed.slice(0, index).filter((one) => one.service === service).length,
  }));
}

function isReading(service: FaultyService, { method, headers }: LoggedRequest): boolean {
  if (service === 'sts') return true;
  if (service === 's3') return method === 'GET' || method === 'HEAD';
  return /\.(?:GetItem|Scan|Query|Describe\w+|List\w+)$/.test(headers['x-amz-target'] ?? '');
}

/**
 * Every kind of fault at every request, each that differs once: a reset before and one after a request that only reads are the same to whoever
 * asked, and an answer that is late by less than any limit is the run without a fault, so that it is tried at the first request alone.
 */
export function faultCells(requests: readonly AimedRequest[]): readonly FaultCell[] {
  return requests.flatMap((one) =>
    serviceFaultKinds
      .filter((kind) => (kind === 'reset-before' ? !one.reads : kind !== 'delay' || one.index === 0))
      .map((kind) => ({ ...one, kind })),
  );
}

/**
 * What of a table is tried: all of it in a full run, every `nth` otherwise. `TERRACE_TABLE_PART=2/3` tries the second third of a full table, for
 * machines that give a run less time than the whole takes.
 */
export function chosenCells<T>(cells: readonly T[], nth: number): readonly T[] {
  if (!full) return cells.filter((_, index) => index % nth === nth - 1);
  const [, part = '1', parts = '1'] = /^(\d+)\/(\d+)$/.exec(process.env['TERRACE_TABLE_PART'] ?? '') ?? [];
  return cells.filter((_, index) => index % Number(parts) === Number(part) - 1);
}

/** Says what is wrong at once where the whole table takes long, and how a table ended. */
export function tableLine(line: unknown): void {
  if (full) process.stdout.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
}
