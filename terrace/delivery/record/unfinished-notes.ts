import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { isObject } from '../../base/json';
import { replaceFile } from '../../base/replace-file';
import type { UnfinishedNote, UnfinishedResource } from './unfinished';

/**
 * Notes what a terraform that died had begun, for the commands of this machine: more exact than the record, which names all that was
 * planned. A note without resources says that it had begun nothing that is not known. A disk that is full only costs the note.
 */
export function noteUnfinished(work: string, unit: string, note: UnfinishedNote): void {
  const file = fileOf(work, unit);
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    replaceFile(file, `${JSON.stringify({ version: 1, unit, ...note }, null, 2)}\n`, 0o600);
  } catch {
    // The record says more than is so, never less.
  }
}

/** Takes the note away: the record says the same by now, or an apply has ended whole. */
export function settleUnfinished(work: string, unit: string): void {
  rmSync(fileOf(work, unit), { force: true });
}

/** The note of this machine; undefined where there is none. */
export function readUnfinished(work: string, unit: string): UnfinishedNote | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(fileOf(work, unit), 'utf8'));
    if (!isObject(content) || !Array.isArray(content['resources'])) return undefined;
    const resources = (content['resources'] as readonly unknown[]).flatMap((one): UnfinishedResource[] =>
      isObject(one) && typeof one['address'] === 'string'
        ? [{ address: one['address'], ...(typeof one['id'] === 'string' ? { id: one['id'] } : {}) }]
        : [],
    );
    return { resources, ...(typeof content['of'] === 'string' ? { of: content['of'] } : {}) };
  } catch {
    return undefined;
  }
}

function fileOf(work: string, unit: string): string {
  return path.join(work, 'unfinished', ...unit.split('/'), 'resources.json');
}
