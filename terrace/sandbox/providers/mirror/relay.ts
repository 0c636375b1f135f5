import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createServer as createTlsServer } from 'node:tls';

import { isObject } from '../../../base/json';
import { sandboxOf } from '../../../base/sandbox-shell';
import { distinguishedName, issueCertificate, pem } from '../kinds/tls/certificate';

/** Where the daemon serves a provider, from its record; undefined where there is no such sandbox. */
export function daemonAddress(
  environment: Readonly<NodeJS.ProcessEnv>,
  source: string,
): { readonly host: string; readonly port: number } | undefined {
  try {
    const record: unknown = JSON.parse(readFileSync(path.join(environment['TERRACE_SANDBOX_DIR'] ?? '', 'daemon.json'), 'utf8'));
    if (!isObject(record) || record['id'] !== sandboxOf(environment) || !isObject(record['reattach'])) return undefined;
    const entry = Object.entries(record['reattach']).find(
      ([name]) => name.toLowerCase().endsWith(`/${source}`) || name.toLowerCase() === source,
    )?.[1];
    const address = isObject(entry) && isObject(entry['Addr']) ? entry['Addr']['String'] : undefined;
    if (typeof address !== 'string') return undefined;
    return { host: address.slice(0, address.lastIndexOf(':')), port: Number(address.slice(address.lastIndexOf(':') + 1)) };
  } catch {
    return undefined;
  }
}

/**
 * The program behind a provider of the mirror: tells terraform where to connect and passes bytes on to the daemon,
 * with TLS on terraform's side where it asks for it. Ends when terraform closes the connection; refuses without a running daemon.
 */
export function relay(source: string, environment: Readonly<NodeJS.ProcessEnv> = process.env): void {
  const address = daemonAddress(environment, source);
  if (address === undefined) return refuse(source, 'no such sandbox, or it serves no such provider');
  const probe = connect(address);
  probe.once('error', () => refuse(source, 'its daemon does not run'));
  probe.once('connect', () => {
    probe.destroy();
    listen(address, environment['PLUGIN_CLIENT_CERT'] ?? '');
  });
}

function listen(address: { readonly host: string; readonly port: number }, clientCertificate: string): void {
  const socketPath = path.join(os.tmpdir(), `terrace-provider-${process.pid}.sock`);
  const open = new Set<Socket>();
  const pass = (socket: Socket): void => {
    open.add(socket);
    const upstream = connect(address);
    upstream.setNoDelay(true);
    socket.pipe(upstream);
    upstream.pipe(socket);
    const end = (): void => {
      socket.destroy();
      upstream.destroy();
      open.delete(socket);
      if (open.size === 0) process.exit(0);
    };
    for (const one of [socket, upstream]) {
      one.once('close', end);
      one.once('error', end);
    }
  };
  const secured = clientCertificate !== '';
  const identity = secured ? selfSigned() : undefined;
  const server: Server =
    identity === undefined
      ? createServer(pass)
      : createTlsServer(
          {
            key: identity.key,
            cert: identity.pem,
            ca: clientCertificate,
            requestCert: true,
            rejectUnauthorized: true,
            ALPNProtocols: ['h2'],
          },
          pass,
        );
  process.once('exit', () => rmSync(socketPath, { force: true }));
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(0));
  // Terraform interrupts its children too, and then asks them to stop by a call.
  process.on('SIGINT', () => undefined);
  server.listen(socketPath, () => process.stdout.write(`1|6|unix|${socketPath}|grpc|${identity?.handshake ?? ''}\n`));
}

/** A certificate of this process for `localhost`, as terraform expects one that answers its own. */
function selfSigned(): { readonly key: string; readonly pem: string; readonly handshake: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const subject = distinguishedName({ common_name: ['localhost'], organization: ['Terrace'] });
  const certificate = issueCertificate({
    subject,
    issuer: subject,
    publicKey,
    signingKey: privateKey,
    dnsNames: ['localhost'],
    ipAddresses: [],
    uris: [],
    uses: ['digital_signature', 'key_encipherment', 'key_agreement', 'cert_signing', 'client_auth', 'server_auth'],
    authority: true,
    subjectKeyId: true,
    authorityKeyId: false,
    from: new Date(Date.now() - 30_000),
    to: new Date(Date.now() + 30 * 24 * 3_600_000),
  });
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    pem: pem('CERTIFICATE', certificate),
    handshake: certificate.toString('base64').replace(/=+$/, ''),
  };
}

/**
 * Terraform shows the first line that a program prints in place of a handshake, and then ends the program. One that ends by
 * itself right after the line may be gone before terraform reads it, and the line with it: so it waits a while.
 */
function refuse(source: string, found: string): void {
  process.stdout.write(`E5310 simulated provider outside its sandbox: ${source}: ${found}; start it with terrace sandbox start\n`);
  setTimeout(() => process.exit(1), 5000);
}
