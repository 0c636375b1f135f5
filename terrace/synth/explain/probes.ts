/** Values that are tried in one place at most: each costs a build. */
const mostProbes = 6;

/**
 * Other values to try in a setting's place, the most promising first: those that other environments have in it, then near ones of the same type. Not
 * every one is valid where it stands. Pure.
 */
export function probesOf(value: unknown, elsewhere: readonly unknown[]): readonly unknown[] {
  const own = JSON.stringify(value);
  const seen = new Set([own]);
  return [...elsewhere, ...nearOnes(value)]
    .filter((one) => {
      const text = JSON.stringify(one);
      if (text === undefined || seen.has(text)) return false;
      seen.add(text);
      return typeof one === typeof value || value === null;
    })
    .slice(0, mostProbes);
}

function nearOnes(value: unknown): readonly unknown[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number') return [value + 1, value - 1, value * 2, value / 2];
  if (typeof value === 'string') return [withOtherDigit(value), `${value}x`, `x${value}`].filter((one) => one !== value);
  if (!Array.isArray(value)) return [];
  const last: unknown = value.at(-1);
  const others = nearOnes(last).map((one) => [...value.slice(0, -1), one]);
  return [...(value.length > 1 ? [value.slice(0, -1)] : []), ...others];
}

/** Its last digit is another: what is a version, a number or an address stays one. */
function withOtherDigit(text: string): string {
  return text.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10));
}
