import { gunzipSync, inflateRawSync } from 'node:zlib';

/** Bytes that anything may unpack to, however small it is. */
const least = 64 * 1024 * 1024;
/** How many times larger than its packed form something may become: JSON of plans and states packs about twentyfold. */
const ratio = 60;

/** The most bytes that a packed form of this size is unpacked to; more is an archive made to fill a memory. */
function limitOf(size: number): number {
  return least + ratio * size;
}

/** Unpacks gzip in bounded memory. Raises `ERR_BUFFER_TOO_LARGE` for what would become too large, zlib's errors for what is no gzip. */
export function gunzip(packed: Uint8Array): Buffer {
  return gunzipSync(packed, { maxOutputLength: limitOf(packed.length) });
}

/** Unpacks raw deflate, as ZIP holds it, in bounded memory. */
export function inflateRaw(packed: Uint8Array): Buffer {
  return inflateRawSync(packed, { maxOutputLength: limitOf(packed.length) });
}
