import { createHash, createHmac } from 'node:crypto';
import { request, type Server } from 'node:http';
import { type AddressInfo, connect, createServer, type Server as TcpServer } from 'node:net';
import { rmSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { controlService } from '../../../terrace/sandbox/gateway/control-service';
import { createGateway, type Exchange } from '../../../terrace/sandbox/gateway/gateway';
import { type ServiceFault, ServiceFaults } from '../../../terrace/sandbox/gateway/service-faults';
import { BucketStore } from '../../../terrace/sandbox/s3/bucket-store';
import { S3Service } from '../../../terrace/sandbox/s3/s3-service';
import { stsService } from '../../../terrace/sandbox/sts/sts-service';
import { temporaryFolder } from '../../_helpers/sandbox';

const folder = temporaryFolder('terrace-gateway-');
const log: Exchange[] = [];
const faults = new ServiceFaults(path.join(folder, 'cloud'));
let gateway: Server;
let port = 0;
/** Stands for everything that is not the sandbox; counts who reaches it. */
let reality: TcpServer;
let reached = 0;
let resets = 0;

beforeAll(async () => {
  const store = new BucketStore(path.join(folder, 's3'));
  store.create({ name: 'states', region: 'eu-central-1', account: '123456789012' });
  gateway = createGateway(
    {
      s3: new S3Service(store),
      sts: stsService('secret'),
      secret: 'secret',
      strike: (request) => faults.strike(request),
      dynamodb: () => ({ status: 200, headers: {}, body: '{}' }),
      control: controlService({
        id: 'feedc0ffee00',
        dir: '/projects/shop/.sandbox',
        secret: 'control',
        status: () => ({ ok: true }),
        reset: () => (resets += 1),
        copy: () => true,
      }),
      generation: () => resets,
    },
    (exchange) => void log.push(exchange),
  );
  reality = createServer((socket) => {
    reached += 1;
    socket.destroy();
  });
  port = await listen(gateway);
  await listen(reality);
});
afterAll(() => {
  gateway.close();
  gateway.closeAllConnections();
  reality.close();
  rmSync(folder, { recursive: true, force: true });
});

function listen(server: TcpServer): Promise<number> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}

interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly body: string;
}

/** Sends a request line as it stands, as a proxy's client does. */
function ask(
  target: string,
  options: { readonly method?: string; readonly headers?: Headers; readonly body?: string; readonly by?: Signer } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const method = options.method ?? 'GET';
    const signature = options.by === undefined ? {} : signed(method, target, options.by);
    const headers = { ...options.headers, ...signature };
    const sent = request({ host: '127.0.0.1', port, path: target, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, reason: response.statusMessage ?? '', body: Buffer.concat(chunks).toString() }),
      );
    });
    sent.on('connect', (response, socket, head) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, reason: response.statusMessage ?? '', body: head.toString() });
    });
    sent.on('error', reject);
    sent.end(options.body);
  });
}

type Headers = Readonly<Record<string, string>>;

/** Whose key signs a request, with which secret. */
interface Signer {
  readonly key?: string;
  readonly region?: string;
  readonly secret?: string;
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** The headers of a request that a client signs, its body left out of the signature. */
function signed(
  method: string,
  target: string,
  { key = 'SANDBOX123456789012', region = 'eu-central-1', secret = 'secret' }: Signer = {},
): Headers {
  const [, host = `127.0.0.1:${port}`, pathname = '/', search = ''] = /^(?:http:\/\/([^/]*))?([^?]*)\??(.*)$/.exec(target) ?? [];
  const scope = ['20260101', region, 's3', 'aws4_request'];
  const parameters = search.split('&').map((part) => (part === '' || part.includes('=') ? part : `${part}=`));
  const headers = { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', 'x-amz-date': '20260101T000000Z' };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}`);
  const canonical = [method, pathname, parameters.toSorted().join('&'), ...lines, '', names, 'UNSIGNED-PAYLOAD'].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope.join('/'), createHash('sha256').update(canonical).digest('hex')].join(
    '\n',
  );
  const signing = scope.reduce<string | Buffer>((made, part) => hmac(made, part), `AWS4${secret}`);
  const signature = hmac(signing, text).toString('hex');
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${key}/${scope.join('/')}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

const own: Signer = {};
const control = { 'x-terrace-secret': 'control' };

test('a proxied request to any other host gets 502 with the way out, and is not forwarded', async () => {
  const { port: elsewhere } = reality.address() as AddressInfo;
  for (const target of [
    `http://127.0.0.1:${elsewhere}/`,
    'http://states.s3.eu-central-1.amazonaws.com/key',
    'http://s3.sandbox.example.com/',
    'http://evils3.sandbox/',
    'http://169.254.169.254/latest/meta-data',
  ]) {
    const answer = await ask(target);
    expect(answer.status).toBe(502);
    expect(answer.body).toContain('Terrace sandbox');
    expect(answer.body).toContain('sandbox env --unset');
    expect(answer.body).toContain(new URL(target).host);
  }
  expect(reached).toBe(0);
});

test('a tunnel to any host gets 502, with the words in the status line that clients print', async () => {
  const { port: elsewhere } = reality.address() as AddressInfo;
  for (const target of [`127.0.0.1:${elsewhere}`, 'sts.amazonaws.com:443', 's3.sandbox:443']) {
    const answer = await ask(target, { method: 'CONNECT' });
    expect(answer.status).toBe(502);
    expect(answer.reason).toContain(target);
    expect(answer.reason).toContain('sandbox env --unset');
  }
  expect(reached).toBe(0);
});

test('an upgrade to another protocol is cut off', async () => {
  const socket = connect(port, '127.0.0.1');
  let answered = 0;
  socket.on('data', (chunk) => (answered += chunk.length));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write('GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
  await closed;
  expect(answered).toBe(0);
});

test('a direct request is answered only under a loopback name, so that no web page reaches it by a name of its own', async () => {
  expect((await ask('/_sandbox/status', { headers: control })).body).toBe('{"ok":true}');
  expect((await ask('/_sandbox/status', { headers: { ...control, host: 'localhost:1' } })).status).toBe(200);
  expect((await ask('/_sandbox/status', { headers: { ...control, host: 'rebound.example.com' } })).status).toBe(502);
});

const named = { ...control, 'x-terrace-sandbox': 'feedc0ffee00', 'x-terrace-folder': encodeURIComponent('/projects/shop/.sandbox') };

test('a reset is done for the sandbox that is named, and for no web page', async () => {
  const before = resets;
  const asked = async (method: string, headers: Readonly<Record<string, string>>): Promise<number> =>
    (await ask('/_sandbox/reset', { method, headers })).status;
  expect(await asked('GET', named)).toBe(405);
  expect(await asked('POST', control)).toBe(403);
  expect(await asked('POST', { ...named, 'x-terrace-secret': 'another' })).toBe(403);
  expect(await asked('POST', { ...named, 'x-terrace-sandbox': '000000000000' })).toBe(403);
  expect(await asked('POST', { ...named, 'x-terrace-folder': encodeURIComponent('/projects/shop/copy/.sandbox') })).toBe(403);
  expect(await asked('POST', { ...named, origin: 'http://127.0.0.1' })).toBe(403);
  expect(await asked('POST', { ...named, host: 'rebound.example.com' })).toBe(502);
  expect(await asked('OPTIONS', { origin: 'http://a.example', 'access-control-request-headers': 'x-terrace-sandbox' })).toBe(403);
  expect(resets).toBe(before);
  expect(await ask('/_sandbox/reset', { method: 'POST', headers: named })).toMatchObject({
    status: 200,
    body: `{"version":1,"generation":${before + 1}}`,
  });
  expect((await ask('/_sandbox/other', { headers: control })).status).toBe(404);
});

test('a request whose body arrives after a reset is refused, and nothing of it is stored', async () => {
  const late = (path: string, headers: Readonly<Record<string, string>>): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port, path, method: 'PUT', headers: { ...headers, ...signed('PUT', path) }, agent: false },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, reason: '', body: Buffer.concat(chunks).toString() }));
        },
      );
      sent.on('error', reject);
      sent.write('ol');
      void ask('/_sandbox/status', { headers: control })
        .then(() => ask('/_sandbox/reset', { method: 'POST', headers: named }))
        .then(() => sent.end('d'), reject);
    });
  const put = await late('http://states.s3.sandbox/late', {});
  expect([put.status, put.body]).toEqual([409, expect.stringContaining('<Code>OperationAborted</Code>')]);
  expect((await ask('http://states.s3.sandbox/late', { by: own })).status).toBe(404);
  const lock = await late('/', { 'x-amz-target': 'DynamoDB_20120810.PutItem' });
  expect([lock.status, lock.body]).toEqual([400, expect.stringContaining('#ResourceNotFoundException')]);
});

test('the S3 answers by host name and by path', async () => {
  expect((await ask('http://states.s3.sandbox/a%20b', { method: 'PUT', body: 'x', by: own })).status).toBe(200);
  expect((await ask('http://states.s3.sandbox/a%20b', { by: own })).body).toBe('x');
  expect((await ask('http://s3.sandbox/states/a%20b', { by: own })).body).toBe('x');
  expect((await ask('/states/a%20b', { by: own })).body).toBe('x');
  expect((await ask('http://other.s3.sandbox/a', { by: own })).body).toContain('<Code>NoSuchBucket</Code>');
});

test("a real key, no key and another account's key open nothing", async () => {
  const real = await ask('http://states.s3.sandbox/a', { by: { key: 'AKIAIOSFODNN7EXAMPLE' } });
  expect([real.status, real.body]).toEqual([403, expect.stringContaining('<Code>InvalidAccessKeyId</Code>')]);
  expect((await ask('http://states.s3.sandbox/a')).status).toBe(403);
  const other = await ask('http://states.s3.sandbox/a', { by: { key: 'SANDBOX210987654321' } });
  expect([other.status, other.body]).toEqual([403, expect.stringContaining('sandbox env --account 123456789012')]);
  const put = await ask('http://states.s3.sandbox/theirs', { method: 'PUT', body: 'x', by: { key: 'AKIAIOSFODNN7EXAMPLE' } });
  expect(put.status).toBe(403);
  expect((await ask('http://states.s3.sandbox/theirs', { by: own })).status).toBe(404);
});

test('a key is the one that was sent: dots, doubled slashes and signs are part of it', async () => {
  const paths = ['/a/../b', '/a/./b', '/b', '//b', '/a%2Fc', '/%2e%2e/d', '/a|b^c'];
  for (const one of paths) expect((await ask(`http://states.s3.sandbox${one}`, { method: 'PUT', body: one, by: own })).status).toBe(200);
  for (const one of paths) expect((await ask(`/states${one}`, { by: own })).body).toBe(one);
  const listed = (await ask('http://states.s3.sandbox/?list-type=2&encoding-type=url', { by: own })).body;
  expect(listed).toContain('<Key>a/../b</Key>');
  expect(listed).toContain('<Key>/b</Key>');
  expect((await ask('http://states.s3.sandbox/%E0%A4%A', { by: own })).status).toBe(400);
});

test('a key with another secret than the sandbox has opens nothing, in whichever service', async () => {
  const by: Signer = { secret: 'guessed' };
  const put = await ask('http://states.s3.sandbox/guessed', { method: 'PUT', body: 'x', by });
  expect([put.status, put.body]).toEqual([403, expect.stringContaining('<Code>SignatureDoesNotMatch</Code>')]);
  expect((await ask('http://states.s3.sandbox/guessed', { by: own })).status).toBe(404);
  const item = await ask('/', { method: 'POST', body: '{}', headers: { 'x-amz-target': 'DynamoDB_20120810.PutItem' }, by });
  expect([item.status, item.body]).toEqual([400, expect.stringContaining('#InvalidSignatureException')]);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const identity = await ask('/', { method: 'POST', body: 'Action=GetCallerIdentity', headers: form, by });
  expect([identity.status, identity.body]).toEqual([403, expect.stringContaining('<Code>SignatureDoesNotMatch</Code>')]);
  const token = await ask('/', {
    method: 'POST',
    headers: form,
    body: 'Action=AssumeRoleWithWebIdentity&RoleArn=arn:aws:iam::123456789012:role/a&RoleSessionName=session&WebIdentityToken=x',
  });
  expect([token.status, token.body]).toEqual([400, expect.stringContaining('<Code>InvalidIdentityToken</Code>')]);
});

test('a form that a web page posts deletes nothing', async () => {
  expect((await ask('http://states.s3.sandbox/kept', { method: 'PUT', body: 'x', by: own })).status).toBe(200);
  for (const target of ['http://states.s3.sandbox/?delete', '/states/?delete', 'http://states.s3.sandbox/kept'])
    expect((await ask(target, { method: 'POST', body: '<Delete/>', headers: { origin: 'https://a.example' }, by: own })).status).toBe(403);
  expect((await ask('http://states.s3.sandbox/kept', { by: own })).body).toBe('x');
});

test.each([
  ['from somebody whose key is unknown', { key: 'AKIAIOSFODNN7EXAMPLE' }, 17],
  ['from somebody with another secret', { secret: 'guessed' }, 257],
  ['with the secret', own, 257],
] as const)('a request that is too large, %s, ends with a refusal and not with the daemon', async (_, by, mebibytes) => {
  const answer = await new Promise<number>((resolve, reject) => {
    const target = 'http://states.s3.sandbox/large';
    const headers = { ...signed('PUT', target, by), 'transfer-encoding': 'chunked' };
    const sent = request({ host: '127.0.0.1', port, path: target, method: 'PUT', headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
      sent.destroy();
    });
    sent.on('error', reject);
    const chunk = Buffer.alloc(1024 * 1024);
    let left: number = mebibytes;
    const write = (): void => {
      for (; left > 0; left -= 1) if (!sent.write(chunk)) return void sent.once('drain', () => ((left -= 1), write()));
      sent.end();
    };
    write();
  });
  expect([400, 403]).toContain(answer);
  expect((await ask('http://states.s3.sandbox/large', { by: own })).status).toBe(404);
});

test('a bucket asked for in the wrong region says where it is', async () => {
  const answer = await ask('http://states.s3.sandbox/a', { by: { region: 'us-east-1' } });
  expect([answer.status, answer.body]).toEqual([301, expect.stringContaining('s3.eu-central-1.amazonaws.com')]);
});

test('a key of the sandbox is its account, whichever 12 digits it bears', async () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const identity = (key: string): Promise<Answer> =>
    ask('/', { method: 'POST', body: 'Action=GetCallerIdentity&Version=2011-06-15', headers: form, by: { key } });
  expect((await identity('SANDBOX000000000042')).body).toContain('<Account>000000000042</Account>');
  const real = await identity('AKIAIOSFODNN7EXAMPLE');
  expect([real.status, real.body]).toEqual([403, expect.stringContaining('<Code>InvalidClientTokenId</Code>')]);
});

const misfortune = (kind: ServiceFault['kind'], more: Partial<ServiceFault> = {}): void => {
  faults.remove();
  faults.add({ service: 's3', operation: 'PUT', kind, status: 500, milliseconds: 10, skip: 0, times: 1, ...more });
};
const put = (key: string, body: string): Promise<Answer> => ask(`http://states.s3.sandbox/${key}`, { method: 'PUT', body, by: own });
const get = async (key: string): Promise<string> => (await ask(`http://states.s3.sandbox/${key}`, { by: own })).body;

test.each([
  ['status', { status: 404 }, 404, ''],
  ['empty', {}, 200, ''],
  ['foreign', {}, 200, '<!doctype html>'],
  ['throttle', {}, 503, '<Code>SlowDown</Code>'],
  ['clock', {}, 403, '<Code>RequestTimeTooSkewed</Code>'],
  ['expired', {}, 400, '<Code>ExpiredToken</Code>'],
] as const)('a fault of kind %s answers instead of the service, once', async (kind, more, status, text) => {
  misfortune(kind, more);
  const struck = await put(`fault-${kind}`, 'x');
  expect([struck.status, struck.body]).toEqual([status, expect.stringContaining(text)]);
  expect(await get(`fault-${kind}`)).toContain('NoSuchKey');
  expect((await put(`fault-${kind}`, 'x')).status).toBe(200);
});

test.each([
  ['reset-before', 'NoSuchKey'],
  ['reset-after', 'kept'],
] as const)('a connection that is reset (%s) had its effect or had none', async (kind, found) => {
  misfortune(kind);
  await expect(put(`cut-${kind}`, 'kept')).rejects.toThrow(/ECONNRESET|socket hang up/);
  expect(await get(`cut-${kind}`)).toContain(found);
});

test('an answer breaks off in its middle, a delay only delays, and faults wait, aim and end', async () => {
  expect((await put('whole', 'a body to break off')).status).toBe(200);
  misfortune('truncated', { operation: 'GET', match: '/whole' });
  await expect(get('whole')).rejects.toThrow(/aborted|ECONNRESET/);
  expect(await get('whole')).toBe('a body to break off');
  misfortune('delay');
  expect((await put('whole', 'later')).status).toBe(200);
  misfortune('throttle', { skip: 1, match: 'aimed', times: 2 });
  const seen = [];
  for (const key of ['other', 'aimed', 'aimed', 'aimed', 'aimed']) seen.push((await put(key, 'x')).status);
  expect(seen).toEqual([200, 200, 503, 503, 200]);
  expect(faults.list()).toEqual([]);
  misfortune('throttle', { service: 'dynamodb', operation: 'PutItem' });
  const item = await ask('/', { method: 'POST', body: '{}', headers: { 'x-amz-target': 'DynamoDB_20120810.PutItem' }, by: own });
  expect(item.body).toContain('ThrottlingException');
});

test('a header that is no request is answered with 400', async () => {
  const socket = connect(port, '127.0.0.1');
  const text = new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())));
  socket.write('nonsense\r\n\r\n');
  expect(await text).toMatch(/^HTTP\/1\.1 400 /);
  socket.destroy();
});

test('the log names the service, the status and no credential', async () => {
  log.length = 0;
  await ask('db.example.com:5432', { method: 'CONNECT' });
  await ask('http://states.s3.sandbox/a%20b', { method: 'PUT', body: 'x', by: own });
  expect(log.find(({ method }) => method === 'CONNECT')).toMatchObject({ service: 'refused', status: 502 });
  expect(log.find(({ target }) => target === 'states.s3.sandbox/a%20b')).toMatchObject({ service: 's3', method: 'PUT', status: 200 });
});
