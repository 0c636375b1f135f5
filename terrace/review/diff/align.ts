import { at, canonicalText, isMap, sameValue, type ShownValue } from '../values/shown-value';

/** A pair of list positions; one side is absent where the element came or went. */
export interface Pair {
  readonly before?: number;
  readonly after?: number;
}

/** What tells elements of a list of blocks apart, best first. */
const identities = [
  'Sid',
  'sid',
  'id',
  'key',
  'name',
  'rule_number',
  'priority',
  'container_name',
  'ref',
  'label',
  'description',
  'effect_id',
  'device_name',
  'domain_name',
  'port',
  'listen_port',
  'from_port',
  'action',
  'type',
];

/** Beyond this many possible pairs the rest is matched by position. */
const mostPairs = 40_000;

function labelOf(value: ShownValue | undefined, name: string): string | undefined {
  const found = at(value, name);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
}

/** The identity that is present and unique among the values; undefined where none is. */
function identityOf(values: readonly ShownValue[]): string | undefined {
  return identities.find((name) => {
    const labels = values.map((value) => labelOf(value, name));
    return labels.every((label) => label !== undefined && label !== '') && new Set(labels).size === labels.length;
  });
}

/** A short name for a list's element, from the identity that all its siblings have. */
export function labelsOf(list: readonly ShownValue[]): readonly (string | undefined)[] {
  const identity = list.length > 0 && list.every(isMap) ? identityOf(list) : undefined;
  return list.map((value) => (identity === undefined ? undefined : labelOf(value, identity)));
}

/** Share of equal entries of two blocks, 0 to 1. */
function likeness(a: ShownValue, b: ShownValue): number {
  if (!isMap(a) || !isMap(b)) return 0;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  let equal = 0;
  for (const name of names) if (sameValue(at(a, name), at(b, name))) equal++;
  return names.size === 0 ? 0 : equal / names.size;
}

/**
 * Matches the elements of two lists of blocks, so that an inserted element does not change all after it (terraform
 * writes sets as lists): equal ones first, then by identity, then the most alike. Ordered as `after`, what went at the end.
 */
export function align(before: readonly ShownValue[], after: readonly ShownValue[]): readonly Pair[] {
  const partner = new Map<number, number>();
  const equal = new Map<string, number[]>();
  before.forEach((value, index) => {
    const text = canonicalText(value);
    equal.set(text, [...(equal.get(text) ?? []), index]);
  });
  after.forEach((value, index) => {
    const match = equal.get(canonicalText(value))?.shift();
    if (match !== undefined) partner.set(index, match);
  });
  const taken = new Set(partner.values());
  let restBefore = before.map((_, index) => index).filter((index) => !taken.has(index));
  let restAfter = after.map((_, index) => index).filter((index) => !partner.has(index));
  const match = (a: number, b: number): void => {
    partner.set(a, b);
    restBefore = restBefore.filter((index) => index !== b);
    restAfter = restAfter.filter((index) => index !== a);
  };
  const identity =
    identityOf(before) === undefined ? undefined : identities.find((name) => [before, after].every((list) => unique(list, name)));
  if (identity !== undefined) {
    const byLabel = new Map(restBefore.map((index) => [labelOf(before[index], identity), index]));
    for (const index of restAfter) {
      const found = byLabel.get(labelOf(after[index], identity));
      if (found !== undefined) match(index, found);
    }
  } else if (restBefore.length * restAfter.length <= mostPairs) {
    const pairs = restAfter.flatMap((a) => restBefore.map((b) => ({ a, b, score: likeness(before[b] ?? null, after[a] ?? null) })));
    for (const { a, b } of pairs.filter((pair) => pair.score >= 0.5).sort((x, y) => y.score - x.score || x.a - y.a || x.b - y.b)) {
      if (restAfter.includes(a) && restBefore.includes(b)) match(a, b);
    }
  } else {
    for (const index of restAfter) if (restBefore.includes(index)) match(index, index);
  }
  // The only ones left on either side are one another's, however little they share.
  const [lastBefore, lastAfter] = [restBefore[0], restAfter[0]];
  if (restBefore.length === 1 && restAfter.length === 1 && lastBefore !== undefined && lastAfter !== undefined)
    match(lastAfter, lastBefore);
  return [
    ...after.map((_, index) => (partner.has(index) ? { before: partner.get(index) ?? index, after: index } : { after: index })),
    ...restBefore.map((index) => ({ before: index })),
  ];
}

function unique(list: readonly ShownValue[], name: string): boolean {
  const labels = list.map((value) => labelOf(value, name));
  return labels.every((label) => label !== undefined && label !== '') && new Set(labels).size === labels.length;
}
