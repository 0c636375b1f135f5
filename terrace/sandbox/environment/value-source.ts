import { createHash } from 'node:crypto';

/** Where a generated value's place and randomness come from; each call of a drawing function gives the next value. */
export interface ValueSource {
  readonly account: string;
  readonly region: string;
  /** A whole number from 0 to below the limit. */
  number(limit: number): number;
  /** Characters of an alphabet. */
  letters(alphabet: string, length: number): string;
  bytes(length: number): Buffer;
  uuid(): string;
}

export const hex = '0123456789abcdef';
export const lower = 'abcdefghijklmnopqrstuvwxyz';
export const upperDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
export const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A source that gives the same values for the same seed. */
export function valueSource(seed: string, place: { readonly account: string; readonly region: string }): ValueSource {
  let counter = 0;
  const bytes = (length: number): Buffer => {
    const blocks: Buffer[] = [];
    for (let have = 0; have < length; have += 32) {
      blocks.push(createHash('sha256').update(`${seed}:${counter}`).digest());
      counter += 1;
    }
    return Buffer.concat(blocks).subarray(0, length);
  };
  const letters = (alphabet: string, length: number): string => [...bytes(length)].map((byte) => alphabet[byte % alphabet.length]).join('');
  return {
    ...place,
    bytes,
    letters,
    number: (limit) => bytes(4).readUInt32BE(0) % limit,
    uuid: () => {
      const digits = letters(hex, 32);
      return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
    },
  };
}
