import { createHash } from 'node:crypto';

import type { AttributeChange } from '../diff/attribute-change';
import { rank, type Finding } from '../findings/finding';
import type { ResourceChange } from '../plan/plan-model';
import { canonicalText, isMark, isSensitive, type ShownValue } from '../values/shown-value';

import type { ChangeGroup, ReviewedUnit } from './review';

/** Words of a unit's own place: what may differ in changes that are the same. */
function placeWords(unit: ReviewedUnit, account: string | undefined): readonly (readonly [string, string])[] {
  const words = [
    [unit.environment, '{environment}'],
    [unit.region, '{region}'],
    [account ?? '', '{account}'],
  ] as const;
  return words.filter(([word]) => word.length >= 3).toSorted(([a], [b]) => b.length - a.length);
}

function withoutPlace(text: string, words: readonly (readonly [string, string])[]): string {
  return words.reduce(
    (rest, [word, name]) =>
      rest.replaceAll(new RegExp(`(?<![A-Za-z0-9])${word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}(?![A-Za-z0-9])`, 'g'), name),
    text,
  );
}

/** The value for comparison over units: keyed digests differ from unit to unit, so only that it is sensitive counts. */
function comparable(value: ShownValue | undefined): ShownValue | undefined {
  if (isSensitive(value)) return '(sensitive)';
  if (Array.isArray(value)) return value.map((item: ShownValue) => comparable(item) ?? null);
  if (typeof value === 'object' && value !== null && !isMark(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, comparable(item) ?? null]));
  return value;
}

function elements({ elements: list }: AttributeChange): readonly ShownValue[] | undefined {
  return list === undefined
    ? undefined
    : [list.added.map((item) => comparable(item) ?? null), list.removed.map((item) => comparable(item) ?? null)];
}

function fingerprint(change: ResourceChange, found: readonly Finding[], words: readonly (readonly [string, string])[]): string {
  const attribute = (one: AttributeChange): ShownValue => [
    one.path.map((step) => (typeof step === 'string' ? step : (step.label ?? step.index))),
    one.kind,
    [...one.marks],
    // Of a document, a list or a text only what differs counts: the rest holds ids of the unit's own.
    ...(one.document?.map(attribute) ??
      one.lines?.map((line) => (line === null || line.kind === 'same' ? null : [line.kind, line.text])) ??
      elements(one) ?? [comparable(one.before) ?? null, comparable(one.after) ?? null]),
  ];
  const gone = change.action === 'delete' || change.action === 'forget';
  const facts: ShownValue = [
    change.address,
    change.type,
    change.action,
    change.createFirst,
    change.because ?? '',
    change.movedFrom ?? '',
    change.imported === undefined ? '' : 'imported',
    change.deposed ?? '',
    // What goes away has ids of its own in every unit: that it goes is what counts.
    gone ? [] : change.attributes.map(attribute),
    found.map(({ rule, reason, severity }) => [rule, gone ? '' : reason, severity]),
  ];
  return createHash('sha256')
    .update(withoutPlace(canonicalText(facts), words))
    .digest('hex');
}

const actionOrder = ['delete', 'replace', 'forget', 'update', 'create', 'none', 'read'];

/**
 * Groups the changes of all units: the same address, action, differences and findings, apart from the names of
 * environment, region and account, stand together once. `accounts` gives a unit's account id where it is known.
 */
export function groupChanges(
  units: readonly ReviewedUnit[],
  found: readonly Finding[],
  accounts: ReadonlyMap<string, string>,
): readonly ChangeGroup[] {
  const byChange = new Map<string, Finding[]>();
  for (const one of found) if (one.change !== undefined) byChange.set(one.change, [...(byChange.get(one.change) ?? []), one]);
  const groups = new Map<string, { change: ResourceChange; members: { unit: string; change: string }[]; findings: readonly Finding[] }>();
  for (const unit of units) {
    const words = placeWords(unit, accounts.get(unit.path));
    for (const change of unit.changes) {
      const own = byChange.get(change.id) ?? [];
      const print = `${unit.name} ${fingerprint(change, own, words)}`;
      const group = groups.get(print);
      if (group === undefined) groups.set(print, { change, members: [{ unit: unit.path, change: change.id }], findings: own });
      else group.members.push({ unit: unit.path, change: change.id });
    }
  }
  const order = new Map(units.map((unit, index) => [unit.path, index]));
  const worst = (group: Pick<ChangeGroup, 'findings'>): number => Math.min(99, ...group.findings.map(({ severity }) => rank(severity)));
  return [...groups.values()]
    .map((group) => ({ id: group.change.id, ...group }))
    .toSorted(
      (a, b) =>
        (order.get(a.change.unit) ?? 0) - (order.get(b.change.unit) ?? 0) ||
        b.members.length - a.members.length ||
        unitsKey(a).localeCompare(unitsKey(b)) ||
        worst(a) - worst(b) ||
        Number(a.change.noise) - Number(b.change.noise) ||
        actionOrder.indexOf(a.change.action) - actionOrder.indexOf(b.change.action) ||
        (a.change.address < b.change.address ? -1 : 1),
    );
}

/** The units of a group as one text: groups with the same stand under one heading. */
export function unitsKey(group: Pick<ChangeGroup, 'members'>): string {
  return group.members.map(({ unit }) => unit).join(' ');
}
