import { canonicalText } from '../../base/canonical';
import { messageOf } from '../../base/message';
import { refused } from '../problems';

/**
 * Reads JSON that must stand in its canonical form, byte for byte: an appended byte, a second key of one name,
 * another order or another way to write a number is refused (E6076, exit 3).
 */
export function parseCanonical(bytes: Uint8Array, place: string): unknown {
  let value: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (cause) {
    throw refused(
      'E6076',
      { place, found: `not JSON: ${messageOf(cause)}`, todo: 'take the bundle from where it was made, or plan again' },
      cause,
    );
  }
  if (canonicalText(value) !== text) {
    throw refused('E6076', {
      place,
      found: 'JSON that is not in canonical form: bytes were added, reordered or repeated',
      todo: 'take the bundle from where it was made, or plan again',
    });
  }
  return value;
}
