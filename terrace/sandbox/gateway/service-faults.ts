import { FaultFile } from '../storage/fault-file';

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
export class ServiceFaults extends FaultFile<ServiceFault> {
  constructor(dir: string) {
    super(dir, 'service-faults.json');
  }

  add(fault: Omit<ServiceFault, 'id'>): ServiceFault {
    return this.append((id) => ({ id, ...fault }));
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
}

function isAimedAt({ service, operation, match }: ServiceFault, request: AimedRequest): boolean {
  return (
    service === request.service &&
    (operation === 'any' || operation.toLowerCase() === request.operation.toLowerCase()) &&
    (match === undefined || request.target.includes(match) || request.body.includes(match))
  );
}
