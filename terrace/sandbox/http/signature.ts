import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A request as far as its signature covers it; the path and the query are those of the request line, byte for byte. */
export interface SignedRequest {
  readonly method: string;
  readonly pathname: string;
  /** With its question mark, or empty. */
  readonly search: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Read only where no `x-amz-content-sha256` says what the body is. */
  readonly body: () => Buffer;
}

interface Credential {
  readonly scope: readonly string[];
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly date: string;
  readonly presigned: boolean;
}

/**
 * True where a request bears the AWS signature (version 4, in the `Authorization` header or presigned) that a secret key makes for it. The
 * time in it is not compared with the clock. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function isSignedWith(request: SignedRequest, secret: string): boolean {
  const parameters = parametersOf(request.search);
  const credential = credentialOf(request.headers, parameters);
  if (credential === undefined) return false;
  const { scope, signedHeaders, signature, date, presigned } = credential;
  const [day = '', region = '', service = ''] = scope;
  const canonical = [
    request.method,
    request.pathname,
    parameters
      .filter(([name]) => !presigned || name !== 'X-Amz-Signature')
      .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
      .toSorted()
      .join('&'),
    ...signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    payloadOf(request, presigned && service === 's3'),
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonical)].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<Buffer>((made, part) => hmac(made, part), Buffer.from(`AWS4${secret}`));
  const expected = hmac(key, text).toString('hex');
  return signature.length === expected.length && timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
}

function credentialOf(headers: SignedRequest['headers'], parameters: readonly (readonly [string, string])[]): Credential | undefined {
  const parts = /^AWS4-HMAC-SHA256\s+Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([\da-f]+)$/.exec(
    headers['authorization'] ?? '',
  );
  const query = new Map(parameters);
  const presigned = parts === null;
  const full = presigned ? query.get('X-Amz-Credential') : parts[1];
  const signedHeaders = presigned ? query.get('X-Amz-SignedHeaders') : parts[2];
  const signature = presigned ? query.get('X-Amz-Signature') : parts[3];
  const date = presigned ? query.get('X-Amz-Date') : headers['x-amz-date'];
  if (full === undefined || signedHeaders === undefined || signature === undefined || date === undefined) return undefined;
  return { scope: full.split('/').slice(-4), signedHeaders: signedHeaders.split(';'), signature, date, presigned };
}

function payloadOf({ headers, body }: SignedRequest, unsigned: boolean): string {
  return headers['x-amz-content-sha256'] ?? (unsigned ? 'UNSIGNED-PAYLOAD' : sha256(body()));
}

/** Names and values, decoded; a plus sign is one. */
function parametersOf(search: string): readonly (readonly [string, string])[] {
  const decoded = (text: string): string => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  return search
    .slice(1)
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=');
      return at === -1 ? ([decoded(part), ''] as const) : ([decoded(part.slice(0, at)), decoded(part.slice(at + 1))] as const);
    });
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
