/** How many addresses at the ends of a block a cloud keeps for itself. */
interface Kept {
  readonly first: number;
  readonly last: number;
}

/** The first address of an IPv4 block that nobody has; undefined where the text is no such block, or all are taken. */
export function freeAddressIn(block: string, taken: ReadonlySet<string>, { first, last }: Kept): string | undefined {
  const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(block)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const start = parts.slice(0, 4).reduce((sum, part) => sum * 256 + part, 0);
  const end = start + 2 ** (32 - (parts[4] ?? 32)) - last;
  for (let at = start + first; at < end; at++) {
    const address = [24, 16, 8, 0].map((shift) => Math.floor(at / 2 ** shift) % 256).join('.');
    if (!taken.has(address)) return address;
  }
  return undefined;
}
