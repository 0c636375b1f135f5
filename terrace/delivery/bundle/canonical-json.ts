import { canonicalText } from '../../base/canonical';
import { messageOf } from '../../base/message';
import { refused } from '../problems';

/**
 * Reads JSON that must stand in its canonical form, byte for byte: an appended byte, a second key of one name,
 * another order or another way to write a number is refused (E6076, exit 3).
 */
export function parseCanonical(bytes: Uint8Array, place: string): unknown {
  let value: unknown;
  let isCanonical: boolean;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
    // What is nested too deep for this is no bundle either.
    isCanonical = canonicalText(value) === text;
  } catch (cause) {
    throw refused(
      'E6076',
      { place, found: `not JSON: ${messageOf(cause)}`, todo: 'get the bundle again from where it was made, or plan again' },
      cause,
    );
  }
  if (!isCanonical) {
    throw refused('E6076', {
      place,
      found: 'JSON that is not in canonical form: bytes were added, reordered or repeated',
      todo: 'get the bundle again from where it was made, or plan again',
    });
  }
  return value;
}
