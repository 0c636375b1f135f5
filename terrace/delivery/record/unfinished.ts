import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { isObject } from '../../base/json';
import type { Problem } from '../../base/errors';
import { replaceFile } from '../../base/replace-file';
import { problem } from '../problems';

/** A resource whose creation terraform had begun when it died. */
export interface UnfinishedResource {
  readonly address: string;
  /** What the provider called it; undefined where terraform died inside the creation, and nobody knows whether it exists. */
  readonly id?: string;
}

/**
 * What terraform said that it began to create, with the ids of what it finished, by its output without colours. A creation that failed is
 * not among them: the provider said so. Pure.
 */
export function begunIn(output: string): readonly UnfinishedResource[] {
  const begun = new Map<string, string | undefined>();
  const ended = /^(.+): (Creating\.\.\.|Creation complete after \S+(?: \[(?:id|name)=(.*)\])?)$/;
  for (const line of output.split('\n')) {
    const [, address, what, id] = ended.exec(line.trimEnd()) ?? [];
    if (address !== undefined) begun.set(address, what === 'Creating...' ? undefined : (id ?? ''));
    const failed = /^[│|\s]*with (.+),$/.exec(line.trimEnd())?.[1];
    if (failed !== undefined) begun.delete(failed);
  }
  return [...begun].map(([address, id]) => (id === undefined ? { address } : { address, id }));
}

/** Notes what a terraform that died had begun; a disk that is full only costs the note. */
export function noteUnfinished(work: string, unit: string, begun: readonly UnfinishedResource[]): void {
  if (begun.length === 0) return;
  const known = readUnfinished(work, unit).filter(({ address }) => !begun.some((one) => one.address === address));
  write(work, unit, [...known, ...begun]);
}

/** Takes the note of addresses away: what they name does not exist, or is in the state by now. Gives how many there were. */
export function forgetUnfinished(work: string, unit: string, addresses: readonly string[]): number {
  const known = readUnfinished(work, unit);
  const left = known.filter(({ address }) => !addresses.includes(address));
  write(work, unit, left);
  return known.length - left.length;
}

/** Takes the whole note away: an apply has ended whole, and what it made is in the state. */
export function settleUnfinished(work: string, unit: string): void {
  write(work, unit, []);
}

/** Why nothing of a unit is planned until it is known what became of these resources; empty where all of them are in its state. */
export function unfinishedProblems(work: string, unit: string, state: string | undefined): readonly Problem[] {
  const inState = addressesIn(state);
  const open = readUnfinished(work, unit).filter(({ address }) => !inState.has(address));
  if (open.length === 0) return [];
  const described = open.map(({ address, id }) =>
    id === undefined
      ? `${address} was begun, and nobody knows whether it exists`
      : `${address} was made${id === '' ? '' : ` (${id})`}, and stands in no state`,
  );
  return [
    problem('E6054', {
      place: unit,
      found: `terraform died while it applied:\n${described.join('\n')}`,
      todo: `look for each. What exists: ${open.map(({ address, id }) => `terrace state import ${unit} '${address}' ${id === undefined || id === '' ? 'ID' : `'${id}'`}`).join('; ')}\nwhat does not: terrace state absent ${unit} ADDRESS; then plan`,
    }),
  ];
}

function readUnfinished(work: string, unit: string): readonly UnfinishedResource[] {
  try {
    const content: unknown = JSON.parse(readFileSync(fileOf(work, unit), 'utf8'));
    const listed = isObject(content) && Array.isArray(content['resources']) ? (content['resources'] as readonly unknown[]) : [];
    return listed.flatMap((one) =>
      isObject(one) && typeof one['address'] === 'string'
        ? [{ address: one['address'], ...(typeof one['id'] === 'string' ? { id: one['id'] } : {}) }]
        : [],
    );
  } catch {
    return [];
  }
}

function write(work: string, unit: string, resources: readonly UnfinishedResource[]): void {
  const file = fileOf(work, unit);
  if (resources.length === 0) return rmSync(file, { force: true });
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  replaceFile(file, `${JSON.stringify({ version: 1, unit, resources }, null, 2)}\n`, 0o600);
}

function fileOf(work: string, unit: string): string {
  return path.join(work, 'unfinished', ...unit.split('/'), 'resources.json');
}

/** Addresses of all instances of managed resources in a state's text, as terraform prints them. */
function addressesIn(state: string | undefined): ReadonlySet<string> {
  const json: unknown = state === undefined ? undefined : JSON.parse(state);
  const resources = isObject(json) && Array.isArray(json['resources']) ? (json['resources'] as readonly unknown[]) : [];
  return new Set(
    resources.flatMap((resource) => {
      if (!isObject(resource) || resource['mode'] !== 'managed') return [];
      const name = [resource['module'], resource['type'], resource['name']].filter((part) => typeof part === 'string').join('.');
      const instances = Array.isArray(resource['instances']) ? (resource['instances'] as readonly unknown[]) : [];
      return instances.map((instance) => {
        const key = isObject(instance) ? instance['index_key'] : undefined;
        return key === undefined ? name : `${name}[${JSON.stringify(key)}]`;
      });
    }),
  );
}
