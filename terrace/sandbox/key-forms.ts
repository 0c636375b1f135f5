import { createPrivateKey, createPublicKey } from 'node:crypto';

import type { ValueSource } from './value-source';

/** PKCS #8 head of an Ed25519 private key (RFC 8410); 32 bytes follow. */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

/** An Ed25519 private key in PEM, made from the source's bytes. */
export function ed25519PrivateKey(source: ValueSource): string {
  return keyFrom(source).export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** An `ssh-ed25519` public key line. */
export function sshPublicKey(source: ValueSource): string {
  const raw = createPublicKey(keyFrom(source)).export({ format: 'der', type: 'spki' }).subarray(-32);
  const field = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  return `ssh-ed25519 ${Buffer.concat([field(Buffer.from('ssh-ed25519')), field(raw)]).toString('base64')} sandbox`;
}

function keyFrom(source: ValueSource) {
  return createPrivateKey({ key: Buffer.concat([pkcs8Head, source.bytes(32)]), format: 'der', type: 'pkcs8' });
}
