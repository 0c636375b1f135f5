import { createHash, randomBytes, type KeyObject } from 'node:crypto';

const text = (value: string | Uint8Array): Buffer => {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

const number = (value: Buffer): Buffer => text((value[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), value]) : value);
const decode = (value: string | undefined): Buffer => Buffer.from(value ?? '', 'base64url');

/** The public key as `ssh-ed25519 AAAA…` with a newline; empty for curves that SSH does not know. */
export function opensshPublic(key: KeyObject): string {
  const blob = publicBlob(key);
  return blob === undefined ? '' : `${blob.name} ${blob.bytes.toString('base64')}\n`;
}

/** MD5 in pairs with colons and SHA-256 as ssh-keygen prints them; empty where there is no SSH form. */
export function fingerprints(key: KeyObject): { readonly md5: string; readonly sha256: string } {
  const blob = publicBlob(key);
  if (blob === undefined) return { md5: '', sha256: '' };
  const md5 = createHash('md5').update(blob.bytes).digest('hex').match(/../g) ?? [];
  return { md5: md5.join(':'), sha256: `SHA256:${createHash('sha256').update(blob.bytes).digest('base64').replace(/=+$/, '')}` };
}

/** The private key in OpenSSH's own format, unencrypted. */
export function opensshPrivate(key: KeyObject, publicKey: KeyObject): string {
  const blob = publicBlob(publicKey);
  if (blob === undefined) return '';
  const check = randomBytes(4);
  const secret = Buffer.concat([check, check, text(blob.name), privatePart(key, blob.bytes), text('')]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, index) => index + 1));
  const count = Buffer.from([0, 0, 0, 1]);
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    text('none'),
    text('none'),
    text(''),
    count,
    text(blob.bytes),
    text(Buffer.concat([secret, padding])),
  ]);
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${(body.toString('base64').match(/.{1,70}/g) ?? []).join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

function privatePart(key: KeyObject, publicBytes: Buffer): Buffer {
  const jwk = key.export({ format: 'jwk' });
  if (key.asymmetricKeyType === 'ed25519') {
    const open = decode(jwk.x);
    return Buffer.concat([text(open), text(Buffer.concat([decode(jwk.d), open]))]);
  }
  if (key.asymmetricKeyType === 'ec') return Buffer.concat([publicBytes.subarray(4 + publicBytes.readUInt32BE(0)), number(decode(jwk.d))]);
  return Buffer.concat([
    number(decode(jwk.n)),
    number(decode(jwk.e)),
    number(decode(jwk.d)),
    number(decode(jwk.qi)),
    number(decode(jwk.p)),
    number(decode(jwk.q)),
  ]);
}

function publicBlob(key: KeyObject): { readonly name: string; readonly bytes: Buffer } | undefined {
  // Node cannot export P-224, the default curve of tls_private_key, and SSH has no name for it.
  if (key.asymmetricKeyDetails?.namedCurve === 'secp224r1') return undefined;
  const jwk = key.export({ format: 'jwk' });
  if (key.asymmetricKeyType === 'ed25519') return { name: 'ssh-ed25519', bytes: Buffer.concat([text('ssh-ed25519'), text(decode(jwk.x))]) };
  if (key.asymmetricKeyType === 'rsa')
    return { name: 'ssh-rsa', bytes: Buffer.concat([text('ssh-rsa'), number(decode(jwk.e)), number(decode(jwk.n))]) };
  const curve = { 'P-256': 'nistp256', 'P-384': 'nistp384', 'P-521': 'nistp521' }[jwk.crv ?? ''];
  if (curve === undefined) return undefined;
  const name = `ecdsa-sha2-${curve}`;
  return { name, bytes: Buffer.concat([text(name), text(curve), text(Buffer.concat([Buffer.from([4]), decode(jwk.x), decode(jwk.y)]))]) };
}
