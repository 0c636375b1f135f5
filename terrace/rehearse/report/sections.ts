import { quantity } from '../../base/plural';
import type { Downtime, Rehearsal, RehearsedCounts, RehearsedRound, Road } from '../rehearsal';

/** A heading and what stands below it; a line is plain text in which names stand between backticks. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
  readonly table?: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

/** The whole report as sections, which text, comment and page render alike. */
export function sectionsOf(rehearsal: Rehearsal): readonly Section[] {
  const { forth, back, affected, excluded, problems, seeded } = rehearsal;
  return [
    { title: 'Result', lines: resultLines(rehearsal) },
    ...(problems.length === 0
      ? []
      : [{ title: 'What failed', lines: problems.map(({ code, title, place, found }) => `${code} ${title} ${tick(place)}: ${found}`) }]),
    {
      title: 'Affected',
      lines: [
        ...(affected.length === 0 ? ['nothing'] : []),
        ...excluded.map((unit) => `${tick(unit)} is left out: only \`terrace backend bootstrap\` applies it`),
      ],
      table: {
        head: ['unit', 'operation', 'because'],
        rows: affected.map(({ unit, operation, reasons }) => [tick(unit), operation, reasons[0] ?? '']),
      },
    },
    ...roadSections(forth, ''),
    ...(back === null ? [] : [{ title: 'The way back', lines: backLines(back) }, ...roadSections(back, 'back, ')]),
    { title: 'Seeded', lines: seededLines(seeded) },
    { title: 'What this proves', lines: rehearsal.proved },
    { title: 'What it does not', lines: rehearsal.unproved },
  ];
}

function resultLines(rehearsal: Rehearsal): readonly string[] {
  const { forth, outcome, base, seconds } = rehearsal;
  const replaced = forth.rounds.flatMap(({ replaces }) => replaces).length;
  const destroyed = forth.rounds.flatMap(({ destroys }) => destroys).length;
  const down = forth.rounds.flatMap((round) => round.down);
  return [
    `${outcome}, compared with ${base === 'applied' ? 'what is applied' : tick(base.slice(0, 12))}: ${quantity(rehearsal.affected.length, 'unit')} affected, ${quantity(forth.rounds.length, 'round')}, ${replaced} replaced, ${destroyed} destroyed`,
    down.length === 0
      ? 'nothing is down in between'
      : `${quantity(down.length, 'resource')} down: ${[...new Set(down.map(({ address }) => tick(address)))].slice(0, 8).join(', ')}${down.length > 8 ? ' …' : ''}`,
    lastLine(forth),
    `${seconds.toFixed(1)} s`,
  ];
}

function lastLine({ last, left }: Road): string {
  if (left.length > 0) return `stopped by --until: ${left.map(tick).join(', ')} left`;
  if (last === null) return 'the rounds did not finish, so there was no last plan';
  if (last.changed.length === 0) return `the last plan of ${quantity(last.units, 'unit')} is empty`;
  return `the last plan is not empty: ${last.changed.map(({ unit, counts }) => `${tick(unit)} ${countsWords(counts)}`).join(', ')}`;
}

function roadSections(road: Road, prefix: string): readonly Section[] {
  return road.rounds.flatMap((round) => roundSections(round, prefix));
}

function roundSections(round: RehearsedRound, prefix: string): readonly Section[] {
  const { seconds } = round;
  const lines = [
    ...round.waits.map(({ unit, reason }) => `waits: ${tick(unit)}, ${reason}`),
    ...round.replaces.map(
      ({ unit, address, createFirst, because, attributes }) =>
        `replaces ${tick(address)} in ${tick(unit)}, ${createFirst ? 'the new one is created first' : 'the old one is destroyed first'}${because === '' ? '' : `: ${because}`}${attributes.length === 0 ? '' : ` (${attributes.map(tick).join(', ')})`}`,
    ),
    ...round.destroys.map(({ unit, address }) => `destroys ${tick(address)} in ${tick(unit)}`),
    ...round.moves.map(({ unit, from, to }) => `moves ${tick(from)} to ${tick(to)} in ${tick(unit)}`),
    ...round.imports.map(({ unit, address, id }) => `imports ${tick(address)} (${tick(id)}) in ${tick(unit)}`),
    ...round.down.flatMap(downLines),
    ...round.stale.map(
      ({ unit, upstream, outputs }) => `after it, ${tick(unit)} still has the old ${outputs.map(tick).join(', ')} of ${tick(upstream)}`,
    ),
    ...round.findings.map(
      ({ severity, title, reason, unit, address }) =>
        `finding, ${severity}: ${title}: ${reason}${address === null ? '' : ` (${tick(address)}${unit === null ? '' : ` in ${tick(unit)}`})`}`,
    ),
    ...round.policies.map(
      ({ policy, severity, message, unit, address }) =>
        `policy ${tick(policy)} ${severity === 'deny' ? 'refuses' : 'warns'}: ${message}${[unit, address]
          .filter((one) => one !== null)
          .map((one) => ` ${tick(one)}`)
          .join('')}`,
    ),
  ];
  return [
    {
      title: `Round ${prefix}${round.round} (plan ${seconds.plan.toFixed(1)} s, apply ${seconds.apply.toFixed(1)} s)`,
      lines,
      table: {
        head: ['unit', 'status', 'changes', 's'],
        rows: round.units.map(({ unit, operation, status, counts, seconds: own }) => [
          tick(unit),
          operation === 'destroy' ? `${status} (destroy)` : status,
          countsWords(counts),
          own.toFixed(1),
        ]),
      },
    },
  ];
}

function downLines({ unit, address, action, because, traffic, edges, readers }: Downtime): readonly string[] {
  const whom = edges.map((edge) => `${tick(edge.address)} in ${tick(edge.unit)} by ${tick(edge.attribute)}`);
  return [
    `down${action === 'delete' ? ' for good' : ' until the new one is there'}: ${tick(address)} in ${tick(unit)}${because === '' ? '' : ` (${because})`}`,
    ...(traffic.length === 0
      ? []
      : [
          `  requests come ${listed(traffic.map(({ from, to, by }) => `from ${tick(from.address)} in ${tick(from.unit)} to ${tick(to.address)} (${tick(by)})`))}`,
        ]),
    whom.length === 0 ? '  nothing else refers to its id or address' : `  held by ${listed(whom)}`,
    ...(readers.length === 0 ? [] : [`  read by ${listed(readers.map(tick))}`]),
  ];
}

/** The first twelve, and how many more. */
function listed(words: readonly string[]): string {
  return `${words.slice(0, 12).join(', ')}${words.length > 12 ? ` and ${words.length - 12} more` : ''}`;
}

function backLines(back: Road): readonly string[] {
  const destroyed = back.rounds.flatMap(({ destroys, replaces }) => [
    ...destroys.map(({ unit, address }) => `${tick(address)} in ${tick(unit)}`),
    ...replaces.map(({ unit, address }) => `${tick(address)} in ${tick(unit)} (replaced)`),
  ]);
  return [destroyed.length === 0 ? 'going back destroys nothing' : `going back destroys ${destroyed.join(', ')}`, lastLine(back)];
}

function seededLines({ units, resources, unseeded, incomplete, derived, seconds }: Rehearsal['seeded']): readonly string[] {
  return [
    `${quantity(units, 'unit')} and ${quantity(resources, 'resource')} in ${seconds.toFixed(1)} s`,
    unseeded.length === 0
      ? 'nothing was left out'
      : `${quantity(unseeded.length, 'resource or lookup', 'resources and lookups')} not seeded`,
    ...unseeded.map(({ unit, address, reason }) => `not seeded: ${tick(address)} in ${tick(unit)}: ${reason}`),
    ...incomplete.map((one) => `without its dependent objects: ${one}`),
    ...derived.map(({ unit, address, attribute }) => `derived one-way from a secret: ${tick(`${address}.${attribute}`)} in ${tick(unit)}`),
  ];
}

function countsWords(counts: RehearsedCounts): string {
  const words = (['create', 'update', 'replace', 'delete'] as const).flatMap((name) =>
    counts[name] === 0 ? [] : [`${counts[name]} ${name}`],
  );
  return words.length === 0 ? 'none' : words.join(', ');
}

function tick(text: string): string {
  return `\`${text}\``;
}
