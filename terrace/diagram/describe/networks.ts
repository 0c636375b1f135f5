/** Sources of a rule that mean everybody. */
const everybody = new Set(['0.0.0.0/0', '::/0', '*', 'any', 'internet']);

export function isEverybody(source: string): boolean {
  return everybody.has(source.toLowerCase());
}

/** True where the two IPv4 networks, or a network and an address, have an address in common. False for anything that is no IPv4 network. */
export function overlaps(one: string, other: string): boolean {
  const [left, right] = [rangeOf(one), rangeOf(other)];
  return left !== undefined && right !== undefined && left[0] <= right[1] && right[0] <= left[1];
}

/** True for a network that no packet of the internet comes from (RFC 1918, RFC 6598 and link-local). */
export function isPrivate(network: string): boolean {
  return ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'].some((one) => overlaps(one, network));
}

/** First and last address of a network as numbers. */
function rangeOf(network: string): readonly [number, number] | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(network);
  if (match === null) return undefined;
  const address = match.slice(1, 5).reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(match[5] ?? 32));
  const first = Math.floor(address / size) * size;
  return [first, first + size - 1];
}
