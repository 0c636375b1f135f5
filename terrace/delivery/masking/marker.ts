/** The key of the object that stands in a masked plan for a sensitive value; a key of a real map that begins so gets a `'` at its end. */
export const maskedKey = 'terrace:masked';

/** What stands within a longer text for a sensitive part of it. */
export const maskedText = '(sensitive)';

/** Stands for a sensitive value. Two of one unit's plan are equal exactly where their digests are; nothing else follows from them. */
export interface MaskedValue {
  /** HMAC-SHA-256 (32 hex digits) with a random key that only the encrypted part of the bundle holds. */
  readonly [maskedKey]: string;
}

/** Gives the digest of a masking marker, undefined for any other value. */
export function maskedDigest(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const keys = Object.keys(value);
  if (keys.length !== 1 || keys[0] !== maskedKey) return undefined;
  const digest: unknown = Reflect.get(value, maskedKey);
  return typeof digest === 'string' ? digest : undefined;
}
