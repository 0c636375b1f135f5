import { plain, type Paint, type Tone } from '../../base/paint';
import { severities, type Severity } from '../findings/finding';
import type { Review, ReviewedUnit } from '../model/review';

import { findingsByRule, placesByReason, type FindingPlace } from './finding-groups';
import { nextLines, whereLines } from './head-lines';
import { absentText, isStill, unitNotes } from './unit-notes';
import { cut, visible } from './value-text';
import { countParts, plural } from './words';

/** Places of one reason that are named. */
const mostPlaces = 8;

/** The review for a terminal: where it happens, what, the findings, and what comes next. */
export function reviewText(review: Review, paint: Paint = plain): string {
  return `${[...reviewLines(review, paint), '', ...nextLines(review, paint)].join('\n')}\n`;
}

/** The same without its end. */
export function reviewLines(review: Review, paint: Paint): readonly string[] {
  const { bundle, units, findings, policies } = review;
  const counts = severities
    .map((severity) => [severity, findings.filter((one) => one.severity === severity).length] as const)
    .filter(([, count]) => count > 0);
  return [
    ...whereLines(review, paint),
    ...(bundle.round > 1 ? [`round ${bundle.round}`] : []),
    ...(bundle.dirty ? ['planned from a work tree with uncommitted changes'] : []),
    ...(units.some(({ mocks }) => mocks.length > 0) ? ['planned with mocks: this bundle can never be applied'] : []),
    ...unitLines(units, paint),
    '',
    `${countsLine(review, paint)} in ${plural(units.filter(({ status }) => status === 'changes').length, 'unit')}`,
    counts.length === 0
      ? 'no findings'
      : `findings: ${counts.map(([severity, count]) => painted(paint, severity, `${count} ${severity}`)).join(', ')}`,
    ...findingsByRule(findings, review.groups).flatMap(({ finding, places }) => [
      '',
      `${painted(paint, finding.severity, finding.severity)}  ${finding.title}  (${finding.rule})`,
      ...placesByReason(places).flatMap(([reason, same]) => [`  ${cut(visible(reason), 400)}`, ...placeLines(same)]),
    ]),
    ...(policies === undefined
      ? []
      : [
          '',
          policies.length === 0 ? 'All policies pass.' : 'policies:',
          ...policies.map(
            (one) =>
              `  ${one.severity === 'deny' ? paint('bad', 'refuses') : paint('medium', 'warns')}  ${one.policy}: ${visible(one.message)}`,
          ),
        ]),
  ];
}

function painted(paint: Paint, severity: Severity, text: string): string {
  return severity === 'info' ? text : paint(severity, text);
}

function placeLines(places: readonly FindingPlace[]): readonly string[] {
  const lines = places.flatMap(({ finding, units }) => {
    const [first] = units;
    const where = [first, finding.address].filter((part) => part !== undefined).map((part) => visible(part));
    if (where.length === 0) return [];
    return [
      `    ${where.join(' › ')}${units.length > 1 ? ` and ${plural(units.length - 1, 'other unit')}` : ''}${finding.source === undefined ? '' : `  ${finding.source}`}`,
    ];
  });
  return lines.length <= mostPlaces ? lines : [...lines.slice(0, mostPlaces), `    and ${plural(lines.length - mostPlaces, 'more place')}`];
}

/** Units under their place, one line each that says what changes; those without changes are counted. */
function unitLines(units: readonly ReviewedUnit[], paint: Paint): readonly string[] {
  const places = [...new Set(units.map(({ system, environment, region }) => `${system}/${environment}/${region}`))];
  return places.flatMap((place) => {
    const own = units.filter(({ system, environment, region }) => `${system}/${environment}/${region}` === place);
    const shown = own.filter((unit) => !isStill(unit));
    const still = own.length - shown.length;
    const width = Math.max(0, ...shown.map(({ name }) => name.length));
    return [
      '',
      paint('strong', visible(place)),
      ...shown.map((unit) => `  ${visible(unit.name).padEnd(width)}  ${unitLine(unit, paint)}`),
      ...(still === 0 ? [] : [paint('soft', `  ${plural(still, 'unit')} without changes`)]),
    ];
  });
}

function unitLine(unit: ReviewedUnit, paint: Paint): string {
  if (unit.status === 'failed') return `${paint('bad', 'failed')}: ${visible(unit.reason ?? '')}`;
  if (unit.status === 'deferred') return `${paint('soft', 'later')}: ${absentText(unit)}`;
  const notes = unitNotes(unit);
  return [...countParts(unit.counts).map(([tone, text]) => paint(tone, text)), ...(notes === '' ? [] : [notes])].join(', ');
}

function countsLine({ counts }: Review, paint: Paint): string {
  const parts = countParts(counts).map(([tone, text]: readonly [Tone, string]) => paint(tone, text));
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}
