import { instant } from '../model/next-step';
import type { ChangeGroup, Review } from '../model/review';
import { unitsKey } from '../model/group';
import { severities } from '../findings/finding';

import { findingsByRule, placesByReason } from './finding-groups';
import { approvalText, authorText, protectedWord } from './head-lines';
import { sectionText } from './markdown-changes';
import { cell, code } from './markdown-text';
import { absentText, isStill, unitNotes } from './unit-notes';
import { visible } from './value-text';
import { countsText, plural } from './words';

/** What GitHub takes, in UTF-8 bytes (it counts characters for a comment, which are never more). */
export const markdownLimits = { comment: 65_536, summary: 1_048_576 } as const;

/** First line of every comment, to find it again. */
export const markdownMarker = '<!-- terrace-review -->';

/** Places of one reason that are named. */
const mostPlaces = 4;

/** Parts of the room that each list may take at most, so that one cannot push out the others. */
const shares = { findings: 0.4, units: 0.2, outputs: 0.1 };

function size(text: string): number {
  return Buffer.byteLength(text, 'utf8') + 1;
}

/** As many entries as fit the room, and the number of those left. */
function fitting(
  entries: readonly string[],
  room: number,
): { readonly lines: readonly string[]; readonly left: number; readonly used: number } {
  let used = 0;
  let count = 0;
  for (const entry of entries) {
    if (used + size(entry) > room) break;
    used += size(entry);
    count++;
  }
  return { lines: entries.slice(0, count), left: entries.length - count, used };
}

/** Findings as the page groups them: a rule once, a reason once, then its places. */
function findingLines(review: Review): readonly string[] {
  return findingsByRule(review.findings, review.groups).flatMap(({ finding, places }) =>
    placesByReason(places).map(([reason, same], index) => {
      const head = index === 0 ? `- **${finding.severity}** ${finding.title}: ` : '  - ';
      const where = same.slice(0, mostPlaces).flatMap(({ finding: { address, source }, units: [unit, ...others] }) => {
        const parts = [
          ...(address === undefined ? [] : [code(address)]),
          ...(unit === undefined ? [] : [`${code(unit)}${others.length > 0 ? ` and ${plural(others.length, 'other unit')}` : ''}`]),
        ];
        return parts.length === 0 ? [] : [`${parts.join(' in ')}${source === undefined ? '' : ` (${code(source)})`}`];
      });
      const more = same.length > mostPlaces ? [plural(same.length - mostPlaces, 'more place')] : [];
      return `${head}${code(reason)}${[...where, ...more].map((one) => `, ${one}`).join('')}`;
    }),
  );
}

/** Each place with its units below it, as the page has them; units without changes are counted. */
function unitRows({ units }: Review): readonly string[] {
  const places = [...new Set(units.map(({ system, environment, region }) => `${system}/${environment}/${region}`))].toSorted();
  return places.flatMap((place) => {
    const own = units.filter(({ system, environment, region }) => `${system}/${environment}/${region}` === place);
    const shown = own.filter((unit) => !isStill(unit));
    const still = own.length - shown.length;
    return [
      `| **${cell(place)}** | | | | | ${still === 0 ? '' : `${plural(still, 'unit')} without changes`} |`,
      ...shown.map((unit) => {
        const { name, status, counts } = unit;
        if (status === 'deferred' || status === 'failed') return `| ${cell(name)} | ${status}: ${cell(absentText(unit))} | | | | |`;
        const number = (count: number): string => (count === 0 ? '' : count.toLocaleString('en'));
        return `| ${cell(name)} | ${number(counts.delete)} | ${number(counts.replace)} | ${number(counts.update)} | ${number(counts.create)} | ${unitNotes(unit)} |`;
      }),
    ];
  });
}

/** Outputs that other units read. */
function outputLines({ units }: Review): readonly string[] {
  return units.flatMap(({ path, outputs }) =>
    outputs
      .filter(({ consumers }) => consumers.length > 0)
      .map(({ name, action, consumers }) => {
        const says = { create: 'is new', update: 'changes', delete: 'goes away' }[action];
        const more = consumers.length > 5 ? ` and ${plural(consumers.length - 5, 'other unit')}` : '';
        return `- ${code(name)} of ${code(path)} ${says}: read by ${consumers.slice(0, 5).map(code).join(', ')}${more}`;
      }),
  );
}

/** Where it happens, and whose change it is. GitHub has no colours in text: a red circle stands for them. */
function whereOf(review: Review): readonly string[] {
  const { places, bundle, commit } = review;
  const author = authorText(review);
  const id = code(bundle.commit?.slice(0, 12) ?? 'none');
  return [
    ...places.map(({ system, environment, regions, account, protected: isProtected }) =>
      [
        `${isProtected ? `🔴 **${protectedWord}** ` : ''}**${code(`${system}/${environment}`)}**`,
        regions.map(code).join(', '),
        ...(account === undefined ? [] : [`account ${code(account)}`]),
      ].join(' · '),
    ),
    [
      `commit ${commit?.link === undefined ? id : `[${id}](${commit.link})`}`,
      ...(commit === undefined ? [] : [code(commit.subject)]),
      ...(author === undefined ? [] : [`by ${code(author)}`]),
    ].join(' · '),
  ].flatMap((line, index) => (index === 0 ? [line] : ['', line]));
}

/** What is to be done with it. */
function nextOf({ next, bundle }: Review): readonly string[] {
  return [
    '',
    `### Next: ${next.step}`,
    '',
    `Because ${code(next.because)}.`,
    '',
    '```sh',
    visible(next.command),
    '```',
    '',
    ...next.approvals.map((one) => `- ${code(one.environment)}: ${code(approvalText(one))}`),
    ...next.approvals.flatMap(({ environment, freeze }) =>
      freeze === undefined ? [] : [`- **frozen** ${code(environment)}: ${code(freeze)}`],
    ),
    `- Bundle ${code(bundle.hash)}, expires ${instant(bundle.expiresAt)}`,
  ];
}

function listText(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** What rolling back would touch, in one line. */
function reverseLines({ reverse }: Review): readonly string[] {
  const parts = [
    ...(reverse.destroyed.length > 0 ? [`destroys ${reverse.destroyed.length.toLocaleString('en')}`] : []),
    ...(reverse.replaced.length > 0 ? [`replaces ${reverse.replaced.length.toLocaleString('en')}`] : []),
    ...(reverse.emptied.length > 0 ? [`creates ${reverse.emptied.length.toLocaleString('en')} again, empty`] : []),
  ];
  return parts.length === 0 ? [] : ['', `Rolling back ${listText(parts)}.`];
}

/**
 * The review as GitHub Markdown that fits the limit: what stands first is what decides, changes are cut at a unit's
 * boundary with the number of those left. No value can mention, link or break out.
 */
export function renderMarkdown(review: Review, limit: number = markdownLimits.comment): string {
  const { bundle, findings, policies } = review;
  const bad = severities
    .map((severity) => [severity, findings.filter((one) => one.severity === severity).length] as const)
    .filter(([, count]) => count > 0);
  const refused = (policies ?? []).filter(({ severity }) => severity === 'deny');
  const head = [
    markdownMarker,
    ...whereOf(review),
    '',
    `## ${countsText(review.counts)} in ${plural(review.units.filter(({ status }) => status === 'changes').length, 'unit')}`,
    '',
    `${bad.length === 0 ? 'No findings' : bad.map(([severity, count]) => `**${count} ${severity}**`).join(', ')}${refused.length > 0 ? `, **${plural(refused.length, 'policy refuses', 'policies refuse')}**` : ''} · round ${bundle.round} · ${code(bundle.terraform)}`,
    ...(review.units.some(({ mocks }) => mocks.length > 0) ? ['', '> **Planned with mocks: this bundle can never be applied.**'] : []),
    ...(bundle.dirty ? ['', '> **Planned from a work tree with uncommitted changes.**'] : []),
    ...(review.units.some(({ status }) => status === 'failed') ? ['', '> **Not every unit could be planned.**'] : []),
  ];
  const foot = [...reverseLines(review), ...nextOf(review), ''];
  const output = [...head];
  const spare = 400;
  let room = limit - size(head.join('\n')) - size(foot.join('\n')) - spare;

  const add = (title: string, before: readonly string[], entries: readonly string[], most: number, what: string): void => {
    if (entries.length === 0) return;
    const lead = ['', `### ${title}`, '', ...before];
    const { lines, left, used } = fitting(entries, Math.min(room, most) - size(lead.join('\n')) - 80);
    const rest = left > 0 ? ['', `${plural(left, what)} more: see the page.`] : [];
    output.push(...lead, ...lines, ...rest);
    room -= size(lead.join('\n')) + used + size(rest.join('\n'));
  };
  const policyLines = (policies ?? []).map(
    (one) =>
      `- **${one.severity === 'deny' ? 'refuses' : 'warns'}** ${code(one.policy)}: ${code(one.message)}${one.unit === undefined ? '' : `, ${code(one.unit)}`}`,
  );
  add('Policies', [], policyLines, limit * shares.units, 'policy result');
  add('Findings', [], findingLines(review), limit * shares.findings, 'finding');
  add(
    'Units',
    ['| unit | destroy | replace | change | create | more |', '| --- | ---: | ---: | ---: | ---: | --- |'],
    unitRows(review),
    limit * shares.units,
    'unit',
  );
  add('Outputs that others read', [], outputLines(review), limit * shares.outputs, 'output');

  const sections = new Map<string, ChangeGroup[]>();
  for (const group of review.groups) sections.set(unitsKey(group), [...(sections.get(unitsKey(group)) ?? []), group]);
  if (sections.size > 0) {
    output.push('', '### Changes', '');
    room -= 20;
    let written = 0;
    const whole = [...sections.values()];
    for (const section of whole) {
      const text = sectionText(section, room, size);
      if (size(text) > room) break;
      output.push(text);
      room -= size(text);
      written++;
    }
    const left = whole.slice(written);
    if (left.length > 0)
      output.push(
        '',
        `Changes of ${plural(new Set(left.flat().flatMap(({ members }) => members.map(({ unit }) => unit))).size, 'more unit')} (${left.flat().length.toLocaleString('en')}) do not fit here: see the page.`,
      );
  }
  return [...output, ...foot].join('\n');
}
