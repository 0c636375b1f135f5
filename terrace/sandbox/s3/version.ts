import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

import type { Checksum } from './checksum';

/** One version of an object or a delete marker, without its bytes. */
export interface Version {
  readonly key: string;
  /** `null` in a bucket that was never versioned, or while versioning is suspended. */
  readonly id: string;
  /** Later versions have the higher number. */
  readonly sequence: number;
  readonly deleteMarker: boolean;
  /** Milliseconds since 1970. */
  readonly modified: number;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Headers that GET and HEAD give back: content-type, cache-control, x-amz-meta-*, encryption… */
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly checksum?: Checksum & { readonly type: 'FULL_OBJECT' | 'COMPOSITE' };
  /** Sizes of a multipart upload's parts. */
  readonly parts?: readonly number[];
}

/** What stands on disk: the version as one line of JSON, then its bytes. */
export function versionHead(version: Version): Buffer {
  return Buffer.from(`${JSON.stringify(version)}\n`);
}

/** Reads a version back without its bytes. Throws when the file is not one. */
export function readVersion(file: string): Version {
  const descriptor = openSync(file, 'r');
  try {
    const chunks: Buffer[] = [];
    for (;;) {
      const chunk = Buffer.alloc(4096);
      const count = readSync(descriptor, chunk, 0, chunk.length, null);
      const end = chunk.subarray(0, count).indexOf(0x0a);
      chunks.push(chunk.subarray(0, end < 0 ? count : end));
      if (end >= 0) return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Version;
      if (count === 0) throw new Error(`${file} is not a stored object`);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** The bytes of a stored version. */
export function readBody(file: string): Buffer {
  const content = readFileSync(file);
  return content.subarray(content.indexOf(0x0a) + 1);
}
