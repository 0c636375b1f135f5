import { gunzipSync, gzipSync } from 'node:zlib';

import { base64Cores, encodingsOf } from '../../delivery/masking/forms';
import { asObject, JsonNumber, type LosslessJson } from '../../state/lossless-json';
import { byteFormsOf } from './byte-forms';
import type { StandIn } from './stand-in';

/** A text shorter than this is replaced where it is the whole of a value, and not looked for elsewhere. */
const shortestPart = 6;
const shortestWhole = 4;
/** A run of base64 shorter than this holds no secret that is looked for. */
const shortestRun = 8;

/** Replaces secrets by their stand-ins wherever they stand: as a whole, inside longer values, in another encoding. */
export interface Replacing {
  readonly size: number;
  text(text: string): string;
  value(value: LosslessJson): LosslessJson;
}

/** What replaces these secrets. Longer ones win over what they hold. */
export function replacingBy(secrets: Iterable<string>, standIn: StandIn): Replacing {
  const whole = new Map<string, string>();
  const parts = new Map<string, string>();
  const cores = new Set<string>();
  for (const secret of new Set(secrets)) {
    if (secret.length < shortestWhole) continue;
    const other = standIn(secret);
    whole.set(secret, other);
    if (secret.length < shortestPart) continue;
    addPair(parts, secret, other);
    const rewritten = byteFormsOf(other);
    for (const [name, form] of byteFormsOf(secret)) if (!parts.has(form)) parts.set(form, rewritten.get(name) ?? standIn(form));
    for (const core of base64Cores(secret)) cores.add(core);
    const lines = secret.split(/\r?\n/);
    const others = other.split(/\r?\n/);
    // Lines of a PEM block are found one by one, as a template indents them.
    if (lines.length > 1)
      for (const [index, line] of lines.entries())
        if (line.length >= 16 && !line.startsWith('-----')) addPair(parts, line, others[index] ?? '');
  }
  const pattern = anyOf(parts.keys());
  const packed = anyOf(cores);
  const plain = (text: string): string =>
    pattern === undefined ? text : text.replace(pattern, (found) => parts.get(found) ?? standIn(found));
  const text = (given: string, depth = 0): string => {
    const known = whole.get(given);
    if (known !== undefined) return known;
    const replaced = plain(given);
    return packed === undefined || depth > 3 ? replaced : withRuns(replaced, packed, (inner) => text(inner, depth + 1), standIn);
  };
  const value = (given: LosslessJson): LosslessJson => {
    if (typeof given === 'string') return text(given);
    if (given instanceof JsonNumber) {
      const other = given.text.length >= 5 ? whole.get(given.text) : undefined;
      return other === undefined ? given : new JsonNumber(String(Number(other)));
    }
    if (isList(given)) return given.map(value);
    const members = asObject(given);
    return members === undefined ? given : Object.fromEntries(Object.entries(members).map(([name, one]) => [text(name), value(one)]));
  };
  return { size: whole.size, text: (given) => text(given), value };
}

function isList(value: LosslessJson): value is readonly LosslessJson[] {
  return Array.isArray(value);
}

function addPair(parts: Map<string, string>, secret: string, other: string): void {
  const others = encodingsOf(other);
  for (const [index, form] of encodingsOf(secret).entries()) if (!parts.has(form)) parts.set(form, others[index] ?? other);
  if (secret.length < 8) return;
  for (const [form, in_] of [
    [secret.toUpperCase(), other.toUpperCase()],
    [secret.toLowerCase(), other.toLowerCase()],
  ] as const)
    if (!parts.has(form)) parts.set(form, in_);
}

function anyOf(texts: Iterable<string>): RegExp | undefined {
  const longestFirst = [...texts].filter((one) => one !== '').toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1));
  if (longestFirst.length === 0) return undefined;
  return new RegExp(longestFirst.map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)).join('|'), 'g');
}

/**
 * Replaces inside base64: a run that decodes is decoded, replaced and encoded again; so is what `base64gzip` made. A run in which a
 * secret stands and that decodes to nothing gets a stand-in of its own: nothing of it stays.
 */
function withRuns(text: string, packed: RegExp, inner: (text: string) => string, standIn: StandIn): string {
  return text.replaceAll(/[A-Za-z0-9+/_-]{8,}={0,2}/g, (run) => {
    if (run.length < shortestRun) return run;
    const bytes = Buffer.from(run, 'base64');
    const unzipped = bytes[0] === 0x1f && bytes[1] === 0x8b ? unzip(bytes) : undefined;
    if (unzipped !== undefined) {
      const replaced = inner(unzipped);
      return replaced === unzipped ? run : encoded(gzipSync(replaced), run);
    }
    const wide = wideText(bytes);
    if (wide !== undefined) {
      const replaced = inner(wide.text);
      if (replaced !== wide.text) return encoded(wide.bytes(replaced), run);
    }
    packed.lastIndex = 0;
    const holds = packed.test(run);
    const decoded = bytes.toString('utf8');
    const isText = Buffer.from(decoded, 'utf8').equals(bytes);
    const replaced = isText ? inner(decoded) : decoded;
    if (isText && replaced !== decoded) return encoded(Buffer.from(replaced, 'utf8'), run);
    return holds ? standIn(run) : run;
  });
}

/** A text of two bytes a character, mostly ASCII, as `textencodebase64` makes it for Windows; undefined for any other bytes. */
function wideText(bytes: Buffer): { readonly text: string; bytes(text: string): Buffer } | undefined {
  if (bytes.length < 2 * shortestPart || bytes.length % 2 === 1) return undefined;
  const zeros = (from: 0 | 1): number => bytes.filter((byte, index) => index % 2 === from && byte === 0).length;
  const most = bytes.length * 0.4;
  if (zeros(1) >= most) return { text: bytes.toString('utf16le'), bytes: (text) => Buffer.from(text, 'utf16le') };
  if (zeros(0) < most) return undefined;
  return { text: Buffer.from(bytes).swap16().toString('utf16le'), bytes: (text) => Buffer.from(text, 'utf16le').swap16() };
}

function unzip(bytes: Buffer): string | undefined {
  try {
    return gunzipSync(bytes).toString('utf8');
  } catch {
    return undefined;
  }
}

/** In the alphabet of the run that it replaces, with padding where that had some. */
function encoded(bytes: Buffer, like: string): string {
  const text = /[-_]/.test(like) ? bytes.toString('base64url') : bytes.toString('base64');
  return like.length % 4 === 0 ? text : text.replace(/=+$/, '');
}
