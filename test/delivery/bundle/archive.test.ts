import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { packArchive, readArchive } from '../../../terrace/delivery/bundle/archive';
import { readContent } from '../../../terrace/delivery/bundle/content';
import { refuseForeignPlace, writeBundle } from '../../../terrace/delivery/bundle/write';
import { temporaryFolder } from '../../_helpers/sandbox';

const folder = temporaryFolder('terrace-archive-');
afterAll(() => rmSync(folder, { recursive: true }));

function stored(tar: Uint8Array): string {
  const file = path.join(folder, 'archive.tar.gz');
  writeFileSync(file, tar);
  return file;
}

/** Entries in the order of their names. */
function byName(entries: ReadonlyMap<string, Uint8Array>): readonly (readonly [string, Uint8Array])[] {
  return [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

const files = new Map([
  ['bundle.json', Buffer.from('{}')],
  [`units/${'long-name/'.repeat(20)}file`, Buffer.from('x'.repeat(1000))],
  ['units/empty', Buffer.alloc(0)],
]);

test('what is packed is read again, long names and empty files too', async () => {
  const read = await readArchive(stored(packArchive(files)));
  expect(byName(read)).toEqual(byName(files));
});

test('the same files give the same bytes, in whatever order they come', () => {
  expect(Buffer.from(packArchive(new Map([...files].toReversed())))).toEqual(Buffer.from(packArchive(files)));
});

test('any names and contents survive', async () => {
  const part = fc.stringMatching(/^[a-zA-Z0-9_äß.-]{1,40}$/).filter((name) => name !== '.' && name !== '..');
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(
        fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/')),
        fc.uint8Array({ maxLength: 2000 }),
      ),
      async (content) => {
        const wanted = new Map(Object.entries(content).map(([name, bytes]) => [name, Buffer.from(bytes)]));
        expect(byName(await readArchive(stored(packArchive(wanted))))).toEqual(byName(wanted));
      },
    ),
    { numRuns: 50 },
  );
});

/** A tar with one entry changed. */
function tampered(change: (tar: Buffer) => Buffer): string {
  return stored(gzipSync(change(gunzipSync(packArchive(new Map([['bundle.json', Buffer.from('{}')]]))))));
}

function withHeader(tar: Buffer, write: (header: Buffer) => void): Buffer {
  const copy = Buffer.from(tar);
  const header = copy.subarray(0, 512);
  write(header);
  header.write('        ', 148);
  header.write(
    `${[...header]
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return copy;
}

test.each([
  ['two files of one name', (tar: Buffer) => Buffer.concat([tar.subarray(0, 1024), tar])],
  ['bytes after its end', (tar: Buffer) => Buffer.concat([tar, Buffer.alloc(512)])],
  ['no end mark', (tar: Buffer) => tar.subarray(0, 1024)],
  ['a file that is cut off', (tar: Buffer) => tar.subarray(0, 513)],
  [
    'a damaged header',
    (tar: Buffer) => {
      const copy = Buffer.from(tar);
      copy[0] = 0x63;
      return copy;
    },
  ],
  ['a link', (tar: Buffer) => withHeader(tar, (header) => header.write('2', 156))],
  ['an absolute path', (tar: Buffer) => withHeader(tar, (header) => header.write('/etc/passwd', 0))],
  ['a path that leaves it', (tar: Buffer) => withHeader(tar, (header) => header.write('../evil.txt', 0))],
])('an archive with %s is E6004 and ends with 3', async (_name, change) => {
  const error: unknown = await readArchive(tampered(change)).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ exitCode: 3, problems: [{ code: 'E6004' }] });
});

test('a file that is no archive is E6004', async () => {
  await expect(readArchive(stored(Buffer.from('hello')))).rejects.toThrow('E6004');
});

test('a folder with a link in it is refused', async () => {
  const place = path.join(folder, 'linked');
  mkdirSync(place);
  writeFileSync(path.join(place, 'bundle.json'), '{}');
  symlinkSync('/etc/passwd', path.join(place, 'secret'));
  await expect(readContent(place)).rejects.toThrow('E6080');
});

test('a place that holds something else than a bundle is not overwritten', () => {
  const place = path.join(folder, 'mine');
  mkdirSync(place);
  writeFileSync(path.join(place, 'notes.txt'), 'keep');
  expect(() => writeBundle(place, files)).toThrow('E6027');
});

test('a bundle may stand where nothing, an empty folder or an older bundle is, and an archive where a file is', () => {
  const older = path.join(folder, 'older');
  writeBundle(older, files);
  mkdirSync(path.join(folder, 'vacant'));
  writeFileSync(path.join(folder, 'older.tar.gz'), 'x');
  for (const place of ['older', 'vacant', 'older.tar.gz', 'not/there/yet'])
    expect(() => refuseForeignPlace(path.join(folder, place))).not.toThrow();
  mkdirSync(path.join(folder, 'folder.tar.gz'));
  expect(() => refuseForeignPlace(path.join(folder, 'folder.tar.gz'))).toThrow('E6027');
});

test('a small archive of JSON that would fill a memory once it is read is refused before that', async () => {
  // 24 MB of empty arrays: 50 kB packed, a gigabyte and more as values.
  const bomb = packArchive(new Map([['bundle.json', Buffer.from(`[${'[],'.repeat(9_000_000)}[]]`)]]));
  expect(bomb.length).toBeLessThan(200_000);
  await expect(readArchive(stored(bomb))).rejects.toThrow('it unpacks to far more than a bundle holds');
});

test('a folder and an archive of one bundle have one hash', async () => {
  writeBundle(path.join(folder, 'as-folder'), files);
  writeBundle(path.join(folder, 'as-archive.tar.gz'), files);
  expect((await readContent(path.join(folder, 'as-folder'))).hash).toBe((await readContent(path.join(folder, 'as-archive.tar.gz'))).hash);
});

test('a place without bundle.json is E6001', async () => {
  mkdirSync(path.join(folder, 'empty'));
  await expect(readContent(path.join(folder, 'empty'))).rejects.toThrow('E6001');
  await expect(readContent(path.join(folder, 'absent'))).rejects.toThrow('E6001');
});

test('a disk that is full is E6027 and leaves the older bundle', async () => {
  const place = path.join(folder, 'kept');
  writeBundle(place, files);
  const broken = new Map<string, Uint8Array>([...files, ['bundle.json/below-a-file', Buffer.from('x')]]);
  expect(() => writeBundle(place, broken)).toThrow('E6027');
  expect((await readContent(place)).files.size).toBe(3);
});

test('a small archive that would fill a memory is refused, without unpacking all of it', async () => {
  const file = stored(gzipSync(Buffer.alloc(128 * 1024 * 1024)));
  await expect(readArchive(file)).rejects.toThrow('it unpacks to far more than a bundle holds');
});
