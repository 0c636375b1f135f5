import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { decodeAwsChunked } from '../../../terrace/sandbox/s3/aws-chunked';

const chunked = (chunks: readonly Uint8Array[], trailers = ''): Buffer =>
  Buffer.concat([
    ...chunks
      .filter(({ length }) => length > 0)
      .flatMap((chunk) => [Buffer.from(`${chunk.length.toString(16)};chunk-signature=abc\r\n`), Buffer.from(chunk), Buffer.from('\r\n')]),
    Buffer.from(`0;chunk-signature=abc\r\n${trailers}\r\n`),
  ]);

test('any bytes in any chunks come back whole', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (chunks) => {
      const whole = Buffer.concat(chunks);
      expect(decodeAwsChunked(chunked(chunks), whole.length).body.equals(whole)).toBe(true);
    }),
  );
});

test('trailers are read in lower case', () => {
  const { trailers } = decodeAwsChunked(chunked([Buffer.from('hello')], 'X-Amz-Checksum-Crc32: NhCmhg==\r\nx-other:1\r\n'), 5);
  expect(trailers).toEqual({ 'x-amz-checksum-crc32': 'NhCmhg==', 'x-other': '1' });
});

test('a body that ends early, has another length or no chunks is refused', () => {
  const whole = chunked([Buffer.from('hello world')]);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: whole.indexOf('\r\n0;') }), (length) => {
      expect(() => decodeAwsChunked(whole.subarray(0, length), 11)).toThrow('The request body');
    }),
  );
  expect(() => decodeAwsChunked(whole, 12)).toThrow('12 announced, 11 sent');
  expect(() => decodeAwsChunked(Buffer.from('hello world\r\n'), undefined)).toThrow('not aws-chunked');
});
