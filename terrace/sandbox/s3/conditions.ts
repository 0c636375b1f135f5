import type { Version } from './version';

type Headers = Readonly<Record<string, string | undefined>>;

/** What a conditional read comes to. */
export type ReadVerdict = 'send' | 'notModified' | 'preconditionFailed';

/** Decides a GET or HEAD by RFC 9110's order: If-Match, If-Unmodified-Since, If-None-Match, If-Modified-Since. */
export function readVerdict(headers: Headers, version: Version, prefix = ''): ReadVerdict {
  const ifMatch = headers[`${prefix}if-match`];
  const unmodified = headers[`${prefix}if-unmodified-since`];
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, version.etag)) return 'preconditionFailed';
  } else if (unmodified !== undefined && seconds(version.modified) > seconds(Date.parse(unmodified))) return 'preconditionFailed';
  const ifNoneMatch = headers[`${prefix}if-none-match`];
  const modified = headers[`${prefix}if-modified-since`];
  if (ifNoneMatch !== undefined) {
    if (matches(ifNoneMatch, version.etag)) return 'notModified';
  } else if (modified !== undefined && seconds(version.modified) <= seconds(Date.parse(modified))) return 'notModified';
  return 'send';
}

/** What a conditional write comes to: `missing` is If-Match on a key that has no object. */
export type WriteVerdict = 'write' | 'missing' | 'preconditionFailed';

/** Decides a PUT, a completed upload or a DELETE against the key's live version. */
export function writeVerdict(headers: Headers, live: Version | undefined): WriteVerdict {
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined) {
    if (live === undefined) return 'missing';
    if (!matches(ifMatch, live.etag)) return 'preconditionFailed';
  }
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined && live !== undefined && matches(ifNoneMatch, live.etag)) return 'preconditionFailed';
  return 'write';
}

function matches(header: string, etag: string): boolean {
  return header.split(',').some((part) => {
    const wanted = part
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
    return wanted === '*' || wanted === etag;
  });
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
