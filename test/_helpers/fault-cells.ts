import { faultyServices, serviceFaultKinds, type FaultyService, type ServiceFaultKind } from '../../terrace/sandbox/gateway/service-faults';
import type { LoggedRequest } from '../../terrace/sandbox/gateway/request-log';
import { full } from './where-available';

/** A request of a run in which nothing goes wrong: the `skip`+1st of its service. */
export interface AimedRequest {
  readonly index: number;
  readonly service: FaultyService;
  readonly skip: number;
}

/** One cell of a table of faults. */
export interface FaultCell extends AimedRequest {
  readonly kind: ServiceFaultKind;
}

/** The requests of a log as faults can be aimed at them. */
export function aimedRequests(log: readonly LoggedRequest[]): readonly AimedRequest[] {
  const services = log.flatMap(({ service }) => faultyServices.filter((one) => one === service));
  return services.map((service, index) => ({ index, service, skip: services.slice(0, index).filter((one) => one === service).length }));
}

/** Every kind of fault at every request. */
export function faultCells(requests: readonly AimedRequest[]): readonly FaultCell[] {
  return requests.flatMap((one) => serviceFaultKinds.map((kind) => ({ ...one, kind })));
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
