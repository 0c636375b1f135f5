import { plain, type Paint, type Tone } from '../../base/paint';
import { buildReview, plannedUnits, type Judged, type ReviewSource } from '../model/build';
import type { ResourceChange } from '../plan/plan-model';

import { attributeLines } from './attribute-lines';
import { approvalLines } from './head-lines';
import { reviewLines } from './text';
import { visible } from './value-text';

/** What a person is shown before a yes, and what a yes is. */
export interface BeforeYes {
  /** False where nothing changes: then nobody is asked. */
  readonly asks: boolean;
  /** Findings, and every change that a person has to know: what goes and is replaced, and the attributes that change, masked. */
  readonly text: string;
  /** Environments to be typed where something critical is found; null where `y` is enough. */
  readonly typed: string | null;
}

const shownActions = new Set<ResourceChange['action']>(['delete', 'replace', 'update', 'forget']);
const signs: { readonly [action: string]: readonly [tone: Tone, text: string] } = {
  delete: ['destroy', '- destroy'],
  replace: ['replace', '-/+ replace'],
  update: ['change', '~ change'],
  forget: ['destroy', 'forget'],
};

/** What is shown before a bundle is applied by a yes on a terminal; from what is in clear, so nothing sensitive is in it. */
export function beforeYes(source: ReviewSource, judged: Judged = {}, paint: Paint = plain): BeforeYes {
  const review = buildReview(source, judged);
  const planned = plannedUnits(source);
  const changes = planned.flatMap((unit) => unit.changes.filter(({ action }) => shownActions.has(action)));
  const lines = changes.flatMap((change) => [
    `${paint(...(signs[change.action] ?? (['soft', change.action] as const)))} ${visible(change.unit)} › ${visible(change.address)}`,
    ...(change.action === 'update' || change.action === 'replace' ? attributeLines(change.attributes, 'both', '  ') : []),
  ]);
  const changed = planned.filter((unit) => unit.outputs.length > 0 || unit.changes.some(({ action }) => action !== 'read'));
  const environments = [...new Set(changed.map(({ path }) => path.split('/').slice(0, 2).join('/')))].toSorted((a, b) => (a < b ? -1 : 1));
  const isCritical = review.findings.some(({ severity }) => severity === 'critical');
  return {
    asks: changed.length > 0,
    text: [...reviewLines(review, paint), ...(lines.length > 0 ? ['', ...lines] : []), '', ...approvalLines(review, paint)].join('\n'),
    typed: isCritical ? environments.join(' ') : null,
  };
}
