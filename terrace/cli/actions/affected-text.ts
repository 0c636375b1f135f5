import type { AffectedReport } from '../../delivery/affected/affected';
import type { AffectedUnit, SourcedChange } from '../../delivery/affected/compare';
import { quantity } from '../../base/plural';
import { excludedLines } from '../../model/planned';
import { renderTable } from '../table';

/** Values that are shown of one unit; --json has all. */
const mostValues = 8;
/** Longer texts are cut. */
const longestValue = 40;

/** A report for people: what changed itself comes first, with its old and new values, then what is only downstream of it; each sorted by path. */
export function affectedText(report: AffectedReport): string {
  if (report.units.length === 0) return ['nothing is affected', ...excludedLines(report.excluded)].join('\n');
  const direct = report.units.filter((unit) => unit.change !== 'dependent');
  const dependents = report.units.filter((unit) => unit.change === 'dependent');
  const shown = [...direct, ...dependents];
  const rows = shown.map((unit) => [
    unit.unit,
    unit.change,
    `${unit.reasons[0] ?? ''}${unit.reasons.length > 1 ? ` (and ${unit.reasons.length - 1} more)` : ''}${unit.bootstrap === true ? '; only `terrace backend bootstrap` applies it' : ''}${unit.planned === true ? '; planned' : ''}`,
  ]);
  const [head = '', ...lines] = renderTable(['unit', 'change', 'why'], rows, ['left', 'left', 'left']).split('\n');
  return [
    ...(report.everything === null ? [] : [`everything: ${report.everything}`, '']),
    head,
    ...lines.flatMap((line, index) => [line, ...valueLines(shown[index])]),
    '',
    `${quantity(report.units.length, 'unit')}: ${direct.length} by ${direct.length === 1 ? 'itself' : 'themselves'}, ${dependents.length} through others`,
    ...excludedLines(report.excluded),
  ].join('\n');
}

/** What of a change the selectors leave behind; empty where that is nothing. */
export function unselectedText(units: readonly string[]): string {
  return units.length === 0 ? '' : `not selected, though they read what is: ${units.join(', ')} (--with-dependents takes them along)\n`;
}

/** `    aws_vpc.vpc cidr_block  "10.0.0.0/16" → "10.1.0.0/16"  stacks/shop/dev/env.ts:12`. */
function valueLines(unit: AffectedUnit | undefined): readonly string[] {
  if (unit === undefined) return [];
  const values = unit.values ?? [];
  const rows = values
    .slice(0, mostValues)
    .map((change) => [`${change.block}${change.attribute === '' ? '' : ` ${change.attribute}`}`, oldAndNew(change), change.source ?? '']);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return [
    ...(unit.source === undefined ? [] : [`    ${unit.source}`]),
    ...rows.map((row) => `    ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()),
    ...(values.length > mostValues ? [`    and ${values.length - mostValues} more values (--json has all)`] : []),
  ];
}

function oldAndNew(change: SourcedChange): string {
  if (!('before' in change)) return `new${change.attribute === '' ? '' : `: ${valueText(change.after)}`}`;
  if (!('after' in change)) return `gone${change.attribute === '' ? '' : `: ${valueText(change.before)}`}`;
  return `${valueText(change.before)} → ${valueText(change.after)}`;
}

function valueText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= longestValue ? text : `${text.slice(0, longestValue - 1)}…`;
}
