/** Letters of the zones that an account sees in a region, where they are not a, b and c. */
const lettersOf: Readonly<Record<string, readonly string[]>> = {
  'us-east-1': ['a', 'b', 'c', 'd', 'e', 'f'],
  'us-west-1': ['a', 'c'],
  'us-west-2': ['a', 'b', 'c', 'd'],
  'ap-northeast-1': ['a', 'c', 'd'],
  'ap-northeast-2': ['a', 'b', 'c', 'd'],
  'ca-central-1': ['a', 'b', 'd'],
};

/** A zone by its name in this account and its id in every account. */
export interface Zone {
  readonly name: string;
  readonly id: string;
}

/** The availability zones of a region: `eu-central-1a` is `euc1-az1`. */
export function zonesOf(region: string): readonly Zone[] {
  const short = shortRegion(region);
  return (lettersOf[region] ?? ['a', 'b', 'c']).map((letter, index) => ({ name: `${region}${letter}`, id: `${short}-az${index + 1}` }));
}

/** How zone ids and endpoints write a region: `eu-central-1` is `euc1`, `ap-southeast-2` is `apse2`, `us-gov-west-1` is `usgw1`. */
export function shortRegion(region: string): string {
  const [area = '', ...rest] = region.split('-');
  const number = rest.pop() ?? '';
  const directions: Readonly<Record<string, string>> = { northeast: 'ne', northwest: 'nw', southeast: 'se', southwest: 'sw' };
  return `${area}${rest.map((word) => directions[word] ?? word.charAt(0)).join('')}${number}`;
}
