import { quantity } from '../../base/plural';
import type { DriftReport } from './drift';
import { maskedDigest } from '../masking/marker';

/** Drift for people. */
export function driftText(report: DriftReport): string {
  const lines = report.units.flatMap((unit) => {
    if (unit.status === 'failed')
      return [
        `${unit.unit}: could not be compared`,
        ...unit.problems.map((problem) => `  ${problem.code} ${problem.found.split('\n')[0] ?? ''}`),
      ];
    if (unit.status !== 'drifted') return [];
    return [
      unit.unit,
      ...unit.resources.flatMap((resource) =>
        resource.kind === 'gone'
          ? [`  ${resource.address} is gone`]
          : [
              `  ${resource.address}`,
              ...resource.attributes.map((attribute) => `    ${attribute.path}: ${short(attribute.before)} → ${short(attribute.after)}`),
            ],
      ),
    ];
  });
  return [...lines, ...(lines.length > 0 ? [''] : []), sums(report)].join('\n');
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

function sums(report: DriftReport): string {
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
