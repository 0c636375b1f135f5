import { gunzipSync } from 'node:zlib';

/** Encodings within encodings that are followed: base64 of an escaped text within JSON is three. */
const deepest = 3;
/** A run of letters and digits shorter than this holds no secret that is looked for. */
const shortestRun = 8;
/** What a packed text may unpack to; more than a configuration holds. */
const largest = 4 * 1024 * 1024;

/**
 * What stands in a text for somebody who decodes it: escapes of JSON and HCL, addresses, HTML, base64 (of UTF-8, UTF-16 and gzip) and hex, each
 * within another to the third level. The text itself is not among them. What does not decode to text gives nothing.
 */
export function readingsOf(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  let level: readonly string[] = [text];
  for (let depth = 0; depth < deepest && level.length > 0; depth++) {
    const next = level.flatMap(decoded).filter((one) => one !== text && !found.has(one));
    for (const one of next) found.add(one);
    level = [...new Set(next)];
  }
  return found;
}

function decoded(text: string): readonly string[] {
  const read = [unescaped(text), fromAddress(text), fromHtml(text), ...runsIn(text)];
  return read.filter((one) => one !== text);
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

/** What each run of base64 or hex in a text holds, where it holds text; line breaks within one count for nothing. */
function runsIn(text: string): readonly string[] {
  const runs = text.match(/[A-Za-z0-9+/_-]{4,}(?:\r?\n[A-Za-z0-9+/_-]+)*/g) ?? [];
  return runs
    .map((run) => run.replaceAll(/\s/g, ''))
    .filter((run) => run.length >= shortestRun)
    .flatMap((run) => [
      ...textOf(Buffer.from(run, 'base64')),
      ...(/^[0-9A-Fa-f]+$/.test(run) && run.length % 2 === 0 ? textOf(Buffer.from(run, 'hex')) : []),
    ]);
}

function textOf(bytes: Buffer): readonly string[] {
  const unpacked = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipped(bytes) : bytes;
  return [...asText(unpacked, 'utf-8'), ...(unpacked.includes(0) ? asText(unpacked, 'utf-16le') : [])];
}

function gunzipped(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: largest });
  } catch {
    return bytes;
  }
}

function asText(bytes: Buffer, encoding: 'utf-8' | 'utf-16le'): readonly string[] {
  try {
    return [new TextDecoder(encoding, { fatal: true }).decode(bytes)];
  } catch {
    return [];
  }
}
