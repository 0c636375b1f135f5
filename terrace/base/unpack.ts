import { gunzipSync, inflateRawSync } from 'node:zlib';

/** Bytes that anything may unpack to, however small it is. */
const least = 64 * 1024 * 1024;
/** How many times larger than its packed form something may become: JSON of plans and states packs about twentyfold. */
const ratio = 60;

/** The most bytes that a packed form of this size is unpacked to; more is an archive made to fill a memory. */
function limitOf(size: number): number {
  return least + ratio * size;
}

/**
 * How many objects and arrays may be in what is unpacked: each takes up to 64 bytes of memory, whatever it holds, and an empty one two of the file.
 * The plans of 5000 resources have about 2 million.
 */
const mostBrackets = 8_000_000;

/**
 * Unpacks gzip in bounded memory. Raises `ERR_BUFFER_TOO_LARGE` for what would become too large, itself or as the JSON that it is; zlib's errors for
 * what is no gzip.
 */
export function gunzip(packed: Uint8Array): Buffer {
  const unpacked = gunzipSync(packed, { maxOutputLength: limitOf(packed.length) });
  if (bracketsIn(unpacked) > mostBrackets)
    throw Object.assign(new RangeError(`more than ${mostBrackets} objects and arrays`), { code: 'ERR_BUFFER_TOO_LARGE' });
  return unpacked;
}

function bracketsIn(bytes: Uint8Array): number {
  let found = 0;
  for (const byte of bytes) if (byte === 0x5b || byte === 0x7b) found++;
  return found;
}

/** Unpacks raw deflate, as ZIP holds it, in bounded memory. */
export function inflateRaw(packed: Uint8Array): Buffer {
  return inflateRawSync(packed, { maxOutputLength: limitOf(packed.length) });
}
