import { createHash, createHmac } from 'node:crypto';

import canonicalize from 'canonicalize';

import { messageOf, refused } from '../delivery/problems';

/** The one text of a JSON value (RFC 8785): sorted keys, no blanks, one form of each number and string. */
export function canonicalText(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('undefined has no JSON text');
  return text;
}

/**
 * Reads JSON that must stand in its canonical form, byte for byte: an appended byte, a second key of one name,
 * another order or another way to write a number is refused (E6002, exit 3).
 */
export function parseCanonical(bytes: Uint8Array, place: string): unknown {
  let value: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (cause) {
    throw refused(
      'E6002',
      { place, found: `not JSON: ${messageOf(cause)}`, todo: 'take the bundle from where it was made, or plan again' },
      cause,
    );
  }
  if (canonicalText(value) !== text) {
    throw refused('E6002', {
      place,
      found: 'JSON that is not in canonical form: bytes were added, reordered or repeated',
      todo: 'take the bundle from where it was made, or plan again',
    });
  }
  return value;
}

/** SHA-256 in lower-case hex. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** HMAC-SHA-256 of a value's canonical text in lower-case hex: equal exactly where the values are, of no use without the key. */
export function keyedDigest(key: Uint8Array, value: unknown): string {
  return createHmac('sha256', key).update(canonicalText(value)).digest('hex');
}
