import { severities } from '../findings/finding';
import type { Review } from '../model/review';

import { cut, visible } from './value-text';
import { countsText, plural } from './words';

/** The review for a terminal: what happens where, and the findings. */
export function reviewText(review: Review): string {
  const { bundle, units, findings, policies } = review;
  const counts = severities
    .map((severity) => [severity, findings.filter((one) => one.severity === severity).length] as const)
    .filter(([, count]) => count > 0);
  const lines = [
    `bundle ${bundle.hash}`,
    `round ${bundle.round}, commit ${bundle.commit?.slice(0, 12) ?? 'none'}, expires ${bundle.expiresAt}`,
    ...(bundle.dirty ? ['made from a work tree that differs from its commit'] : []),
    ...(units.some(({ mocks }) => mocks.length > 0) ? ['planned with mocks: this bundle can never be applied'] : []),
    '',
    ...units.map(
      (unit) =>
        `${unit.path}: ${unit.status === 'deferred' || unit.status === 'failed' ? `${unit.status}, ${visible(unit.reason ?? '')}` : unit.status === 'unchanged' ? 'no changes' : countsText(unit.counts)}`,
    ),
    '',
    `${countsText(review.counts)} in ${plural(units.filter(({ status }) => status === 'changes').length, 'unit')}`,
    counts.length === 0 ? 'no findings' : `findings: ${counts.map(([severity, count]) => `${count} ${severity}`).join(', ')}`,
    ...findings.flatMap((one) => [
      '',
      `${one.severity}  ${one.title}  (${one.rule})`,
      `  ${[one.unit, one.address]
        .filter((part) => part !== undefined)
        .map((part) => visible(part))
        .join(' › ')}`,
      `  ${cut(visible(one.reason), 400)}`,
    ]),
    ...(policies === undefined
      ? []
      : [
          '',
          policies.length === 0 ? 'every policy holds' : 'policies:',
          ...policies.map((one) => `  ${one.severity === 'deny' ? 'refuses' : 'warns'}  ${one.policy}: ${visible(one.message)}`),
        ]),
  ];
  return `${lines.join('\n')}\n`;
}
