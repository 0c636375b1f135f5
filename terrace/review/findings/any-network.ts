/** Sources that stand for the whole internet, in the words of the providers. */
const words = new Set(['*', 'any', 'all', 'internet', '<nw>/0', '/0', '0.0.0.0']);

/** Networks this large cannot be one's own: `0.0.0.0/1` is half of the internet. */
const largestV4 = 8;
const largestV6 = 19;

/** True for an address range that is open to everybody, or nearly. */
export function isAnyNetwork(source: string): boolean {
  const text = source.trim().toLowerCase();
  if (words.has(text)) return true;
  const [address, bits] = text.split('/');
  if (address === undefined || bits === undefined || !/^\d{1,3}$/.test(bits)) return false;
  if (/^f[cd]/.test(address)) return false;
  return Number(bits) < (address.includes(':') ? largestV6 : largestV4);
}
