import { createHash, createHmac } from 'node:crypto';

import canonicalize from 'canonicalize';

/** The one text of a JSON value (RFC 8785): sorted keys, no blanks, one form of each number and string. */
export function canonicalText(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('undefined has no JSON text');
  return text;
}

/** SHA-256 in lower-case hex. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** HMAC-SHA-256 of a value's canonical text in lower-case hex: equal exactly where the values are, of no use without the key. */
export function keyedDigest(key: Uint8Array, value: unknown): string {
  return createHmac('sha256', key).update(canonicalText(value)).digest('hex');
}
