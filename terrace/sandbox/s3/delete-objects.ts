import type { Reply } from '../http/reply';
import type { Bucket } from './bucket';
import { removeVersion } from './object-operations';
import type { S3Request } from './request';
import { S3Error } from './s3-error';
import { children, document, element, parseXml, textAt, type XmlElement } from '../http/xml';

/** DeleteObjects: up to 1000 keys or versions in one request, each with its own result. */
export function deleteObjects(bucket: Bucket, request: S3Request): Reply {
  const root = parsed(request.body.toString('utf8'));
  const wanted = children(root, 'Object');
  if (root.name !== 'Delete' || wanted.length === 0 || wanted.length > 1000)
    throw new S3Error('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
  const quiet = textAt(root, 'Quiet') === 'true';
  const rows = wanted.map((object) => {
    const key = object.children.find((child) => child.name === 'Key')?.text ?? '';
    const id = textAt(object, 'VersionId');
    try {
      const removed = removeVersion(bucket, key, id, textAt(object, 'ETag'));
      if (quiet) return '';
      return element('Deleted', [
        element('Key', key),
        ...(id === undefined ? [] : [element('VersionId', id)]),
        ...(removed.deleteMarker ? [element('DeleteMarker', true), element('DeleteMarkerVersionId', removed.versionId ?? '')] : []),
      ]);
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      return element('Error', [element('Key', key), element('Code', error.code), element('Message', error.message)]);
    }
  });
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: document(element('DeleteResult', rows), true) };
}

function parsed(body: string): XmlElement {
  try {
    return parseXml(body);
  } catch {
    throw new S3Error('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
  }
}
