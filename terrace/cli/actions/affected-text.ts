import { plain, type Paint, type Tone } from '../../base/paint';
import { quantity } from '../../base/plural';
import { visible, visibleLine } from '../../base/visible';
import type { AffectedReport } from '../../delivery/affected/affected';
import type { AffectedUnit, SourcedChange } from '../../delivery/affected/compare';
import { unitLines, withoutPlace, type UnitLine, type UnitLinesOptions } from '../../delivery/report/unit-lines';
import { excludedLines } from '../../model/planned';

/** Values that are shown of one unit; --json has all. */
const mostValues = 8;
/** Longer texts are cut. */
const longestValue = 40;

const tones: Readonly<Record<AffectedUnit['change'], Tone>> = {
  added: 'add',
  changed: 'change',
  moved: 'change',
  deleted: 'destroy',
  everything: 'change',
  unapplied: 'change',
  dependent: 'soft',
};

/** A report for people: what changed itself comes first, with its old and new values, then what is only downstream of it; each under its place. */
export function affectedText(report: AffectedReport, { paint = plain, width }: Omit<UnitLinesOptions, 'unchanged'> = {}): string {
  if (report.units.length === 0) return visible(['nothing is affected', ...excludedLines(report.excluded)].join('\n'));
  const direct = report.units.filter((unit) => unit.change !== 'dependent');
  const dependents = report.units.filter((unit) => unit.change === 'dependent');
  const own = unitLines(
    direct.map((unit) => affectedLine(unit, paint)),
    { paint, width },
  );
  const others = unitLines(
    dependents.map((unit) => affectedLine(unit, paint)),
    { paint, width },
  );
  return [
    ...(report.everything === null ? [] : [visible(`everything: ${report.everything}`), '']),
    ...own,
    ...(own.length === 0 || others.length === 0 ? [] : ['']),
    ...(others.length === 0 ? [] : [paint('soft', 'through others:'), ...others]),
    '',
    `${quantity(report.units.length, 'unit')}: ${direct.length} by ${direct.length === 1 ? 'itself' : 'themselves'}, ${dependents.length} through others`,
    ...excludedLines(report.excluded).map(visible),
  ].join('\n');
}

/** What of a change the selectors leave behind; empty where that is nothing. */
export function unselectedText(units: readonly string[]): string {
  return units.length === 0
    ? ''
    : `not selected, although they read selected units: ${units.join(', ')} (add --with-dependents to include them)\n`;
}

/** `changed: main.tf.json differs`; of a dependent only why, since that is what it is. */
function affectedLine(unit: AffectedUnit, paint: Paint): UnitLine {
  const { reasons, change } = unit;
  const why = `${reasons[0] ?? ''}${reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : ''}${unit.bootstrap === true ? '; only `terrace backend bootstrap` applies it' : ''}${unit.planned === true ? '; planned' : ''}`;
  const text = visibleLine(withoutPlace(why, unit.unit));
  return {
    unit: unit.unit,
    text: change === 'dependent' ? text : `${paint(tones[change], `${change}:`)} ${text}`,
    below: valueLines(unit),
  };
}

/** `aws_vpc.vpc cidr_block  "10.0.0.0/16" → "10.1.0.0/16"  stacks/shop/dev/env.ts:12`. */
function valueLines(unit: AffectedUnit): readonly string[] {
  const values = unit.values ?? [];
  const rows = values
    .slice(0, mostValues)
    .map((change) => [`${change.block}${change.attribute === '' ? '' : ` ${change.attribute}`}`, oldAndNew(change), change.source ?? '']);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return [
    ...(unit.source === undefined ? [] : [visibleLine(unit.source)]),
    ...rows.map((row) => visibleLine(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).trimEnd()),
    ...(values.length > mostValues ? [`and ${values.length - mostValues} more values (all of them with --json)`] : []),
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
