import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';

/** What terraform writes into a lock; the names of its JSON, with a small first letter. */
export interface LockInfo {
  readonly id: string;
  /** `OperationTypeApply`, `OperationTypePlan`, …; Terrace's own begin with `terrace`. */
  readonly operation: string;
  /** Free text. */
  readonly info: string;
  /** `user@host` */
  readonly who: string;
  /** Of the program that holds it. */
  readonly version: string;
  /** RFC 3339. */
  readonly created: string;
  /** `<bucket>/<key>` */
  readonly path: string;
}

/** The description of a new lock of this process. */
export function newLockInfo(options: {
  readonly operation: string;
  readonly path: string;
  readonly info?: string;
  readonly now?: Date;
}): LockInfo {
  return {
    id: randomUUID(),
    operation: options.operation,
    info: options.info ?? '',
    who: `${userInfo().username}@${hostname()}`,
    version: '0.1.0',
    created: (options.now ?? new Date()).toISOString(),
    path: options.path,
  };
}

/** The JSON of terraform's lock info, in its order. */
export function lockInfoJson(lock: LockInfo): string {
  return JSON.stringify({
    ID: lock.id,
    Operation: lock.operation,
    Info: lock.info,
    Who: lock.who,
    Version: lock.version,
    Created: lock.created,
    Path: lock.path,
  });
}

/** Reads a lock's JSON, whoever wrote it: what is missing is empty. Undefined when it is not JSON of an object. */
export function parseLockInfo(text: string): LockInfo | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  const field = (name: string): string => {
    const value: unknown = Reflect.get(json, name);
    return typeof value === 'string' ? value : '';
  };
  return {
    id: field('ID'),
    operation: field('Operation'),
    info: field('Info'),
    who: field('Who'),
    version: field('Version'),
    created: field('Created'),
    path: field('Path'),
  };
}

/** Milliseconds since the lock was taken; undefined when it does not say when. */
export function lockAge(lock: LockInfo, now: Date): number | undefined {
  const created = Date.parse(lock.created);
  return Number.isNaN(created) ? undefined : now.getTime() - created;
}

/** `3 h 5 min`, for people: the two largest parts. */
export function formatAge(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first < 0) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}

/** `OperationTypeApply` is an apply. */
export function operationName(lock: LockInfo): string {
  return lock.operation.replace(/^OperationType/, '').toLowerCase() || 'unknown';
}

/** The id under which a lock is released; `none` where what stands there does not say one. */
export function lockIdOf(lock: LockInfo | undefined): string {
  return lock?.id || 'none';
}
