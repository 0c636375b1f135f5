import { createHash, generateKeyPairSync } from 'node:crypto';
import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { distinguishedName, issueCertificate, pem, readRequest } from '../../terrace/sandbox/providers/kinds/tls/certificate';

/** An authority that speaks ACME (RFC 8555) as Let's Encrypt does, on loopback; it tries names by the HTTP challenge alone. */
export interface CertificateAuthority {
  /** Address of its directory. */
  readonly directory: string;
  /** Its own certificate, which signs the others and answers for it. */
  readonly pem: string;
  /** Accounts that were opened, and the names that certificates were issued for. */
  readonly contacts: readonly string[];
  readonly issued: readonly (readonly string[])[];
  /** Why names were not proved. */
  readonly refused: readonly string[];
  close(): Promise<void>;
}

interface Order {
  readonly names: readonly string[];
  readonly token: string;
  valid: boolean;
  chain: string;
}

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object | string;
}

/** `provingPort` is where it finds, whatever the name, what answers the challenge: port 80 of the name elsewhere. */
export async function certificateAuthority(provingPort: () => number): Promise<CertificateAuthority> {
  const keys = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const subject = distinguishedName({ common_name: ['Authority'] });
  const terms = { issuer: subject, signingKey: keys.privateKey, uris: [], subjectKeyId: true, authorityKeyId: true, ...period() };
  const own = pem(
    'CERTIFICATE',
    issueCertificate({
      ...terms,
      subject,
      publicKey: keys.publicKey,
      dnsNames: [],
      ipAddresses: ['127.0.0.1'],
      uses: ['digital_signature', 'cert_signing', 'server_auth'],
      authority: true,
    }),
  );
  const contacts: string[] = [];
  const issued: (readonly string[])[] = [];
  const refused: string[] = [];
  const orders: Order[] = [];
  let thumbprint = '';
  let origin = '';

  /** Asks for the challenge's file as anybody on the internet would; gives what is wrong with the answer. */
  async function prove({ names: [name = ''], token }: Order): Promise<string | undefined> {
    const { status, body } = await get(provingPort(), `/.well-known/acme-challenge/${token}`, name);
    return status === 200 && body === `${token}.${thumbprint}` ? undefined : `${name}: ${status} ${body}`;
  }

  const shownOrder = (order: Order, at: number): object => ({
    status: order.chain !== '' ? 'valid' : order.valid ? 'ready' : 'pending',
    identifiers: order.names.map((value) => ({ type: 'dns', value })),
    authorizations: [`${origin}/authorization/${at}`],
    finalize: `${origin}/finalize/${at}`,
    ...(order.chain === '' ? {} : { certificate: `${origin}/certificate/${at}` }),
  });
  const challengeOf = (order: Order, at: number): object => ({
    type: 'http-01',
    url: `${origin}/challenge/${at}`,
    token: order.token,
    status: order.valid ? 'valid' : 'pending',
  });

  async function answer(kind: string, at: number, { header, payload }: Signed): Promise<Answer> {
    if (kind === 'directory')
      return { body: Object.fromEntries(['Nonce', 'Account', 'Order'].map((one) => [`new${one}`, `${origin}/${one.toLowerCase()}`])) };
    if (kind === 'nonce') return { body: '' };
    if (kind === 'account') {
      contacts.push(...(payload.contact ?? []));
      thumbprint = thumbprintOf(header.jwk ?? {});
      return { status: 201, headers: { location: `${origin}/account/0` }, body: { status: 'valid', contact: payload.contact } };
    }
    if (kind === 'order' && payload.identifiers !== undefined) {
      const order = { names: payload.identifiers.map(({ value }) => value), token: `token-${orders.length}`, valid: false, chain: '' };
      orders.push(order);
      const place = orders.length - 1;
      return { status: 201, headers: { location: `${origin}/order/${place}` }, body: shownOrder(order, place) };
    }
    const order = orders[at];
    if (order === undefined) return { status: 404, body: { type: 'urn:ietf:params:acme:error:malformed' } };
    if (kind === 'authorization')
      return {
        body: {
          status: order.valid ? 'valid' : 'pending',
          identifier: { type: 'dns', value: order.names[0] },
          challenges: [challengeOf(order, at)],
        },
      };
    if (kind === 'challenge') {
      const problem = await prove(order);
      if (problem === undefined) order.valid = true;
      else refused.push(problem);
      return { headers: { link: `<${origin}/authorization/${at}>;rel="up"` }, body: challengeOf(order, at) };
    }
    if (kind === 'finalize' && order.valid) {
      const asked = readRequest(Buffer.from(payload.csr ?? '', 'base64url'));
      const made = issueCertificate({
        ...terms,
        subject: asked.subject,
        publicKey: asked.publicKey,
        dnsNames: order.names,
        ipAddresses: [],
        uses: ['digital_signature', 'server_auth'],
        authority: false,
      });
      order.chain = `${pem('CERTIFICATE', made)}${own}`;
      issued.push(order.names);
    }
    return kind === 'certificate' ? { body: order.chain } : { body: shownOrder(order, at) };
  }

  let nonces = 0;
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, kind = '', at = ''] = (incoming.url ?? '').split('/');
    const { status = 200, headers = {}, body } = await answer(kind, Number(at), readSigned(await textOf(incoming)));
    nonces += 1;
    response.writeHead(status, { 'replay-nonce': `nonce-${nonces}`, 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const key = keys.privateKey.export({ format: 'pem', type: 'pkcs8' });
  const server = createServer({ key, cert: own }, (incoming, response) => void handle(incoming, response).catch(() => response.destroy()));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    directory: `${origin}/directory`,
    pem: own,
    contacts,
    issued,
    refused,
    close: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

/** What a client signed; its signature is not tried. */
interface Signed {
  readonly header: { readonly jwk?: Readonly<Record<string, string>> };
  readonly payload: {
    readonly contact?: readonly string[];
    readonly identifiers?: readonly { readonly value: string }[];
    readonly csr?: string;
  };
}

function readSigned(text: string): Signed {
  if (text === '') return { header: {}, payload: {} };
  const sealed: { readonly protected: string; readonly payload: string } = JSON.parse(text);
  const decoded = (part: string): string => Buffer.from(part, 'base64url').toString('utf8') || '{}';
  return { header: JSON.parse(decoded(sealed.protected)), payload: JSON.parse(decoded(sealed.payload)) };
}

/** RFC 7638: the digest of the key's required members, in the order of their names. */
function thumbprintOf(key: Readonly<Record<string, string>>): string {
  const members = Object.entries(key)
    .filter(([name]) => ['crv', 'e', 'kty', 'n', 'x', 'y'].includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify(Object.fromEntries(members)))
    .digest('base64url');
}

function period(): { readonly from: Date; readonly to: Date } {
  const day = 24 * 3_600_000;
  return { from: new Date(Date.now() - day), to: new Date(Date.now() + 90 * day) };
}

function get(port: number, path: string, host: string): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) =>
    request({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
      textOf(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    })
      .once('error', reject)
      .end(),
  );
}

async function textOf(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}
