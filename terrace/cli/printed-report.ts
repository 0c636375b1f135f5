import { readFileSync } from 'node:fs';

import { exitCodes, TerraceError } from '../base/errors';
import { messageOf } from '../base/message';
import type { DriftReport } from '../delivery/drift/drift';
import type { StatusReport } from '../delivery/status/status';

type Report<Command> = Command extends 'drift' ? Pick<DriftReport, 'units'> : Pick<StatusReport, 'units' | 'orphans'>;

/** Lists that each unit of a report has. */
const lists = { drift: ['resources', 'problems'], status: ['reasons', 'notes'] } as const;

/** What `terrace drift --json` or `terrace status --json` printed into a file. Raises E9007 for anything else. */
export function printedReport<Command extends 'drift' | 'status'>(command: Command, file: string): Report<Command> {
  const words = `terrace ${command} --json`;
  const refused = (found: string): TerraceError =>
    new TerraceError(
      { code: 'E9007', title: 'not a report', place: file, found, expected: `what ${words} prints`, todo: `write it: ${words} > ${file}` },
      exitCodes.wrongUsage,
    );
  let report: unknown;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw refused(messageOf(error, file));
  }
  const isReport = (value: unknown): value is Report<Command> => {
    const units = fieldOf(value, 'version') === 1 ? fieldOf(value, 'units') : undefined;
    return (
      Array.isArray(units) &&
      units.every(
        (unit: unknown) =>
          typeof fieldOf(unit, 'unit') === 'string' &&
          typeof fieldOf(unit, 'status') === 'string' &&
          lists[command].every((name) => Array.isArray(fieldOf(unit, name))),
      ) &&
      (command === 'drift' || Array.isArray(fieldOf(value, 'orphans')))
    );
  };
  if (!isReport(report)) throw refused('it is not version 1, or it has no list of units as printed by that command');
  return report;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
