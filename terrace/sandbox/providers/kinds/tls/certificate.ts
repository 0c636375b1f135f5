import { createHash, createPublicKey, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';

import { bits, boolean, integer, nothing, objectId, octets, readElements, sequence, set, tagged, time, utf8 } from './der';

/** What is asked of a certificate or a request. */
export interface CertificateFacts {
  /** Encoded distinguished name. */
  readonly subject: Buffer;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly uris: readonly string[];
}

export interface Issue extends CertificateFacts {
  readonly issuer: Buffer;
  readonly publicKey: KeyObject;
  readonly signingKey: KeyObject;
  readonly uses: readonly string[];
  readonly authority: boolean;
  readonly subjectKeyId: boolean;
  readonly authorityKeyId: boolean;
  readonly from: Date;
  readonly to: Date;
  /** @default random */
  readonly serial?: Buffer;
  /** Alternative names as an encoded extension, taken from a request. */
  readonly names?: Buffer;
}

const nameParts: readonly (readonly [string, string])[] = [
  ['country', '2.5.4.6'],
  ['province', '2.5.4.8'],
  ['locality', '2.5.4.7'],
  ['street_address', '2.5.4.9'],
  ['postal_code', '2.5.4.17'],
  ['organization', '2.5.4.10'],
  ['organizational_unit', '2.5.4.11'],
  ['common_name', '2.5.4.3'],
  ['serial_number', '2.5.4.5'],
];

const keyUses = [
  'digital_signature',
  'content_commitment',
  'key_encipherment',
  'data_encipherment',
  'key_agreement',
  'cert_signing',
  'crl_signing',
  'encipher_only',
  'decipher_only',
];

const extendedUses: Readonly<Record<string, string>> = {
  any_extended: '2.5.29.37.0',
  server_auth: '1.3.6.1.5.5.7.3.1',
  client_auth: '1.3.6.1.5.5.7.3.2',
  code_signing: '1.3.6.1.5.5.7.3.3',
  email_protection: '1.3.6.1.5.5.7.3.4',
  ipsec_end_system: '1.3.6.1.5.5.7.3.5',
  ipsec_tunnel: '1.3.6.1.5.5.7.3.6',
  ipsec_user: '1.3.6.1.5.5.7.3.7',
  timestamping: '1.3.6.1.5.5.7.3.8',
  ocsp_signing: '1.3.6.1.5.5.7.3.9',
};

/** A distinguished name from the attributes of a `subject` block. */
export function distinguishedName(parts: Readonly<Record<string, readonly string[]>>): Buffer {
  return sequence(
    ...nameParts.flatMap(([name, oid]) =>
      (parts[name] ?? []).filter((text) => text !== '').map((text) => set(sequence(objectId(oid), utf8(text)))),
    ),
  );
}

/** A signed X.509 certificate, DER. */
export function issueCertificate(issue: Issue): Buffer {
  const algorithm = signatureAlgorithm(issue.signingKey);
  const body = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(issue.serial ?? randomBytes(16)),
    algorithm,
    issue.issuer,
    sequence(time(issue.from), time(issue.to)),
    issue.subject,
    publicKeyInfo(issue.publicKey),
    tagged(3, sequence(...extensions(issue))),
  );
  return sequence(body, algorithm, bits(signed(body, issue.signingKey)));
}

/** A signed certificate request, DER. */
export function requestCertificate(facts: CertificateFacts, key: KeyObject): Buffer {
  const names = alternativeNames(facts);
  const attributes = names === undefined ? Buffer.alloc(0) : sequence(objectId('1.2.840.113549.1.9.14'), set(sequence(names)));
  const body = sequence(integer(Buffer.from([0])), facts.subject, publicKeyInfo(createPublicKey(key)), tagged(0, attributes));
  return sequence(body, signatureAlgorithm(key), bits(signed(body, key)));
}

/** Subject, public key and alternative names of a request. */
export function readRequest(request: Buffer): {
  readonly subject: Buffer;
  readonly publicKey: KeyObject;
  readonly names: Buffer | undefined;
} {
  const body = readElements(readElements(readElements(request)[0]?.contents ?? Buffer.alloc(0))[0]?.contents ?? Buffer.alloc(0));
  const [, subject, key, attributes] = body;
  if (subject === undefined || key === undefined) throw new RangeError('not a certificate request');
  const wanted = objectId('2.5.29.17');
  const position = attributes?.contents.indexOf(wanted) ?? -1;
  const value = position < 0 ? undefined : readElements(attributes?.contents.subarray(position + wanted.length) ?? Buffer.alloc(0))[0];
  return {
    subject: subject.whole,
    publicKey: createPublicKey({ key: key.whole, format: 'der', type: 'spki' }),
    names: value === undefined ? undefined : sequence(wanted, value.whole),
  };
}

/** Subject of a certificate, which is the issuer of what it signs. */
export function subjectOf(certificate: Buffer): Buffer {
  const body = readElements(readElements(readElements(certificate)[0]?.contents ?? Buffer.alloc(0))[0]?.contents ?? Buffer.alloc(0));
  const subject = body[5];
  if (subject === undefined) throw new RangeError('not a certificate');
  return subject.whole;
}

function extensions(issue: Issue): Buffer[] {
  const flags = keyUses.map((use) => issue.uses.includes(use));
  const extended = issue.uses.flatMap((use) => (extendedUses[use] === undefined ? [] : [objectId(extendedUses[use])]));
  const names = issue.names ?? alternativeNames(issue);
  return [
    ...(flags.includes(true) ? [sequence(objectId('2.5.29.15'), boolean(true), octets(flagBits(flags)))] : []),
    ...(extended.length > 0 ? [sequence(objectId('2.5.29.37'), octets(sequence(...extended)))] : []),
    sequence(objectId('2.5.29.19'), boolean(true), octets(issue.authority ? sequence(boolean(true)) : sequence())),
    ...(issue.subjectKeyId || issue.authority ? [sequence(objectId('2.5.29.14'), octets(octets(keyId(issue.publicKey))))] : []),
    ...(issue.authorityKeyId
      ? [sequence(objectId('2.5.29.35'), octets(sequence(tagged(0, keyId(createPublicKey(issue.signingKey)), true))))]
      : []),
    ...(names === undefined ? [] : [names]),
  ];
}

function alternativeNames(facts: CertificateFacts): Buffer | undefined {
  const names = [
    ...facts.dnsNames.map((name) => tagged(2, Buffer.from(name), true)),
    ...facts.ipAddresses.map((address) => tagged(7, addressBytes(address), true)),
    ...facts.uris.map((uri) => tagged(6, Buffer.from(uri), true)),
  ];
  return names.length === 0 ? undefined : sequence(objectId('2.5.29.17'), octets(sequence(...names)));
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const front = head.split(':').filter((group) => group !== '');
  const back = tail?.split(':').filter((group) => group !== '') ?? [];
  const groups = [...front, ...Array.from({ length: 8 - front.length - back.length }, () => '0'), ...back];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** Key usage as a bit string, the highest bit first, without trailing zero bits. */
function flagBits(flags: readonly boolean[]): Buffer {
  const last = flags.lastIndexOf(true);
  const bytes = Buffer.alloc(Math.floor(last / 8) + 1);
  flags.forEach((flag, index) => {
    if (flag) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (0x80 >> (index & 7));
  });
  return bits(bytes, 7 - (last % 8));
}

function keyId(key: KeyObject): Buffer {
  const [, value] = readElements(readElements(publicKeyInfo(key))[0]?.contents ?? Buffer.alloc(0));
  return createHash('sha1')
    .update(value?.contents.subarray(1) ?? Buffer.alloc(0))
    .digest();
}

function publicKeyInfo(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' });
}

function signatureAlgorithm(key: KeyObject): Buffer {
  if (key.asymmetricKeyType === 'ed25519') return sequence(objectId('1.3.101.112'));
  if (key.asymmetricKeyType === 'ec') return sequence(objectId(curveHash(key).oid));
  return sequence(objectId('1.2.840.113549.1.1.11'), nothing());
}

function signed(body: Buffer, key: KeyObject): Buffer {
  return sign(key.asymmetricKeyType === 'ed25519' ? null : key.asymmetricKeyType === 'ec' ? curveHash(key).hash : 'sha256', body, key);
}

function curveHash(key: KeyObject): { readonly hash: string; readonly oid: string } {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (curve === 'secp384r1') return { hash: 'sha384', oid: '1.2.840.10045.4.3.3' };
  if (curve === 'secp521r1') return { hash: 'sha512', oid: '1.2.840.10045.4.3.4' };
  return { hash: 'sha256', oid: '1.2.840.10045.4.3.2' };
}

/** A DER body as PEM text. */
export function pem(label: string, body: Buffer): string {
  return `-----BEGIN ${label}-----\n${(body.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`;
}

/** The first DER body of a PEM text; undefined when there is none. */
export function unpem(text: string): Buffer | undefined {
  const body = /-----BEGIN [^-]+-----([\s\S]*?)-----END/.exec(text)?.[1];
  return body === undefined ? undefined : Buffer.from(body.replaceAll(/\s/g, ''), 'base64');
}
