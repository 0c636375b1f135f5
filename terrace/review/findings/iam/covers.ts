import type { Condition } from './statement';

/**
 * True where every text that matches the pattern `inner` matches `outer` too. `*` is any text, `?` one character.
 * `inner`'s own wildcards must be met by a `*` (or, for `?`, by a `?`) of `outer`.
 */
export function covers(outer: string, inner: string): boolean {
  if (outer === '*' || outer === inner) return true;
  let reachable = new Set([0]);
  const skipStars = (positions: Set<number>): Set<number> => {
    const all = new Set(positions);
    for (const position of all) if (outer[position] === '*') all.add(position + 1);
    return all;
  };
  reachable = skipStars(reachable);
  for (const character of inner) {
    const next = new Set<number>();
    for (const position of reachable) {
      const wanted = outer[position];
      if (wanted === '*') next.add(position);
      else if (wanted === '?' ? character !== '*' : wanted === character) next.add(position + 1);
    }
    reachable = skipStars(next);
    if (reachable.size === 0) return false;
  }
  return reachable.has(outer.length);
}

/** Operators whose values are alternatives: fewer values allow less. */
const alternatives =
  /^(?:ForAllValues:|ForAnyValue:)?(?:String(?:Equals|EqualsIgnoreCase|Like)|Arn(?:Equals|Like)|IpAddress|Bool|NumericEquals|DateEquals|BinaryEquals|Null)(?:IfExists)?$/;
/** Operators whose values are exclusions: more values allow less. */
const exclusions =
  /^(?:ForAllValues:|ForAnyValue:)?(?:String(?:NotEquals|NotEqualsIgnoreCase|NotLike)|Arn(?:NotEquals|NotLike)|NotIpAddress|NumericNotEquals)(?:IfExists)?$/;
const patterns = /Like/;

/** True where `inner` lets through nothing that `outer` would not. */
function conditionCovers(outer: Condition, inner: Condition): boolean {
  if (outer.operator !== inner.operator || outer.key.toLowerCase() !== inner.key.toLowerCase()) return false;
  const reaches = (a: string, b: string): boolean => (patterns.test(outer.operator) ? covers(a, b) : a === b);
  if (alternatives.test(outer.operator)) return inner.values.every((value) => outer.values.some((other) => reaches(other, value)));
  if (exclusions.test(outer.operator)) return outer.values.every((value) => inner.values.some((other) => reaches(other, value)));
  return outer.values.length === inner.values.length && outer.values.every((value, index) => value === inner.values[index]);
}

/** True where a statement with the conditions `inner` applies only when one with `outer` does: it has at least those. */
export function conditionsCover(outer: readonly Condition[], inner: readonly Condition[]): boolean {
  return outer.every((condition) => inner.some((other) => conditionCovers(condition, other)));
}
