import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, expect, test } from '@jest/globals';

import { dynamodbClient, s3Client, stsClient } from '../../terrace/aws/clients';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

/** Answers every request with the same body and remembers what came. */
async function answering(body: string, contentType = 'text/plain'): Promise<{ url: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    request.resume();
    response.writeHead(200, { 'content-type': contentType, 'x-amz-request-id': 'R' }).end(body);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

const keys = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };

test('a bucket is addressed by a host name that only the proxy has to know', async () => {
  const proxy = await answering('through the proxy');
  const s3 = await s3Client('eu-central-1', { ...keys, HTTP_PROXY: proxy.url, AWS_ENDPOINT_URL_S3: 'http://s3.nowhere.test' });
  for (const key of ['a/b', 'c', 'd']) {
    const object = await s3.send(new GetObjectCommand({ Bucket: 'states', Key: key }));
    expect(await object.Body?.transformToString()).toBe('through the proxy');
    expect(proxy.requests.at(-1)?.url).toBe(`http://states.s3.nowhere.test/${key}?x-id=GetObject`);
  }
  expect(proxy.requests.at(-1)?.headers['authorization']).toContain('AKIAEXAMPLE/');
  s3.destroy();
});

test('loopback and NO_PROXY hosts are reached without the proxy', async () => {
  const proxy = await answering('proxy');
  const tables = await answering('{"TableNames":["locks"]}', 'application/x-amz-json-1.0');
  const dynamodb = await dynamodbClient('eu-west-1', { ...keys, HTTP_PROXY: proxy.url, AWS_ENDPOINT_URL_DYNAMODB: tables.url });
  expect((await dynamodb.send(new ListTablesCommand({}))).TableNames).toEqual(['locks']);
  expect(tables.requests[0]?.headers['authorization']).toContain('/eu-west-1/dynamodb/');
  expect(proxy.requests).toHaveLength(0);
  dynamodb.destroy();
});

test('the endpoint of the service wins over the general one, and a session token is sent', async () => {
  const general = await answering('');
  const identity =
    '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';
  const own = await answering(identity, 'text/xml');
  const sts = await stsClient('eu-central-1', {
    ...keys,
    AWS_SESSION_TOKEN: 'token',
    AWS_ENDPOINT_URL: general.url,
    AWS_ENDPOINT_URL_STS: own.url,
  });
  expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe('111122223333');
  expect(own.requests[0]?.headers['x-amz-security-token']).toBe('token');
  sts.destroy();
  const fallback = await dynamodbClient('eu-central-1', { ...keys, AWS_ENDPOINT_URL: general.url, AWS_MAX_ATTEMPTS: '1' });
  await fallback.send(new ListTablesCommand({})).catch(() => undefined);
  expect(general.requests).toHaveLength(1);
  fallback.destroy();
});
