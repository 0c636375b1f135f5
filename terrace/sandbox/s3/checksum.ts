import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Checksum algorithms of S3, as the last part of the header `x-amz-checksum-<name>`. */
export const checksumNames = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const;
export type ChecksumName = (typeof checksumNames)[number];

/** A value as S3 writes it: base64 of the big-endian number or of the digest. */
export interface Checksum {
  readonly name: ChecksumName;
  readonly value: string;
}

/** Base64 checksum of a body. */
export function checksumOf(name: ChecksumName, body: Uint8Array): string {
  switch (name) {
    case 'crc32':
      return uint32(crc32(body));
    case 'crc32c':
      return uint32(crc32c(body));
    case 'crc64nvme':
      return crc64nvme(body);
    case 'sha1':
    case 'sha256':
      return createHash(name).update(body).digest('base64');
  }
}

/** Checksum over the checksums of a multipart upload's parts: `<base64>-<number of parts>`. */
export function compositeChecksum(name: ChecksumName, parts: readonly string[]): string {
  return `${checksumOf(name, Buffer.concat(parts.map((part) => Buffer.from(part, 'base64'))))}-${parts.length}`;
}

/** Hex MD5, which is a body's ETag without quotes. */
export function md5(body: Uint8Array): string {
  return createHash('md5').update(body).digest('hex');
}

function uint32(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes.toString('base64');
}

const castagnoli = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

function crc32c(body: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of body) value = (castagnoli[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** CRC-64/NVME, reflected polynomial 0x9a6c9329ac4bc9b5, as two halves because a BigInt per byte is slow. */
const nvme = Array.from({ length: 256 }, (_, byte) => {
  let high = 0;
  let low = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    const odd = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (odd) {
      high ^= 0x9a6c9329;
      low ^= 0xac4bc9b5;
    }
  }
  return { high, low };
});
const nvmeHigh = Int32Array.from(nvme, ({ high }) => high);
const nvmeLow = Int32Array.from(nvme, ({ low }) => low);

function crc64nvme(body: Uint8Array): string {
  let high = -1;
  let low = -1;
  for (const byte of body) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (nvmeLow[index] ?? 0);
    high = (high >>> 8) ^ (nvmeHigh[index] ?? 0);
  }
  const bytes = Buffer.alloc(8);
  bytes.writeInt32BE(~high, 0);
  bytes.writeInt32BE(~low, 4);
  return bytes.toString('base64');
}
