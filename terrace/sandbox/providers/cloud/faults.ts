import { FaultFile } from '../../storage/fault-file';

export const faultOperations = ['create', 'read', 'update', 'delete'] as const;
export const faultKinds = ['error', 'delay', 'timeout', 'partial'] as const;
export type FaultOperation = (typeof faultOperations)[number];
export type FaultKind = (typeof faultKinds)[number];

/** A planned misfortune: which call of which resource ends how, and how often. */
export interface Fault {
  readonly id: number;
  readonly type: string;
  /** Attributes that the resource must have; how an address was resolved. */
  readonly match?: Readonly<Record<string, unknown>>;
  /** The address as it was given, for people. */
  readonly address?: string;
  readonly operation: FaultOperation;
  readonly kind: FaultKind;
  /** What the service answers: `ThrottlingException`, `AccessDenied`, a quota, `DependencyViolation`, or any text. */
  readonly message: string;
  /** Milliseconds of `delay` and `timeout`. */
  readonly milliseconds: number;
  /** How many times it still strikes; absent: always. */
  readonly times?: number;
}

/** `faults.json` of the cloud folder. Read at every call, so that a fault works at once, also in provider programs. */
export class Faults extends FaultFile<Fault> {
  constructor(dir: string) {
    super(dir, 'faults.json');
  }

  add(fault: Omit<Fault, 'id'>): Fault {
    return this.append((id) => ({ id, ...fault }));
  }

  /** The fault that strikes this call, its count reduced; undefined when none does. */
  strike(type: string, operation: FaultOperation, attributes: Readonly<Record<string, unknown>>): Fault | undefined {
    const all = this.list();
    const struck = all.find(
      (fault) => fault.type === type && fault.operation === operation && (fault.times ?? 1) > 0 && matches(fault.match ?? {}, attributes),
    );
    if (struck?.times !== undefined)
      this.write(
        all.flatMap((fault) => (fault !== struck ? [fault] : (fault.times ?? 0) > 1 ? [{ ...fault, times: (fault.times ?? 1) - 1 }] : [])),
      );
    return struck;
  }
}

function matches(wanted: Readonly<Record<string, unknown>>, attributes: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(wanted).every(([name, value]) => JSON.stringify(attributes[name]) === JSON.stringify(value));
}
