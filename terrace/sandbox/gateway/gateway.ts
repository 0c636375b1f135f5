import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import { callerOf } from '../http/caller';
import { controlPrefix, type ControlRequest } from './control-service';
import { DynamodbError } from '../dynamodb/dynamodb-error';
import { closeQuickly } from './quick-close';
import { cutOff, strike } from './fault-answer';
import { largestOfOthers, tooLarge, wrongSignature } from './refusals';
import type { AimedRequest, FaultyService, ServiceFault } from './service-faults';
import type { DirectService } from '../http/direct-service';
import type { Reply } from '../http/reply';
import { isSignedWith } from '../http/signature';
import { largestBody, type S3Request } from '../s3/request';
import { S3Error } from '../s3/s3-error';
import type { S3Service } from '../s3/s3-service';
import { type Target, targetOf } from './target';

export interface GatewayServices {
  readonly s3: Pick<S3Service, 'answer'>;
  readonly dynamodb: DirectService;
  readonly sts: DirectService;
  /** Secret key of every caller; a request that is signed with another one is refused. */
  readonly secret: string;
  /** The fault that strikes a request; undefined where none does. */
  readonly strike: (request: AimedRequest) => ServiceFault | undefined;
  /** What is asked of the sandbox itself, at `/_sandbox/…`. */
  readonly control: (request: ControlRequest) => Reply;
  /** Counts resets: a request that began before one is refused after it, whatever it would have found. */
  readonly generation: () => number;
}

/** One answered request, for the log. */
export interface Exchange {
  readonly service: 's3' | 'dynamodb' | 'sts' | 'control' | 'refused';
  readonly method: string;
  readonly target: string;
  readonly status: number;
  readonly headers: S3Request['headers'];
}

/** Words of every refusal to forward. */
function refusalText(host: string): string {
  return `the Terrace sandbox forwards nothing (asked for ${host}); leave it with: eval "$(npx --no terrace sandbox env --unset)"`;
}

/**
 * The one HTTP server of a sandbox, proxy and endpoint at once. A proxied request reaches S3 when its host is `s3.sandbox` or below;
 * every other host and every CONNECT gets 502. A direct one goes to DynamoDB, STS, or S3 in path style. It never opens a connection, and
 * answers no web page: a form can be posted to a loopback address from anywhere.
 */
export function createGateway(services: GatewayServices, log: (exchange: Exchange) => void): Server {
  const answersOwed = new WeakMap<Socket, number>();
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0, maxHeaderSize: 64 * 1024 }, (request, response) => {
    const owed = answersOwed.get(request.socket) ?? 0;
    answersOwed.set(request.socket, owed + 1);
    response.once('close', () => answersOwed.set(request.socket, (answersOwed.get(request.socket) ?? 1) - 1));
    receive(services, log, request, response).catch((error: unknown) => {
      process.stderr.write(
        `${request.method} ${request.url}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
      response.destroy();
    });
  });
  server.on('connection', (socket) => closeQuickly(socket, () => (answersOwed.get(socket) ?? 0) === 0));
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    const host = request.url ?? '';
    log({ service: 'refused', method: 'CONNECT', target: host, status: 502, headers: {} });
    const text = refusalText(host);
    socket.on('error', () => socket.destroy());
    socket.end(
      `HTTP/1.1 502 ${text}\r\ncontent-type: text/plain\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(text) + 1}\r\n\r\n${text}\n`,
    );
  });
  server.on('upgrade', (_request: IncomingMessage, socket: Duplex) => socket.destroy());
  server.on('clientError', (error, socket) => {
    process.stderr.write(`unreadable request: ${error.message}\n`);
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
  });
  return server;
}

async function receive(
  services: GatewayServices,
  log: (exchange: Exchange) => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = request.method ?? 'GET';
  const headers = flatten(request);
  const target = targetOf(request.url ?? '/', headers.host);
  const send = (service: Exchange['service'], reply: Reply): void => {
    log({ service, method, target: `${target.authority}${target.pathname}${target.search}`, status: reply.status, headers });
    write(response, method, reply);
  };
  /** Answers without having read the body: what is still on its way is thrown away, not waited for. */
  const refuse = (service: Exchange['service'], reply: Reply): void => {
    request.on('error', () => undefined).resume();
    send(service, { ...reply, headers: { ...reply.headers, connection: 'close' } });
  };
  if (headers['origin'] !== undefined) return refuse('refused', plain(403, 'the Terrace sandbox answers no web page'));
  const place = placeOf(target);
  if (place === undefined) return refuse('refused', plain(502, refusalText(target.authority)));
  const service = serviceOf({ method, headers, target });
  const caller = callerOf(headers, target.query);
  const isKnown = (body: () => Buffer): boolean =>
    service === 'control' ||
    caller?.account === undefined ||
    isSignedWith({ method, pathname: target.pathname, search: target.search, headers, body }, services.secret);
  // The signature of a request to S3 says what its body is: nothing of it is read before it is known who asks.
  const isEarly = service === 's3' && headers['x-amz-content-sha256'] !== undefined;
  if (isEarly && !isKnown(() => Buffer.alloc(0))) return refuse(service, wrongSignature(service, target));
  const most = isEarly && caller?.account !== undefined ? largestBody : largestOfOthers;
  if (Number(headers['content-length'] ?? 0) > most) return refuse(service, tooLarge(service, most));
  const generation = services.generation();
  const body = await bodyOf(request, most);
  if (body === 'aborted') return;
  if (body === 'tooLarge') return refuse(service, tooLarge(service, most));
  try {
    if (!isEarly && !isKnown(() => body)) return send(service, wrongSignature(service, target));
    const fault = service === 'control' ? undefined : services.strike(aimed(service, { method, headers, target, body }));
    const struck = fault === undefined ? {} : await strike(fault);
    if (struck.instead !== undefined && struck.cut === undefined) return send(service, struck.instead);
    if (struck.instead !== undefined) return cutOff(response, struck.instead, 'all');
    const late = generation !== services.generation() && (service === 's3' || service === 'dynamodb');
    const reply = late ? wasReset(service, method, target) : answer(services, service, { method, headers, target, body });
    if (struck.cut === undefined) send(service, reply);
    else cutOff(response, reply, struck.cut);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${method} ${target.authority}${target.pathname}: ${text}\n`);
    send('control', plain(500, `the Terrace sandbox failed: ${text}`));
  }
}

/** A request as a fault is aimed at it. */
function aimed(service: FaultyService, { method, headers, target, body }: Received): AimedRequest {
  const operation =
    service === 's3'
      ? method
      : service === 'dynamodb'
        ? (headers['x-amz-target']?.split('.').at(-1) ?? '')
        : (new URLSearchParams(body.toString('utf8')).get('Action') ?? '');
  return { service, operation, target: `${target.host}${target.pathname}${target.search}`, body };
}

function plain(status: number, text: string): Reply {
  return { status, headers: { 'content-type': 'text/plain' }, body: `${text}\n` };
}

interface Received {
  readonly method: string;
  readonly headers: S3Request['headers'];
  readonly target: Target;
  readonly body: Buffer;
}

type Service = Exclude<Exchange['service'], 'refused'>;

function serviceOf({ method, headers, target }: Omit<Received, 'body'>): Service {
  const { pathname, query } = target;
  if (placeOf(target) !== 'direct') return 's3';
  if (pathname.startsWith(controlPrefix)) return 'control';
  if (headers['x-amz-target'] !== undefined) return 'dynamodb';
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return (method === 'POST' && form) || (pathname === '/' && query.has('Action')) ? 'sts' : 's3';
}

function answer(services: GatewayServices, service: Service, { method, headers, target, body }: Received): Reply {
  const { pathname, query } = target;
  if (service === 'control') return services.control({ method, pathname, headers });
  const caller = callerOf(headers, query);
  if (service !== 's3') return services[service]({ headers, query, body, caller });
  const host = placeOf(target) === 'direct' ? 's3.sandbox' : target.host;
  return services.s3.answer({ method, host, pathname, query, headers, body }, caller);
}

/** The refusal of a request during which the sandbox was emptied: no client repeats it by itself. */
function wasReset(service: 's3' | 'dynamodb', method: string, target: Target): Reply {
  const text = 'The Terrace sandbox was reset while this request was under way.';
  return service === 's3'
    ? new S3Error('OperationAborted', text).reply('0000000000000000', target.pathname, method !== 'HEAD')
    : new DynamodbError('ResourceNotFoundException', text).reply();
}

/** `s3` for a request to `s3.sandbox` or below, `direct` for one to the loopback address itself, nothing for everything else. */
function placeOf({ scheme, host, absolute }: Target): 's3' | 'direct' | undefined {
  if (scheme === 'http' && (host === 's3.sandbox' || host.endsWith('.s3.sandbox'))) return 's3';
  return !absolute && isLoopback(host) ? 'direct' : undefined;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d+){3}$/.test(host);
}

function flatten(request: IncomingMessage): S3Request['headers'] {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value] as const),
  );
}

/** The whole body; reading stops where it is larger than `most` bytes, and the connection stays for the answer. */
function bodyOf(request: IncomingMessage, most: number): Promise<Buffer | 'aborted' | 'tooLarge'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const add = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= most) return void chunks.push(chunk);
      request.removeListener('data', add);
      chunks.length = 0;
      resolve('tooLarge');
    };
    request.on('data', add);
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', () => resolve('aborted'));
    request.once('close', () => resolve('aborted'));
  });
}

function write(response: ServerResponse, method: string, reply: Reply): void {
  const headers: Record<string, string> = { ...reply.headers, server: 'terrace-sandbox' };
  if (method !== 'HEAD' && reply.status !== 304 && reply.status !== 204)
    headers['content-length'] = String(Buffer.byteLength(reply.body ?? ''));
  response.writeHead(reply.status, headers);
  response.end(method === 'HEAD' ? undefined : reply.body);
}
