import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { awsProblem, isAbsent } from '../../terrace/aws/aws-error';
import { s3Client } from '../../terrace/aws/clients';
import { objectText } from '../../terrace/aws/object-text';

let server: Server;
let broken = 0;
let asked = 0;
const whole = { status: 200, headers: { 'x-amz-request-id': 'R' } as Readonly<Record<string, string>>, body: 'whole' };
let page = whole;
beforeAll(async () => {
  server = createServer((_request, response) => {
    asked += 1;
    if (asked > broken) return void response.writeHead(page.status, page.headers).end(page.body);
    response.writeHead(200, { 'content-length': '5', 'x-amz-request-id': 'R' });
    response.write('wh', () => response.socket?.resetAndDestroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());

const client = () =>
  s3Client('eu-central-1', {
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_MAX_ATTEMPTS: '1',
  });
const input = { Bucket: 'states', Key: 'a' };

test('an object whose body breaks off twice is read the third time, and after three times it is an error', async () => {
  const s3 = await client();
  page = whole;
  [asked, broken] = [0, 2];
  expect([await objectText(s3, input), asked]).toEqual([{ text: 'whole' }, 3]);
  [asked, broken] = [0, 5];
  await expect(objectText(s3, input)).rejects.toThrow(/terminated|aborted|ECONNRESET|socket hang up/);
  expect(asked).toBe(3);
  s3.destroy();
});

test.each([
  ['a page of a proxy', {}, '<html>not found</html>', false],
  ['AWS, by its request id', { 'x-amz-request-id': 'R' }, '', true],
])('a 404 without a code from %s says that there is no bucket: %#', async (_, headers, body, absent) => {
  [asked, broken] = [0, 0];
  page = { status: 404, headers, body };
  const s3 = await client();
  const error: unknown = await s3.send(new HeadBucketCommand({ Bucket: 'states' })).then(
    () => undefined,
    (refusal: unknown) => refusal,
  );
  expect(isAbsent(error)).toBe(absent);
  s3.destroy();
});

test('an object is absent where S3 says so by its code, and not for any 404', async () => {
  const s3 = await client();
  const answer = (text: string) =>
    objectText(s3, input).then(
      () => 'there',
      (error: unknown) => `${text} ${isAbsent(error)}`,
    );
  page = { status: 404, headers: { 'content-type': 'application/xml' }, body: '<Error><Code>NoSuchKey</Code><Message>m</Message></Error>' };
  expect(await answer('code')).toBe('code true');
  page = { status: 404, headers: { 'content-type': 'text/html' }, body: '' };
  expect(await answer('none')).toBe('none false');
  s3.destroy();
});

test.each(['', '<!doctype html>'])('a success that bears no request id is no answer of AWS, and is not believed: %j', async (body) => {
  page = { status: 200, headers: { 'content-type': 'text/html' }, body };
  const s3 = await client();
  const error: unknown = await objectText(s3, input).catch((refusal: unknown) => refusal);
  expect(awsProblem(error, { place: 'a', doing: 'read', target: 's3://states/a' })).toMatchObject({
    code: 'E4309',
    found: expect.stringContaining('a proxy answered, not AWS'),
  });
  s3.destroy();
});
