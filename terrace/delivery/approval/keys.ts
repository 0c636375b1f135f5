import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { failed } from '../problems';
import { messageOf } from '../../base/message';

/** A pair of ed25519 keys as PEM. */
export interface SigningKey {
  readonly privatePem: string;
  readonly publicPem: string;
  readonly id: string;
}

export function newSigningKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    id: keyId(publicKey),
  };
}

/** SHA-256 of the public key's DER form (SPKI), hex: names a key everywhere. */
export function keyId(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** Raises E6031 unless the text is an ed25519 private key in PEM. */
export function privateKeyFrom(pem: string, place: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw unusable(place, `not a private key: ${messageOf(cause)}`, cause);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw unusable(place, `a key of type ${String(key.asymmetricKeyType)}`);
  return key;
}

/** Raises E6031 when the file cannot be read or is no ed25519 private key. */
export function readPrivateKey(file: string): KeyObject {
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (cause) {
    throw unusable(file, messageOf(cause, file), cause);
  }
  return privateKeyFrom(pem, file);
}

/** Raises E6031 unless the text is an ed25519 public key in PEM. */
export function publicKeyFrom(pem: string, place: string): KeyObject {
  let key: KeyObject;
  try {
    if (pem.includes('PRIVATE KEY')) throw new Error('this is a private key');
    key = createPublicKey(pem);
  } catch (cause) {
    throw unusable(place, `not a public key: ${messageOf(cause)}`, cause);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw unusable(place, `a key of type ${String(key.asymmetricKeyType)}`);
  return key;
}

function unusable(place: string, found: string, cause?: unknown) {
  return failed('E6031', { place, found, expected: 'an ed25519 key in PEM format', todo: 'create one with `terrace keygen`' }, 1, cause);
}
