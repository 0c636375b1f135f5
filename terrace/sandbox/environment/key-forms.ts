import { createPrivateKey, createPublicKey, sign } from 'node:crypto';

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

/** A certificate request (PKCS #10) in PEM for one name, signed with a key of the source's bytes. */
export function certificateRequest(name: string, source: ValueSource): string {
  const key = keyFrom(source);
  const commonName = der(0x30, der(0x06, Buffer.from([0x55, 0x04, 0x03])), der(0x0c, Buffer.from(name)));
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const body = der(0x30, der(0x02, Buffer.from([0])), der(0x30, der(0x31, commonName)), publicKey, der(0xa0));
  const algorithm = der(0x30, der(0x06, Buffer.from([0x2b, 0x65, 0x70])));
  const request = der(0x30, body, algorithm, der(0x03, Buffer.from([0]), sign(null, body, key)));
  const lines = request.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE REQUEST-----\n${lines.join('\n')}\n-----END CERTIFICATE REQUEST-----\n`;
}

/** One DER value; its content is below 64 KiB. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const inner = Buffer.concat(content);
  const { length } = inner;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), inner]);
}

function keyFrom(source: ValueSource) {
  return createPrivateKey({ key: Buffer.concat([pkcs8Head, source.bytes(32)]), format: 'der', type: 'pkcs8' });
}
