/** One file of an archive. */
export interface ZipEntry {
  /** Relative, with `/`. */
  readonly name: string;
  readonly content: string;
}

/**
 * A zip archive of a few small text files, stored without compression and dated 1980-01-01, so that the same files give the same
 * bytes on every machine. No folders, no ZIP64.
 */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const content = Buffer.from(entry.content);
    const common = commonFields(name, content);
    const local = Buffer.concat([signature(0x04034b50), common, name, content]);
    const central = Buffer.concat([
      signature(0x02014b50),
      uint16(20 | (3 << 8)),
      common,
      uint16(0),
      uint16(0),
      uint16(0),
      uint32((0o100644 << 16) >>> 0),
      uint32(offset),
      name,
    ]);
    locals.push(local);
    directory.push(central);
    offset += local.length;
  }
  const size = directory.reduce((sum, one) => sum + one.length, 0);
  const end = Buffer.concat([
    signature(0x06054b50),
    uint16(0),
    uint16(0),
    uint16(entries.length),
    uint16(entries.length),
    uint32(size),
    uint32(offset),
    uint16(0),
  ]);
  return Buffer.concat([...locals, ...directory, end]);
}

/** Version, flags (UTF-8 names), method (stored), time, date, CRC, sizes, length of name and extra field: alike in both headers. */
function commonFields(name: Buffer, content: Buffer): Buffer {
  return Buffer.concat([
    uint16(20),
    uint16(0x0800),
    uint16(0),
    uint16(0),
    uint16(0x21),
    uint32(crc32(content)),
    uint32(content.length),
    uint32(content.length),
    uint16(name.length),
    uint16(0),
  ]);
}

const signature = uint32;

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

function crc32(content: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of content) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
