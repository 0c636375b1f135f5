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

function fromAddress(text: string): string {
  if (!/%[0-9A-Fa-f]{2}/.test(text)) return text;
  return text
    .replaceAll('+', ' ')
    .replaceAll(/(?:%[0-9A-Fa-f]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}

const names: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function fromHtml(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,6})|#x([0-9A-Fa-f]{1,5})|(amp|lt|gt|quot|apos));/g, (_, decimal?: string, hex?: string, name = '') =>
    decimal !== undefined || hex !== undefined
      ? String.fromCodePoint(decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal))
      : (names[name as string] ?? ''),
  );
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
    const found = new Set((text.match(/[A-Za-z0-9+/_-]{4,}(?:\r?\n[A-Za-z0-9+/_-]+)*/g) ?? []).flatMap(overLines));
    const fresh = [...found].filter((run) => run.length >= shortestRun && !this.#known.has(run));
    for (const run of fresh) this.#known.add(run);
    return fresh.flatMap((run) => this.#decoded(run)).join(between);
  }

  #decoded(run: string): readonly string[] {
    const isHex = run.length % 2 === 0 && /^[0-9A-Fa-f]+$/.test(run);
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
