import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { exitCodes } from '../../base/errors';
import { messageOf } from '../../base/message';
import type { Model } from '../../model/model';
import { failed } from '../problems';
import type { Tree } from '../tree/load-tree';
import { writeFiles } from '../tree/write-files';

import type { AffectedReport } from './affected';

/** Where `terrace affected --out` puts what is destroyed: the base's files of units that are gone, with their own `synth.json`. */
export function deletedFolder(report: string): string {
  return path.join(path.dirname(report), 'deleted');
}

/** Reads what `terrace affected --json` printed. Raises E6067. */
export function readAffected(file: string): AffectedReport {
  try {
    const report: AffectedReport = JSON.parse(readFileSync(file, 'utf8'));
    if (report.version === 1 && Array.isArray(report.units)) return report;
  } catch (cause) {
    throw failed(
      'E6067',
      {
        place: file,
        found: messageOf(cause, file),
        todo: 'pass the file that `terrace affected --json` wrote',
      },
      exitCodes.wrongUsage,
      cause,
    );
  }
  throw failed(
    'E6067',
    {
      place: file,
      found: 'not what `terrace affected --json` prints, version 1',
      todo: 'pass the file that `terrace affected --json` wrote',
    },
    exitCodes.wrongUsage,
  );
}

/** Writes a report as `affected.json` into a folder, and beside it the files of what is destroyed. */
export function writeAffected(out: string, report: AffectedReport, base: Tree | undefined): void {
  const file = path.join(out, 'affected.json');
  const deleted = deletedFolder(file);
  rmSync(deleted, { recursive: true, force: true });
  mkdirSync(deleted, { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  const known: Model = base?.model ?? { version: 1, commit: null, dirty: false, systems: [], units: [] };
  const gone = new Set(report.units.filter((unit) => unit.operation === 'destroy').map((unit) => unit.unit));
  const model: Model = { ...known, units: known.units.filter((unit) => gone.has(unit.path)) };
  for (const unit of model.units) writeFiles(path.join(deleted, unit.path), base?.files.get(unit.path) ?? new Map());
  writeFileSync(path.join(deleted, 'synth.json'), `${JSON.stringify(model, null, 2)}\n`);
}
