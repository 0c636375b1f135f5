import { S3Error } from './s3-error';
import { children, document, element, parseXml, textAt } from '../http/xml';

type Tags = Readonly<Record<string, string>>;

/** Tags of an `x-amz-tagging` header (`a=1&b=2`). Throws S3Error InvalidTag. */
export function tagsOfHeader(header: string | undefined): Tags {
  return checkTags([...new URLSearchParams(header ?? '')], 10);
}

/** Tags of a `Tagging` document. Throws S3Error MalformedXML or InvalidTag. */
export function tagsOfXml(body: string, most: number): Tags {
  try {
    const root = parseXml(body);
    const set = children(root, 'TagSet')[0];
    if (root.name === 'Tagging' && set !== undefined)
      return checkTags(
        children(set, 'Tag').map((tag) => [textAt(tag, 'Key') ?? '', textAt(tag, 'Value') ?? ''] as const),
        most,
      );
  } catch (error) {
    if (error instanceof S3Error) throw error;
  }
  throw new S3Error('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
}

/** The `Tagging` document of tags. */
export function tagsXml(tags: Tags): string {
  const rows = Object.entries(tags).map(([key, value]) => element('Tag', [element('Key', key), element('Value', value)]));
  return document(element('Tagging', [element('TagSet', rows)]), true);
}

/** Characters that Amazon S3 takes in keys and values of tags. */
const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

function checkTags(pairs: readonly (readonly [string, string])[], most: number): Tags {
  if (pairs.length > most) throw new S3Error('BadRequest', `Object tags cannot be greater than ${most}`);
  const tags = new Map<string, string>();
  for (const [key, value] of pairs) {
    if (key === '' || key.length > 128 || value.length > 256 || !allowed.test(key) || !allowed.test(value))
      throw new S3Error('InvalidTag', 'The TagKey or TagValue you have provided is invalid');
    if (tags.has(key)) throw new S3Error('InvalidTag', 'Cannot provide multiple Tags with the same key');
    tags.set(key, value);
  }
  return Object.fromEntries(tags);
}
