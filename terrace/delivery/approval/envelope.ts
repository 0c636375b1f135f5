import { sign, verify, type KeyObject } from 'node:crypto';

import { canonicalText } from '../../base/canonical';
import { isObject } from '../../base/json';
import { parseStrictJson } from '../../base/strict-json';
import { refused } from '../problems';
import { messageOf } from '../../base/message';

/** A DSSE envelope (v1) around an in-toto statement. */
export interface Envelope {
  readonly payloadType: typeof payloadType;
  /** Base64. */
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

export const payloadType = 'application/vnd.in-toto+json';

/** Signs the canonical text of a value. */
export function signEnvelope(value: unknown, key: KeyObject, keyid: string): Envelope {
  const payload = Buffer.from(canonicalText(value));
  return {
    payloadType,
    payload: payload.toString('base64'),
    signatures: [{ keyid, sig: sign(null, encoding(payload), key).toString('base64') }],
  };
}

/** Reads an envelope's text without trusting it. Raises E6017 where it is none. */
export function parseEnvelope(text: string, place: string): Envelope {
  let value: unknown;
  try {
    value = parseStrictJson(text);
  } catch (cause) {
    throw notEnvelope(place, `not JSON: ${messageOf(cause)}`, cause);
  }
  if (
    !isObject(value) ||
    value['payloadType'] !== payloadType ||
    typeof value['payload'] !== 'string' ||
    !Array.isArray(value['signatures'])
  )
    throw notEnvelope(place, `not a DSSE envelope of ${payloadType}`);
  const signatures = value['signatures'].map((signature: unknown) => {
    if (!isObject(signature) || typeof signature['keyid'] !== 'string' || typeof signature['sig'] !== 'string')
      throw notEnvelope(place, 'a signature without keyid or sig');
    return { keyid: signature['keyid'], sig: signature['sig'] };
  });
  return { payloadType, payload: value['payload'], signatures };
}

/** True where the envelope carries a valid signature of the key. */
export function isSignedBy(envelope: Envelope, key: KeyObject, keyid: string): boolean {
  const message = encoding(Buffer.from(envelope.payload, 'base64'));
  return envelope.signatures.some(
    (signature) => signature.keyid === keyid && verify(null, message, key, Buffer.from(signature.sig, 'base64')),
  );
}

/** Pre-authentication encoding of DSSE: type and payload with their lengths, so that neither can be read as the other. */
function encoding(payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `), payload]);
}

function notEnvelope(place: string, found: string, cause?: unknown) {
  return refused('E6017', { place, found, todo: 'approve the bundle again with `terrace approve`' }, cause);
}
