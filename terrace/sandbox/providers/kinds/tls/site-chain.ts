import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';

import { distinguishedName, issueCertificate } from './certificate';

const from = new Date('2026-01-01T00:00:00Z');
const to = new Date('2036-01-01T00:00:00Z');

/**
 * The certificates that a site is taken to have, root first, DER: a root of the sandbox's own and a certificate of the host, the same whenever
 * they are asked for, so that a thumbprint made of them stays. Nothing is connected to.
 */
export function siteChain(host: string): readonly Buffer[] {
  const root = keyOf('the root of all simulated sites');
  const site = keyOf(`the simulated site ${host}`);
  const authority = distinguishedName({ common_name: ['Terrace sandbox root'], organization: ['Terrace sandbox'] });
  const common = {
    issuer: authority,
    signingKey: root,
    ipAddresses: [],
    uris: [],
    subjectKeyId: true,
    authorityKeyId: false,
    from,
    to,
  } as const;
  const address = isIP(host) !== 0;
  return [
    issueCertificate({
      ...common,
      subject: authority,
      publicKey: createPublicKey(root),
      dnsNames: [],
      uses: ['cert_signing', 'crl_signing'],
      authority: true,
      serial: serialOf('root'),
    }),
    issueCertificate({
      ...common,
      subject: distinguishedName({ common_name: [host] }),
      publicKey: createPublicKey(site),
      dnsNames: address ? [] : [host],
      ipAddresses: address ? [host] : [],
      uses: ['digital_signature', 'server_auth'],
      authority: false,
      serial: serialOf(host),
    }),
  ];
}

/** An Ed25519 key made of a text: its signatures, too, are the same every time (RFC 8032). */
function keyOf(seed: string): KeyObject {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  return createPrivateKey({ key: Buffer.concat([prefix, digest(seed)]), format: 'der', type: 'pkcs8' });
}

function serialOf(name: string): Buffer {
  return Buffer.concat([Buffer.from([1]), digest(`serial of ${name}`).subarray(0, 15)]);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
