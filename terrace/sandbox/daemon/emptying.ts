import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

import { isMissing, readJson, replaceFile, unfinishedMark, unfinishedPath } from '../storage/durable-file';
import { dataFolders, layoutOf } from './layout';
import { changeSettings, readSettings } from './settings';

/** What was moved away, to be removed whenever there is time. */
export interface Emptied {
  readonly generation: number;
  readonly rubbish: string;
}

/**
 * Moves all data of a sandbox away and counts its generation up. The intention is written down before anything is moved: whatever is
 * left undone by a kill is done by {@link finishEmptying} at the next start, so that old data and new never stand side by side.
 */
export function emptySandbox(dir: string): Emptied {
  const generation = (readSettings(dir)?.generation ?? 0) + 1;
  replaceFile(layoutOf(dir).emptying, JSON.stringify({ version: 1, generation }));
  return { generation, rubbish: empty(dir, generation) };
}

/** Ends an emptying that was cut short, and removes what earlier ones moved away. For a start that has the sandbox to itself. */
export function finishEmptying(dir: string): void {
  const begun = intention(dir);
  if (begun !== undefined) empty(dir, begun);
  for (const name of readdirSync(dir, { withFileTypes: true }))
    if (name.isDirectory() && name.name.startsWith(unfinishedMark)) rmSync(path.join(dir, name.name), { recursive: true, force: true });
}

function empty(dir: string, generation: number): string {
  const layout = layoutOf(dir);
  const rubbish = unfinishedPath(layout.s3);
  mkdirSync(rubbish, { recursive: true });
  dataFolders(layout).forEach((data, index) => moveAway(data, path.join(rubbish, String(index))));
  changeSettings(dir, { generation });
  rmSync(layout.emptying, { force: true });
  return rubbish;
}

function moveAway(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Generation of an emptying under way; a file that cannot be read means that one was, and counts up from what the settings say. */
function intention(dir: string): number | undefined {
  const file = layoutOf(dir).emptying;
  if (!existsSync(file)) return undefined;
  const next = (readSettings(dir)?.generation ?? 0) + 1;
  try {
    const content = readJson(file);
    const generation: unknown = typeof content === 'object' && content !== null && 'generation' in content ? content.generation : undefined;
    return typeof generation === 'number' ? generation : next;
  } catch {
    return next;
  }
}
