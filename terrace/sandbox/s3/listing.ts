import type { Reply } from '../http/reply';
import type { Bucket, BucketFacts } from './bucket';
import { listPage, type ListRow } from './list-page';
import type { S3Request } from './request';
import { S3Error } from './s3-error';
import type { Version } from './version';
import { document, element } from '../http/xml';

const owner = element('Owner', [element('ID', 'sandbox'), element('DisplayName', 'sandbox')]);

/** ListBuckets: the caller's own. */
export function listBuckets(all: readonly BucketFacts[], account: string): Reply {
  const rows = all
    .filter((bucket) => bucket.account === account)
    .map((bucket) =>
      element('Bucket', [
        element('Name', bucket.name),
        element('CreationDate', new Date(bucket.created).toISOString()),
        element('BucketRegion', bucket.region),
      ]),
    );
  return xmlReply(element('ListAllMyBucketsResult', [owner, element('Buckets', rows)]));
}

/** ListObjects and ListObjectsV2. */
export function listObjects(bucket: Bucket, request: S3Request): Reply {
  const { query } = request;
  const second = query.get('list-type') === '2';
  const common = commonQuery(query);
  const token = query.get('continuation-token');
  const start = query.get(second ? 'start-after' : 'marker') ?? '';
  const after = token === null ? start : decodeToken(token);
  const page = listPage(bucket.sortedKeys, { ...common, after }, (key) => bucket.live(key) !== undefined);
  const withOwner = !second || query.get('fetch-owner') === 'true';
  const last = lastOf(page.rows);
  const pointers = second
    ? [
        element('KeyCount', page.rows.length),
        ...(token === null ? [] : [element('ContinuationToken', token)]),
        ...(start === '' ? [] : [element('StartAfter', common.encode(start))]),
        ...(page.truncated ? [element('NextContinuationToken', Buffer.from(last).toString('base64url'))] : []),
      ]
    : [
        element('Marker', common.encode(start)),
        ...(page.truncated && common.delimiter !== '' ? [element('NextMarker', common.encode(last))] : []),
      ];
  const rows = page.rows.map((row) => {
    if ('prefix' in row) return element('CommonPrefixes', [element('Prefix', common.encode(row.prefix))]);
    const version = bucket.live(row.key);
    return version === undefined ? '' : element('Contents', [...entry(version, common.encode), ...(withOwner ? [owner] : [])]);
  });
  return xmlReply(element('ListBucketResult', [...head(bucket, common, page.truncated), ...pointers, ...rows]));
}

/** ListObjectVersions: versions and delete markers, the latest of each key first. A page may end within a key. */
export function listVersions(bucket: Bucket, request: S3Request): Reply {
  const { query } = request;
  const common = commonQuery(query);
  const keyMarker = query.get('key-marker') ?? '';
  const idMarker = query.get('version-id-marker') ?? '';
  if (idMarker !== '' && keyMarker === '')
    throw new S3Error('InvalidArgument', 'A version-id marker cannot be specified without a key marker.');
  const rows: string[] = [];
  let next: { readonly key: string; readonly id: string } | undefined;
  let lastRow = { key: '', id: '' };
  const add = (row: string, key: string, id: string): boolean => {
    if (rows.length === common.limit) {
      next = lastRow;
      return false;
    }
    rows.push(row);
    lastRow = { key, id };
    return true;
  };
  const rest = idMarker === '' ? [] : afterVersion(bucket.versionsOf(keyMarker), idMarker);
  let room = rest.every((version) => add(versionRow(bucket, version, common.encode), version.key, version.id));
  const page = room ? listPage(bucket.sortedKeys, { ...common, after: keyMarker, limit: common.limit + 1 }, () => true) : { rows: [] };
  for (const row of page.rows) {
    if (!room) break;
    if ('prefix' in row) room = add(element('CommonPrefixes', [element('Prefix', common.encode(row.prefix))]), row.prefix, '');
    else room = bucket.versionsOf(row.key).every((version) => add(versionRow(bucket, version, common.encode), version.key, version.id));
  }
  const truncated = next !== undefined && common.limit > 0;
  const pointers = [
    element('KeyMarker', common.encode(keyMarker)),
    element('VersionIdMarker', idMarker),
    ...(truncated && next !== undefined
      ? [element('NextKeyMarker', common.encode(next.key)), element('NextVersionIdMarker', next.id)]
      : []),
  ];
  return xmlReply(element('ListVersionsResult', [...head(bucket, common, truncated), ...pointers, ...rows]));
}

interface CommonQuery {
  readonly prefix: string;
  readonly delimiter: string;
  readonly limit: number;
  readonly encode: (text: string) => string;
  readonly encoding: string | null;
}

function commonQuery(query: URLSearchParams): CommonQuery {
  const limit = Number(query.get('max-keys') ?? '1000');
  if (!Number.isInteger(limit) || limit < 0)
    throw new S3Error('InvalidArgument', 'Provided max-keys not an integer or within integer range');
  const encoding = query.get('encoding-type');
  if (encoding !== null && encoding !== 'url') throw new S3Error('InvalidArgument', 'Invalid Encoding Method specified in Request');
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    limit: Math.min(limit, 1000),
    encode: encoding === 'url' ? (text) => encodeURIComponent(text).replaceAll('%2F', '/') : (text) => text,
    encoding,
  };
}

function head(bucket: Bucket, common: CommonQuery, truncated: boolean): readonly string[] {
  return [
    element('Name', bucket.facts.name),
    element('Prefix', common.encode(common.prefix)),
    ...(common.delimiter === '' ? [] : [element('Delimiter', common.encode(common.delimiter))]),
    ...(common.encoding === null ? [] : [element('EncodingType', common.encoding)]),
    element('MaxKeys', common.limit),
    element('IsTruncated', truncated),
  ];
}

function entry(version: Version, encode: (text: string) => string): readonly string[] {
  return [
    element('Key', encode(version.key)),
    element('LastModified', new Date(version.modified).toISOString()),
    element('ETag', `"${version.etag}"`),
    element('Size', version.size),
    element('StorageClass', 'STANDARD'),
  ];
}

function versionRow(bucket: Bucket, version: Version, encode: (text: string) => string): string {
  const isLatest = element('IsLatest', bucket.latest(version.key)?.id === version.id);
  const id = element('VersionId', version.id);
  if (!version.deleteMarker) return element('Version', [...entry(version, encode), id, isLatest, owner]);
  const modified = element('LastModified', new Date(version.modified).toISOString());
  return element('DeleteMarker', [element('Key', encode(version.key)), id, isLatest, modified, owner]);
}

function afterVersion(versions: readonly Version[], id: string): readonly Version[] {
  const index = versions.findIndex((version) => version.id === id);
  return index < 0 ? [] : versions.slice(index + 1);
}

function lastOf(rows: readonly ListRow[]): string {
  const row = rows.at(-1);
  if (row === undefined) return '';
  return 'key' in row ? row.key : row.prefix;
}

function decodeToken(token: string): string {
  if (!/^[\w-]+$/.test(token)) throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect');
  return Buffer.from(token, 'base64url').toString('utf8');
}

function xmlReply(root: string): Reply {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: document(root, true) };
}
