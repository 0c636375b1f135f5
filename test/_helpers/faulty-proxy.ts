import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request on its way to AWS, as the proxy sees it. */
export interface ProxyRequest {
  readonly service: 's3' | 'dynamodb' | 'sts';
  readonly method: string;
  /** Path and query, without host. */
  readonly path: string;
  /** `PutItem`, or empty for S3 and STS. */
  readonly operation: string;
  readonly body: string;
  /** How many requests the same fault has met before this one. */
  readonly count: number;
}

/** What happens to a request instead of its answer. */
export type Fault =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  /** The connection ends while the request's body is on its way; nothing arrives. */
  | { readonly kind: 'reset' }
  /** The request arrives, its answer does not. */
  | { readonly kind: 'lost answer' }
  /** The request is passed on when the promise is kept: whoever sent it keeps its lock so long. */
  | { readonly kind: 'held'; readonly until: Promise<unknown> };

export interface FaultyProxy {
  /** Variables that lead through the proxy; to be merged over a sandbox's. */
  readonly variables: Readonly<Record<string, string>>;
  /** Sets what goes wrong from now on; undefined for a request lets it pass. */
  fail(choose: (request: ProxyRequest) => Fault | undefined): void;
  /** Nothing goes wrong any more. */
  heal(): void;
  /** Every request that came since the proxy was started. */
  readonly requests: readonly ProxyRequest[];
  close(): Promise<void>;
}

/** Stands before a sandbox (or anything that answers like AWS) and lets chosen requests fail as AWS and networks do. */
export async function faultyProxy(upstream: string): Promise<FaultyProxy> {
  const target = new URL(upstream);
  const requests: ProxyRequest[] = [];
  let choose: (request: ProxyRequest) => Fault | undefined = () => undefined;
  let count = 0;
  const sockets = new Set<Socket>();

  const receive = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks);
    const seen = describe(incoming, body, count);
    requests.push(seen);
    const fault = choose(seen);
    if (fault !== undefined) count += 1;
    if (fault?.kind === 'reset') return void incoming.socket.resetAndDestroy();
    if (fault?.kind === 'answer')
      return void response
        .writeHead(
          fault.status,
          fault.headers ?? { 'content-type': seen.service === 'dynamodb' ? 'application/x-amz-json-1.0' : 'application/xml' },
        )
        .end(fault.body);
    if (fault?.kind === 'held') await fault.until;
    const onward = httpRequest(
      { host: target.hostname, port: target.port, method: incoming.method, path: incoming.url, headers: incoming.headers, agent: false },
      (answer) => {
        // Whoever asked may be dead by now.
        response.on('error', () => answer.destroy());
        response.on('close', () => answer.destroy());
        if (fault?.kind === 'lost answer') {
          answer.resume();
          answer.on('end', () => void (incoming.socket.destroyed || incoming.socket.resetAndDestroy()));
          return;
        }
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => incoming.socket.destroy());
    onward.end(body);
  };

  const server = createServer((incoming, response) => void receive(incoming, response).catch(() => incoming.socket.destroy()));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    variables: { HTTP_PROXY: url, http_proxy: url, AWS_ENDPOINT_URL_DYNAMODB: url, AWS_ENDPOINT_URL_STS: url },
    requests,
    fail: (next) => {
      choose = next;
      count = 0;
    },
    heal: () => {
      choose = () => undefined;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

function describe(incoming: IncomingMessage, body: Buffer, count: number): ProxyRequest {
  const url = incoming.url ?? '/';
  const operation = /^DynamoDB_\d+\.(\w+)$/.exec(String(incoming.headers['x-amz-target'] ?? ''))?.[1];
  const service = operation !== undefined ? 'dynamodb' : /^http:/.test(url) ? 's3' : 'sts';
  const { pathname, search } = new URL(url, 'http://proxy');
  return {
    service,
    method: incoming.method ?? '',
    path: `${pathname}${search}`,
    operation: operation ?? '',
    body: body.toString('utf8'),
    count,
  };
}

/** The XML of an S3 error. */
export function s3Fault(status: number, code: string, message = code): Fault {
  return {
    kind: 'answer',
    status,
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>R</RequestId></Error>`,
  };
}

/** The JSON of a DynamoDB error. */
export function dynamodbFault(status: number, type: string, message = type): Fault {
  return { kind: 'answer', status, body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }) };
}

/** The XML of an STS error. */
export function stsFault(status: number, code: string, message = code): Fault {
  return {
    kind: 'answer',
    status,
    headers: { 'content-type': 'text/xml' },
    body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>R</RequestId></ErrorResponse>`,
  };
}
