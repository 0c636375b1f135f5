import { compareKeys, lowerBound } from './key-order';

/** One row of a listing: a key, or the common prefix of several. */
export type ListRow = { readonly key: string } | { readonly prefix: string };

export interface ListQuery {
  readonly prefix: string;
  /** Empty: no grouping. */
  readonly delimiter: string;
  /** Rows strictly after this key (a common prefix counts with all its keys). */
  readonly after: string;
  readonly limit: number;
}

export interface ListPage {
  readonly rows: readonly ListRow[];
  readonly truncated: boolean;
}

/**
 * One page of the keys that begin with a prefix, keys below a delimiter grouped, in S3's order.
 * `isListed` leaves keys out (those whose latest version is a delete marker). Costs are those of the page, not of the bucket.
 */
export function listPage(sortedKeys: readonly string[], query: ListQuery, isListed: (key: string) => boolean): ListPage {
  const { prefix, delimiter, after, limit } = query;
  const rows: ListRow[] = [];
  let index = lowerBound(sortedKeys, compareKeys(after, prefix) > 0 ? after : prefix);
  while (index < sortedKeys.length) {
    const key = sortedKeys[index] ?? '';
    if (!key.startsWith(prefix)) break;
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const group = end < 0 ? undefined : key.slice(0, end + delimiter.length);
    const seen = group === undefined ? compareKeys(key, after) <= 0 : compareKeys(group, after) <= 0 && after.startsWith(group);
    if (seen || !isListed(key)) {
      index += 1;
      continue;
    }
    if (rows.length === limit) return { rows, truncated: limit > 0 };
    if (group === undefined) {
      rows.push({ key });
      index += 1;
    } else {
      rows.push({ prefix: group });
      while (index < sortedKeys.length && (sortedKeys[index] ?? '').startsWith(group)) index += 1;
    }
  }
  return { rows, truncated: false };
}
