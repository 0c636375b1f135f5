import { plain } from '../../base/paint';
import { quantity } from '../../base/plural';
import { visibleLine } from '../../base/visible';
import { maskedDigest } from '../masking/marker';
import { unitLines, type UnitLine, type UnitLinesOptions } from '../report/unit-lines';
import type { DriftReport } from './drift';

/** Drift for people: what differs from the last apply, under the place of its unit; units in which nothing does are counted. */
export function driftText(report: Pick<DriftReport, 'units'>, { paint = plain, width }: Omit<UnitLinesOptions, 'unchanged'> = {}): string {
  const lines = unitLines(
    report.units.flatMap((unit): UnitLine[] => {
      if (unit.status === 'failed') {
        const [first, ...more] = unit.problems.map((problem) => visibleLine(`${problem.code} ${problem.found.split('\n')[0] ?? ''}`));
        return [{ unit: unit.unit, text: `${paint('bad', 'could not be compared:')} ${first ?? ''}`, below: more }];
      }
      if (unit.status !== 'drifted') return [];
      const gone = unit.resources.filter(({ kind }) => kind === 'gone').length;
      const words = [
        ...(unit.resources.length > gone ? [paint('change', `${unit.resources.length - gone} changed`)] : []),
        ...(gone > 0 ? [paint('destroy', `${gone} gone`)] : []),
      ];
      return [{ unit: unit.unit, text: words.join(', '), below: unit.resources.flatMap(resourceLines) }];
    }),
    { paint, width },
  );
  return [...lines, ...(lines.length > 0 ? [''] : []), sums(report)].join('\n');
}

function resourceLines({ address, kind, attributes }: DriftReport['units'][number]['resources'][number]): readonly string[] {
  if (kind === 'gone') return [visibleLine(`${address} is gone`)];
  return [
    visibleLine(address),
    ...attributes.map((attribute) => visibleLine(`  ${attribute.path}: ${short(attribute.before)} → ${short(attribute.after)}`)),
  ];
}

/** Drift as Markdown, for an issue or a job summary. Values are shown as code, so that nothing in them is a mention or a link. */
export function driftMarkdown(report: DriftReport): string {
  const drifted = report.units.filter((unit) => unit.status === 'drifted');
  const failed = report.units.filter((unit) => unit.status === 'failed');
  return [
    '# Drift',
    '',
    sums(report),
    ...drifted.flatMap((unit) => [
      '',
      `## ${code(unit.unit)}`,
      '',
      '| resource | attribute | applied | found |',
      '|---|---|---|---|',
      ...unit.resources.flatMap((resource) =>
        resource.kind === 'gone'
          ? [`| ${code(resource.address)} | | | gone |`]
          : resource.attributes.map(
              (attribute) =>
                `| ${code(resource.address)} | ${code(attribute.path)} | ${code(short(attribute.before))} | ${code(short(attribute.after))} |`,
            ),
      ),
    ]),
    ...(failed.length === 0
      ? []
      : [
          '',
          '## Could not be compared',
          '',
          ...failed.map((unit) => `- ${code(unit.unit)}: ${code(unit.problems[0]?.found.split('\n')[0] ?? '')}`),
        ]),
    '',
  ].join('\n');
}

function sums(report: Pick<DriftReport, 'units'>): string {
  const count = (status: string): number => report.units.filter((unit) => unit.status === status).length;
  const parts = [
    quantity(report.units.length, 'unit'),
    `${count('drifted')} drifted`,
    `${count('not applied')} not applied`,
    `${count('failed')} failed`,
  ];
  return parts.filter((part, index) => index < 2 || !part.startsWith('0 ')).join(', ');
}

function short(value: unknown): string {
  if (maskedDigest(value) !== undefined) return '(sensitive)';
  const text = JSON.stringify(value) ?? 'null';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function code(text: string): string {
  const clean = text.replaceAll(/[\r\n]+/g, ' ').replaceAll('|', '\\|');
  const fence = clean.includes('`') ? '``' : '`';
  return clean === '' ? '' : `${fence}${fence === '``' ? ' ' : ''}${clean}${fence === '``' ? ' ' : ''}${fence}`;
}
