import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { isErrno } from '../../base/errno';
import { gunzip } from '../../base/unpack';
import { refused } from '../problems';
import { messageOf } from '../../base/message';

const block = 512;

/**
 * A tar archive of plain files, gzip-compressed: the same files give the same bytes. Names are sorted, times are zero.
 * Names longer than 255 bytes get a pax header.
 */
export function packArchive(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const parts: Buffer[] = [];
  for (const [name, content] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (Buffer.byteLength(name) > 100) parts.push(...entry('pax', paxPath(name), 'x'));
    parts.push(...entry(name, content, '0'));
  }
  parts.push(Buffer.alloc(2 * block));
  return gzipSync(Buffer.concat(parts), { level: 6 });
}

/**
 * Reads such an archive strictly and in bounded memory: a second file of one name, anything that is no plain file, a path that leaves the archive, bytes after
 * its end, a truncated file or one made to fill a memory are E6004 (exit 3).
 */
export async function readArchive(file: string): Promise<ReadonlyMap<string, Uint8Array>> {
  let tar: Buffer;
  try {
    tar = gunzip(readFileSync(file));
  } catch (cause) {
    throw notArchive(
      file,
      isErrno(cause, 'ERR_BUFFER_TOO_LARGE')
        ? 'it unpacks to far more than a bundle holds'
        : `not a gzip-compressed archive: ${messageOf(cause, file)}`,
      cause,
    );
  }
  return unpack(tar, file);
}

function unpack(tar: Buffer, place: string): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let longName: string | undefined;
  let at = 0;
  for (;;) {
    if (at + block > tar.length) throw notArchive(place, 'it ends without its end mark');
    const header = tar.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) break;
    if (readOctal(header, 148, 8) !== checksum(header)) throw notArchive(place, `a header at byte ${at} is damaged`);
    const size = readOctal(header, 124, 12);
    const content = tar.subarray(at + block, at + block + size);
    if (content.length < size) throw notArchive(place, 'its last file is cut off');
    at += block + Math.ceil(size / block) * block;
    const type = String.fromCharCode(header[156] ?? 0);
    const name = longName ?? readText(header, 0, 100);
    longName = undefined;
    if (type === 'x') {
      longName = /^\d+ path=(.*)\n$/s.exec(content.toString('utf8'))?.[1];
      if (longName === undefined) throw notArchive(place, 'a pax header that is not a path');
      continue;
    }
    if (type !== '0') throw notArchive(place, `${name} is not a plain file`);
    if (
      name === '' ||
      name.startsWith('/') ||
      name.includes('\\') ||
      name.split('/').some((part) => part === '' || part === '.' || part === '..')
    )
      throw notArchive(place, `a path that is not inside: ${JSON.stringify(name)}`);
    if (files.has(name)) throw notArchive(place, `two files of the name ${name}`);
    files.set(name, content);
  }
  if (tar.length !== at + 2 * block || !tar.subarray(at).every((byte) => byte === 0)) throw notArchive(place, 'bytes after its end');
  return files;
}

function entry(name: string, content: Uint8Array, type: '0' | 'x'): readonly Buffer[] {
  const header = Buffer.alloc(block);
  header.write(Buffer.byteLength(name) > 100 ? 'long' : name, 0, 100, 'utf8');
  header.write('0000600\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write(type, 156);
  header.write('ustar\u000000', 257, 'latin1');
  header.write(`${checksum(header).toString(8).padStart(6, '0')}\0 `, 148);
  const padding = (block - (content.length % block)) % block;
  return [header, Buffer.from(content), Buffer.alloc(padding)];
}

/** `<length> path=<name>\n`, where the length counts itself. */
function paxPath(name: string): Buffer {
  const rest = ` path=${name}\n`;
  let length = Buffer.byteLength(rest) + 1;
  while (Buffer.byteLength(`${length}${rest}`) !== length) length = Buffer.byteLength(`${length}${rest}`);
  return Buffer.from(`${length}${rest}`);
}

function checksum(header: Buffer): number {
  let sum = 0;
  for (let index = 0; index < block; index++) sum += index >= 148 && index < 156 ? 32 : (header[index] ?? 0);
  return sum;
}

function readText(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

function readOctal(header: Buffer, start: number, length: number): number {
  const text = readText(header, start, length).trim();
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
}

function notArchive(place: string, found: string, cause?: unknown) {
  return refused('E6004', { place, found, todo: 'get the archive again from where it was made' }, cause);
}
