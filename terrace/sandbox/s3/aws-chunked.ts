import { S3Error } from './s3-error';

/** A body sent as `aws-chunked`: the bytes themselves and the trailing headers, names in lower case. */
export interface ChunkedBody {
  readonly body: Buffer;
  readonly trailers: Readonly<Record<string, string>>;
}

/**
 * Decodes `<hex length>[;chunk-signature=…]\r\n<bytes>\r\n … 0\r\n<trailers>\r\n`, with which SDKs send checksums after the body.
 * Throws S3Error IncompleteBody when the chunks end early, do not add up to the announced length, or are not chunks.
 */
export function decodeAwsChunked(raw: Buffer, decodedLength: number | undefined): ChunkedBody {
  const chunks: Buffer[] = [];
  let position = 0;
  const line = (): string => {
    const end = raw.indexOf('\r\n', position);
    if (end < 0) throw new S3Error('IncompleteBody', 'The request body terminated unexpectedly');
    const text = raw.toString('latin1', position, end);
    position = end + 2;
    return text;
  };
  for (;;) {
    const head = /^([\da-f]{1,12})(?:;.*)?$/i.exec(line());
    if (head === null) throw new S3Error('IncompleteBody', 'The request body is not aws-chunked');
    const size = Number.parseInt(head[1] ?? '0', 16);
    if (size === 0) break;
    if (position + size + 2 > raw.length) throw new S3Error('IncompleteBody', 'The request body terminated unexpectedly');
    chunks.push(raw.subarray(position, position + size));
    position += size + 2;
  }
  const trailers: Record<string, string> = {};
  while (position < raw.length) {
    const text = line();
    if (text === '') break;
    const colon = text.indexOf(':');
    if (colon > 0) trailers[text.slice(0, colon).trim().toLowerCase()] = text.slice(colon + 1).trim();
  }
  const body = Buffer.concat(chunks);
  if (decodedLength !== undefined && decodedLength !== body.length)
    throw new S3Error(
      'IncompleteBody',
      `You did not provide the number of bytes specified by x-amz-decoded-content-length: ${decodedLength} announced, ${body.length} sent`,
    );
  return { body, trailers };
}
