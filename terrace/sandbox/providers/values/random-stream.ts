import { createHash } from 'node:crypto';

/** Stable pseudo-random texts from a seed: the same seed gives the same sequence, on every machine. */
export class RandomStream {
  private counter = 0;

  constructor(private readonly seed: string) {}

  hex(length: number): string {
    let text = '';
    while (text.length < length)
      text += createHash('sha256')
        .update(`${this.seed}:${this.counter++}`)
        .digest('hex');
    return text.slice(0, length);
  }

  /** Decimal digits, the first never zero. */
  digits(length: number): string {
    const text = Array.from(this.hex(length), (digit) => String(Number.parseInt(digit, 16) % 10)).join('');
    return text.startsWith('0') ? `1${text.slice(1)}` : text;
  }

  /** Characters of an alphabet. */
  text(length: number, alphabet: string): string {
    const bytes = Buffer.from(this.hex(length * 4), 'hex');
    return Array.from({ length }, (_, index) => alphabet[bytes.readUInt16BE(index * 2) % alphabet.length] ?? '').join('');
  }

  uuid(): string {
    const hex = this.hex(32);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  /** A whole number from 0 to below the bound. */
  number(bound: number): number {
    return Number.parseInt(this.hex(8), 16) % bound;
  }
}

export const lowerCase = 'abcdefghijklmnopqrstuvwxyz';
export const upperCase = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
export const decimals = '0123456789';
