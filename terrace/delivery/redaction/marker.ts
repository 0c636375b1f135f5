/** The key of the object that stands in a redacted plan for a sensitive value; a key of a real map that begins so gets a `'` at its end. */
export const redactedKey = 'terrace:redacted';

/** What stands within a longer text for a sensitive part of it. */
export const redactedText = '(sensitive)';

/** Stands for a sensitive value. Two of one unit's plan are equal exactly where their digests are; nothing else follows from them. */
export interface RedactedValue {
  /** HMAC-SHA-256 (32 hex digits) with a random key that only the encrypted part of the bundle holds. */
  readonly [redactedKey]: string;
}

/** Gives the digest of a redaction marker, undefined for any other value. */
export function redactedDigest(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const keys = Object.keys(value);
  if (keys.length !== 1 || keys[0] !== redactedKey) return undefined;
  const digest: unknown = Reflect.get(value, redactedKey);
  return typeof digest === 'string' ? digest : undefined;
}
