import { expect, test } from '@jest/globals';

import { checksumOf, compositeChecksum, md5 } from '../../../terrace/sandbox/s3/checksum';

const base64 = (hexadecimal: string): string => Buffer.from(hexadecimal, 'hex').toString('base64');

// Check values of the algorithms' catalogue (CRC RevEng) and of FIPS 180-4, all of the text 123456789.
test.each([
  ['crc32', 'cbf43926'],
  ['crc32c', 'e3069283'],
  ['crc64nvme', 'ae8b14860a799888'],
  ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
  ['sha256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
] as const)("%s of the check text is the catalogue's", (name, value) => {
  expect(checksumOf(name, Buffer.from('123456789'))).toBe(base64(value));
});

test('empty bodies have their checksums too', () => {
  expect([checksumOf('crc32', Buffer.alloc(0)), checksumOf('crc64nvme', Buffer.alloc(0)), md5(Buffer.alloc(0))]).toEqual([
    'AAAAAA==',
    'AAAAAAAAAAA=',
    'd41d8cd98f00b204e9800998ecf8427e',
  ]);
});

test("a composite is the checksum of the parts' checksums, with their number", () => {
  const parts = ['one', 'two'].map((part) => checksumOf('sha256', Buffer.from(part)));
  const joined = Buffer.concat(parts.map((part) => Buffer.from(part, 'base64')));
  expect(compositeChecksum('sha256', parts)).toBe(`${checksumOf('sha256', joined)}-2`);
});
