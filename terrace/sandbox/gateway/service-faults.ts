import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { isMissing, replaceFile } from '../storage/durable-file';

export const faultyServices = ['s3', 'dynamodb', 'sts'] as const;
export type FaultyService = (typeof faultyServices)[number];

/** How a request ends. `reset-before` has no effect, `reset-after` and `truncated` have theirs, of the others only `delay` has one. */
export const serviceFaultKinds = [
  'status',
  'empty',
  'foreign',
  'truncated',
  'reset-before',
  'reset-after',
  'delay',
  'throttle',
  'clock',
  'expired',
] as const;
export type ServiceFaultKind = (typeof serviceFaultKinds)[number];

/** A planned misfortune of a service: which requests end how, from which on, and how often. */
export interface ServiceFault {
  readonly id: number;
  readonly service: FaultyService;
  /** `PUT` and the like of S3, `PutItem` of DynamoDB, `AssumeRole` of STS; `any` for all. */
  readonly operation: string;
  /** Text that the request's address or body must hold. @default any request */
  readonly match?: string;
  readonly kind: ServiceFaultKind;
  /** HTTP status of `status`. */
  readonly status: number;
  /** Milliseconds of `delay`. */
  readonly milliseconds: number;
  /** How many requests it lets pass first. */
  readonly skip: number;
  /** How many times it still strikes; absent: always. */
  readonly times?: number;
}

/** A request as far as a fault may be aimed at it. */
export interface AimedRequest {
  readonly service: FaultyService;
  readonly operation: string;
  /** Host, path and query. */
  readonly target: string;
  readonly body: Buffer;
}

/** `service-faults.json` of the cloud folder. Read at every request, so that a fault works at once. */
export class ServiceFaults {
  private readonly file: string;

  constructor(private readonly dir: string) {
    this.file = path.join(dir, 'service-faults.json');
  }

  list(): ServiceFault[] {
    try {
      const raw: unknown = JSON.parse(readFileSync(this.file, 'utf8'));
      return Array.isArray(raw) ? (raw as ServiceFault[]) : [];
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  add(fault: Omit<ServiceFault, 'id'>): ServiceFault {
    const all = this.list();
    const added = { id: Math.max(0, ...all.map(({ id }) => id)) + 1, ...fault };
    this.write([...all, added]);
    return added;
  }

  /** Removes one fault, or all of them; tells how many. */
  remove(id?: number): number {
    const all = this.list();
    const left = id === undefined ? [] : all.filter((fault) => fault.id !== id);
    this.write(left);
    return all.length - left.length;
  }

  /** The fault that strikes this request, its count reduced; undefined when none does. */
  strike(request: AimedRequest): ServiceFault | undefined {
    const all = this.list();
    const aimed = all.find((fault) => isAimedAt(fault, request));
    if (aimed === undefined) return undefined;
    const after =
      aimed.skip > 0 ? { ...aimed, skip: aimed.skip - 1 } : aimed.times === undefined ? aimed : { ...aimed, times: aimed.times - 1 };
    if (after !== aimed) this.write(all.flatMap((fault) => (fault !== aimed ? [fault] : after.times === 0 ? [] : [after])));
    return aimed.skip > 0 ? undefined : aimed;
  }

  private write(faults: readonly ServiceFault[]): void {
    if (faults.length === 0) return rmSync(this.file, { force: true });
    mkdirSync(this.dir, { recursive: true });
    replaceFile(this.file, `${JSON.stringify(faults, undefined, 2)}\n`);
  }
}

function isAimedAt({ service, operation, match }: ServiceFault, request: AimedRequest): boolean {
  return (
    service === request.service &&
    (operation === 'any' || operation.toLowerCase() === request.operation.toLowerCase()) &&
    (match === undefined || request.target.includes(match) || request.body.includes(match))
  );
}
