import { renderTable } from './table';
import type { DeployReport } from '../delivery/deploy/deploy';

/** The units of a run: round, counts, seconds; `*` marks those outside the selection that it depends on. */
export function startTable(report: DeployReport, selected: ReadonlySet<string>): string {
  const outside = report.units.some(({ unit }) => !selected.has(unit));
  const rows = [...report.units]
    .sort((a, b) => a.round - b.round)
    .map(({ unit, round, actions, status, seconds }) => [
      `${unit}${selected.has(unit) ? '' : ' *'}`,
      String(round),
      String(actions.create + actions.replace),
      String(actions.update),
      String(actions.destroy + actions.replace),
      seconds.toFixed(1),
      status,
    ]);
  const table = renderTable(['unit', 'round', 'add', 'change', 'destroy', 'seconds', ''], rows, [
    'left',
    'right',
    'right',
    'right',
    'right',
    'right',
    'left',
  ]);
  return outside ? `${table}\n\n* outside the selection, which depends on it` : table;
}
