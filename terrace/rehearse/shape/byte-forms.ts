/** Fewer characters than these stand for too few bytes to be looked for in another writing. */
const shortestText = 8;
const shortestBytes = 16;

/**
 * Other writings of what a text stands for, by their names: its own bytes in hexadecimal; where it is hexadecimal or base64 itself, as random ids
 * are, the bytes that it stands for in the others, and as one number. Without the text itself. Pure.
 */
export function byteFormsOf(text: string): ReadonlyMap<string, string> {
  const own = text.length < shortestText ? [] : writingsOf('text', Buffer.from(text)).filter(([name]) => name.includes('hex'));
  const hex = text.length >= shortestBytes && text.length % 2 === 0 && /^[0-9a-f]+$/i.test(text) ? Buffer.from(text, 'hex') : undefined;
  const base64 = text.length >= shortestBytes && /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
  return new Map(
    [
      ...own,
      ...(hex === undefined ? [] : writingsOf('of hex', hex)),
      ...(base64 === undefined ? [] : writingsOf('of base64', base64)),
    ].filter(([, form]) => form !== text),
  );
}

function writingsOf(name: string, bytes: Buffer): readonly (readonly [string, string])[] {
  const hex = bytes.toString('hex');
  return [
    [`${name}: hex`, hex],
    [`${name}: HEX`, hex.toUpperCase()],
    [`${name}: base64`, bytes.toString('base64')],
    [`${name}: base64url`, bytes.toString('base64url')],
    [`${name}: number`, BigInt(`0x${hex}`).toString()],
  ];
}
