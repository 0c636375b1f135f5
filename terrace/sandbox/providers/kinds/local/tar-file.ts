import type { ArchiveEntry } from '../../../../base/zip-file';

/** A tar file in the ustar form; names beyond 100 bytes go to the prefix field. */
export function tarFile(entries: readonly ArchiveEntry[]): Buffer {
  return Buffer.concat([
    ...entries.flatMap((entry) => [header(entry), entry.bytes, Buffer.alloc((512 - (entry.bytes.length % 512)) % 512)]),
    Buffer.alloc(1024),
  ]);
}

function header(entry: ArchiveEntry): Buffer {
  const block = Buffer.alloc(512);
  const cut = Buffer.byteLength(entry.name) <= 100 ? -1 : entry.name.lastIndexOf('/', 154);
  block.write(entry.name.slice(cut + 1), 0, 100);
  block.write(entry.mode.toString(8).padStart(7, '0'), 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(entry.bytes.length.toString(8).padStart(11, '0'), 124);
  block.write('00000000000', 136);
  block.write('        ', 148);
  block.write('0', 156);
  block.write('ustar\x0000', 257);
  if (cut > 0) block.write(entry.name.slice(0, cut), 345, 155);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
