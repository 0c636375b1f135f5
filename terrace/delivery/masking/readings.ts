import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';

import { isErrno } from '../../base/errno';

/** Encodings within encodings that are followed: base64 of an escaped text within JSON is three. */
const deepest = 3;
/** A run of letters and digits shorter than this holds no secret that is looked for. */
const shortestRun = 8;
/** Bytes that all of what is packed in a text may unpack to; more than a configuration holds. */
const largest = 16 * 1024 * 1024;
/** Between texts that were decoded side by side: no encoding goes on over it. */
const between = '\0\0';

/** More was packed than is unpacked. */
class TooMuch extends Error {}

/**
 * Whether something holds of what stands in a text for somebody who decodes it: escapes of JSON and HCL, addresses, HTML, base64 (of UTF-8, UTF-16
 * and gzip) and hex, each within another to the third level. The text itself is not asked about, and what does not decode to text gives nothing.
 * True also where more is packed in it than is looked at (16 MiB): nobody can say then that it does not hold.
 */
export function holdsOfReading(text: string, holds: (reading: string) => boolean): boolean {
  const seen = new Set([text]);
  const runs = new Runs();
  let level: readonly string[] = [text];
  try {
    for (let depth = 0; depth < deepest && level.length > 0; depth++) {
      const next = new Set(level.flatMap((one) => [unescaped(one), fromAddress(one), fromHtml(one), runs.decodedIn(one)]));
      level = [...next].filter((one) => one !== '' && !seen.has(one));
      for (const one of level) {
        if (holds(one)) return true;
        seen.add(one);
      }
    }
    return false;
  } catch (error) {
    if (error instanceof TooMuch) return true;
    throw error;
  }
}

/** As JSON, Go, YAML and HCL escape texts. */
function unescaped(text: string): string {
  if (!/\\|\$\$\{|%%\{/.test(text)) return text;
  return text
    .replaceAll(/\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))/gs, (_, long?: string, short?: string, char = '') => {
      const code = long ?? short;
      return code === undefined ? ({ n: '\n', r: '\r', t: '\t' }[char as string] ?? char) : String.fromCharCode(Number.parseInt(code, 16));
    })
    .replaceAll(/\$\$\{|%%\{/g, (mark) => mark.slice(1));
}

/** Byte by byte, since what is escaped may be a part of a character. */
function fromAddress(text: string): string {
  if (!/%[0-9A-Fa-f]{2}/.test(text)) return text;
  const bytes = Buffer.from(text.replaceAll('+', ' '), 'utf8');
  let end = 0;
  for (let at = 0; at < bytes.length; at++) {
    const escaped = bytes[at] === percent ? hexByte(bytes, at + 1) : undefined;
    bytes[end++] = escaped ?? bytes[at] ?? 0;
    if (escaped !== undefined) at += 2;
  }
  return bytes.toString('utf8', 0, end);
}

const percent = '%'.codePointAt(0);

function hexByte(bytes: Buffer, at: number): number | undefined {
  const [high, low] = [hexDigits[bytes[at] ?? 0], hexDigits[bytes[at + 1] ?? 0]];
  return high === undefined || low === undefined ? undefined : high * 16 + low;
}

/** The value of each hexadecimal digit by its code. */
const hexDigits: readonly (number | undefined)[] = Array.from({ length: 256 }, (_, code) => {
  const digit = String.fromCharCode(code);
  return /[0-9A-Fa-f]/.test(digit) ? Number.parseInt(digit, 16) : undefined;
});

const names: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function fromHtml(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,6})|#x([0-9A-Fa-f]{1,5})|(amp|lt|gt|quot|apos));/g, (_, decimal?: string, hex?: string, name = '') =>
    decimal !== undefined || hex !== undefined
      ? String.fromCodePoint(decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal))
      : (names[name as string] ?? ''),
  );
}

const [lineFeed, carriageReturn] = [10, 13];
/** Letters and digits of base64 in both its alphabets, by their codes. */
const inRuns: readonly boolean[] = Array.from({ length: 128 }, (_, code) => /[A-Za-z0-9+/_-]/.test(String.fromCharCode(code)));

/**
 * Letters and digits of base64, at least four of them together, with the lines of them that follow. A loop instead of an expression: an expression
 * remembers each place where it might go back to, and a text of some millions of letters is more than its memory takes.
 */
function runsIn(text: string): readonly string[] {
  const isIn = (at: number): boolean => inRuns[text.charCodeAt(at)] === true;
  const pastLetters = (from: number): number => {
    let at = from;
    while (isIn(at)) at++;
    return at;
  };
  const pastBreak = (at: number): number => {
    const feed = text.charCodeAt(at) === carriageReturn ? at + 1 : at;
    return text.charCodeAt(feed) === lineFeed && isIn(feed + 1) ? feed + 1 : at;
  };
  const found: string[] = [];
  for (let at = 0; at < text.length; at++) {
    const start = at;
    at = pastLetters(at);
    if (at - start < 4) continue;
    for (let line = pastBreak(at); line > at; line = pastBreak(at)) at = pastLetters(line);
    found.push(text.slice(start, at));
  }
  return found;
}

/**
 * What may be one run where it goes over several lines: all of them, with and without the first, each of them, and lines of one length with a
 * shorter one at their end, as programs break them. A word on the line before would otherwise shift all that follows.
 */
function overLines(run: string): readonly string[] {
  const lines = run.split(/\r?\n/);
  if (lines.length === 1) return lines;
  const blocks: string[] = [];
  let width = 0;
  for (const line of lines) {
    if (width > 0 && line.length <= width) blocks.push(`${blocks.pop() ?? ''}${line}`);
    else blocks.push(line);
    width = line.length < width ? 0 : line.length;
  }
  return [lines.join(''), lines.slice(1).join(''), ...lines, ...blocks];
}

/** Runs of base64 and hex: each is decoded once, however often it stands somewhere, and all together unpack to no more than is looked at. */
class Runs {
  readonly #known = new Set<string>();
  #left = largest;

  /** What each run in a text holds that was not met before, where it holds text. */
  decodedIn(text: string): string {
    const found = new Set(runsIn(text).flatMap(overLines));
    const fresh = [...found].filter((run) => run.length >= shortestRun && !this.#known.has(run));
    for (const run of fresh) this.#known.add(run);
    return fresh.flatMap((run) => this.#decoded(run)).join(between);
  }

  #decoded(run: string): readonly string[] {
    const isHex = run.length % 2 === 0 && !/[^0-9A-Fa-f]/.test(run);
    return [...this.#text(Buffer.from(run, 'base64')), ...(isHex ? this.#text(Buffer.from(run, 'hex')) : [])];
  }

  #text(bytes: Buffer): readonly string[] {
    const unpacked = bytes[0] === 0x1f && bytes[1] === 0x8b ? this.#gunzipped(bytes) : bytes;
    return [...(isUtf8(unpacked) ? [unpacked.toString('utf8')] : []), ...(unpacked.includes(0) ? [unpacked.toString('utf16le')] : [])];
  }

  #gunzipped(bytes: Buffer): Buffer {
    try {
      const unpacked = gunzipSync(bytes, { maxOutputLength: Math.max(this.#left, 1) });
      this.#left -= unpacked.length;
      return unpacked;
    } catch (error) {
      if (isErrno(error, 'ERR_BUFFER_TOO_LARGE')) throw new TooMuch('packed');
      return bytes;
    }
  }
}
