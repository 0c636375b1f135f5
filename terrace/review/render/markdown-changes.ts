import { pathText } from '../diff/attribute-change';
import { foldQuiet } from '../diff/quiet-change';
import type { ChangeGroup } from '../model/review';

import { attributeLines } from './attribute-lines';
import { block, code, html } from './markdown-text';
import { visible } from './value-text';
import { plural, shownAction, shownSide, symbols, verbs } from './words';

/** Addresses of folded changes that are named one by one. */
const mostNamed = 30;

function head({ change, findings }: ChangeGroup): string {
  const action = shownAction(change);
  const why = [
    ...(change.replacePaths.length > 0
      ? [`because of ${change.replacePaths.map(visible).join(', ')}`]
      : change.because === undefined
        ? []
        : [change.because]),
    ...(change.movedFrom === undefined ? [] : [`moved from ${visible(change.movedFrom)}`]),
    ...(change.imported === undefined ? [] : [`imported ${visible(change.imported)}`]),
    ...(findings[0] === undefined ? [] : [findings[0].severity]),
  ];
  return `@@ ${symbols[action]} ${verbs[action]} ${visible(change.address)}${why.length === 0 ? '' : `  (${why.join('; ')})`} @@`;
}

function body({ change }: ChangeGroup): readonly string[] {
  const side = shownSide(change);
  const { shown, folded } = foldQuiet(change.attributes);
  return [
    ...(side === 'before' ? [] : attributeLines(shown, side, '  ')),
    ...(folded.length === 0 || side === 'before'
      ? []
      : [
          `    … ${plural(folded.length, 'folded attribute')}: ${visible([...new Set(folded.map(({ path }) => pathText(path.slice(0, 1))))].join(', '))}`,
        ]),
    ...(change.computed > 0 ? [`    … ${plural(change.computed, 'attribute')} known after apply`] : []),
  ];
}

/** Changes of tags alone: those whose tags change alike stand together, with their addresses. */
function foldedLines(noise: readonly ChangeGroup[]): readonly string[] {
  const alike = new Map<string, ChangeGroup[]>();
  for (const group of noise) {
    const key = `${shownAction(group.change)}\n${body(group).join('\n')}`;
    alike.set(key, [...(alike.get(key) ?? []), group]);
  }
  return [...alike.values()].flatMap((groups): readonly string[] => {
    const [first] = groups;
    if (first === undefined) return [];
    if (groups.length === 1) return [head(first), ...body(first)];
    const action = shownAction(first.change);
    return [
      `@@ ${symbols[action]} ${verbs[action]} ${plural(groups.length, 'resource')} alike @@`,
      ...body(first),
      ...groups.slice(0, mostNamed).map(({ change }) => `    ${visible(change.address)}`),
      ...(groups.length > mostNamed ? [`    … and ${groups.length - mostNamed} more`] : []),
    ];
  });
}

/**
 * One block for the changes that the same units share. Where it is longer than the room (in UTF-8 bytes, as `size` counts them) it
 * keeps its heads only, and may still be longer.
 */
export function sectionText(groups: readonly ChangeGroup[], room: number, size: (text: string) => number): string {
  const units = groups[0]?.members.map(({ unit }) => unit) ?? [];
  const noise = groups.filter(({ change }) => change.noise && change.action !== 'read');
  const rest = groups.filter((group) => !noise.includes(group));
  const summary = `<details><summary><code>${html(units[0] ?? '')}</code>${units.length > 1 ? ` and the same in ${plural(units.length - 1, 'other unit')}` : ''}: ${plural(groups.length, 'change')}${noise.length > 0 ? `, ${noise.length} of tags only` : ''}</summary>`;
  const others = units.length > 1 ? [units.map(code).join(', '), ''] : [];
  const lines = [...rest.flatMap((group) => [head(group), ...body(group)]), ...foldedLines(noise)];
  const whole = [summary, '', ...others, block(lines, 'diff'), '</details>'].join('\n');
  if (size(whole) <= room) return whole;
  const heads = [...rest.map(head), ...(noise.length > 0 ? [`@@ ~ ${plural(noise.length, 'change')} of tags only @@`] : [])];
  return [summary, '', ...others, block(heads, 'diff'), 'Attributes are left out here; see the page.', '</details>'].join('\n');
}
