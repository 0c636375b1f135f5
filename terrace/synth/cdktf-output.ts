import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { TerraceError } from '../base/errors';
import { replaceIfChanged } from '../base/replace-file';
import { readRecord, syncFolder, type FolderReport } from './tree-store';
import type { TreeFile } from './tree-files';

interface Manifest {
  readonly version: string;
  readonly stacks: Readonly<Record<string, unknown>>;
}

export interface CdktfOutput {
  /** Where cdktf synthesized. */
  readonly scratch: string;
  /** Where cdktf-cli reads: `cdktf.out`. */
  readonly outdir: string;
  readonly files: readonly TreeFile[];
  /** Ids of the stacks that all systems describe, where all were built; a stack that is not among them is dropped. */
  readonly isInPart: (stackId: string) => boolean;
  /** Leave the folders of dropped stacks to cdktf-cli. */
  readonly leaveOrphans: boolean;
}

/**
 * Writes `cdktf.out`. A partial synth keeps the manifest's other stacks, because cdktf-cli deletes the folder of every stack
 * that the manifest does not name. Raises E3202 where the folder of a stack to be dropped holds an `errored.tfstate`.
 */
export function writeCdktfOutput(output: CdktfOutput): FolderReport {
  const { outdir, scratch } = output;
  const made = readManifest(path.join(scratch, 'manifest.json'));
  const before = readManifest(path.join(outdir, 'manifest.json'));
  const written = new Set(output.files.map((file) => file.path.split('/')[1] ?? ''));
  const folders = [...readRecord(outdir)].flatMap((name) => (name.startsWith('stacks/') ? [name.split('/')[1] ?? ''] : []));
  const dropped = [...new Set([...Object.keys(before.stacks), ...folders])].filter((id) => !written.has(id) && output.isInPart(id));
  const errored = dropped.map((id) => path.join(outdir, 'stacks', id, 'errored.tfstate')).filter((file) => existsSync(file));
  if (errored.length > 0)
    throw new TerraceError(
      errored.map((place) => ({
        code: 'E3202',
        title: 'unsaved state in a stack that is gone',
        place,
        found: 'a state that terraform could not write to the backend, which cdktf would delete with the folder',
        expected: 'no errored.tfstate in the folder of a unit that was removed from the source',
        todo: 'bring the unit back, save the state with `terrace state recover`, then remove the unit again',
      })),
    );
  const keep = Object.entries(before.stacks).filter(([id]) => !dropped.includes(id));
  const own = Object.entries(made.stacks).filter(([id]) => written.has(id));
  const stacks = Object.fromEntries([...keep, ...own].sort(([a], [b]) => (a < b ? -1 : 1)));
  const dropping = new Set(output.leaveOrphans ? [] : dropped);
  const report = syncFolder(outdir, {
    files: output.files,
    isInPart: (name) => written.has(name.split('/')[1] ?? '') || dropping.has(name.split('/')[1] ?? ''),
  });
  replaceIfChanged(path.join(outdir, 'manifest.json'), JSON.stringify({ stacks, version: made.version }, null, 2));
  return report;
}

function readManifest(file: string): Manifest {
  try {
    const manifest: Partial<Manifest> = JSON.parse(readFileSync(file, 'utf8'));
    return { version: manifest.version ?? '', stacks: manifest.stacks ?? {} };
  } catch {
    return { version: '', stacks: {} };
  }
}
