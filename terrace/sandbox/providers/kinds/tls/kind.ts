import { createPrivateKey, createPublicKey, generateKeyPair, X509Certificate, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

import { messageOf } from '../../../../base/message';
import type { ProviderKind, ResourceBehaviour } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import { plainKind } from '../plain';
import { isList, isObject, textOf, type ObjectValue, type Value } from '../../protocol/value';
import { distinguishedName, issueCertificate, pem, readRequest, requestCertificate, subjectOf, unpem, type Issue } from './certificate';
import { siteChain } from './site-chain';
import { fingerprints, opensshPrivate, opensshPublic } from './openssh';

const generate = promisify(generateKeyPair);
const curves: Readonly<Record<string, string>> = { P224: 'secp224r1', P256: 'prime256v1', P384: 'secp384r1', P521: 'secp521r1' };

const renewable: ResourceBehaviour = {
  read: (_, state) => {
    const early = typeof state['early_renewal_hours'] === 'number' ? state['early_renewal_hours'] : 0;
    return new Date(String(state['validity_end_time'])).getTime() - early * 3_600_000 <= Date.now() ? null : state;
  },
};

/** `tls`: keys, requests and certificates are real; certificates are gone once they may be renewed, so that the next plan makes new ones. */
export const tlsKind: ProviderKind = plainKind(
  {},
  {
    stateOnly: true,
    idTemplate: () => '{hex:40}',
    ephemeral: { tls_private_key: async (_, config) => ({ ...config, ...(await keyValues(config)) }) },
    resources: {
      tls_private_key: { create: async (_, planned) => ({ ...planned, ...(await keyValues(planned)) }) },
      tls_cert_request: {
        create: (_, planned) => {
          const key = privateKey(planned, 'private_key_pem');
          return {
            ...planned,
            key_algorithm: algorithmOf(key),
            cert_request_pem: pem(
              'CERTIFICATE REQUEST',
              requestCertificate({ subject: nameOf(planned['subject']), ...namesOf(planned) }, key),
            ),
          };
        },
      },
      tls_self_signed_cert: {
        ...renewable,
        create: (_, planned) => {
          const key = privateKey(planned, 'private_key_pem');
          const subject = nameOf(planned['subject']);
          return {
            ...planned,
            key_algorithm: algorithmOf(key),
            ...issued(planned, { subject, issuer: subject, publicKey: createPublicKey(key), signingKey: key, ...namesOf(planned) }),
          };
        },
      },
      tls_locally_signed_cert: {
        ...renewable,
        create: (_, planned) => {
          const key = privateKey(planned, 'ca_private_key_pem');
          const request = readRequest(der(planned, 'cert_request_pem'));
          const issuer = subjectOf(der(planned, 'ca_cert_pem'));
          const issue = {
            subject: request.subject,
            issuer,
            publicKey: request.publicKey,
            signingKey: key,
            dnsNames: [],
            ipAddresses: [],
            uris: [],
            ...(request.names === undefined ? {} : { names: request.names }),
          };
          return { ...planned, ca_key_algorithm: algorithmOf(key), ...issued(planned, issue, true) };
        },
      },
    },
    dataSources: {
      tls_public_key: (_, config) => {
        const source = textOf(config['private_key_pem']) ?? textOf(config['private_key_openssh']);
        if (source === undefined)
          throw new Refusal('Invalid Attribute Combination', 'one of private_key_pem, private_key_openssh is required');
        const key = privateKey({ key: source }, 'key');
        return { ...config, ...publicValues(createPublicKey(key)), algorithm: algorithmOf(key) };
      },
      tls_certificate: (_, config) => {
        const content = textOf(config['content']);
        const url = textOf(config['url']);
        if (content === undefined) {
          const host = /^(?:https|tls):\/\/\[?([^/:\]]+)/.exec(url ?? '')?.[1];
          if (host === undefined)
            throw new Refusal('Invalid URL', `${JSON.stringify(url ?? '')} begins with neither https:// nor tls://`, 'url');
          return { ...config, id: url ?? '', certificates: siteChain(host).map((one) => certificateValues(pem('CERTIFICATE', one))) };
        }
        const parts = content.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
        return { ...config, certificates: parts.map(certificateValues) };
      },
    },
  },
);

async function keyValues(planned: ObjectValue): Promise<ObjectValue> {
  const algorithm = textOf(planned['algorithm']);
  const pair = await newPair(algorithm, planned);
  const legacy = algorithm === 'RSA' ? 'pkcs1' : algorithm === 'ECDSA' ? 'sec1' : 'pkcs8';
  return {
    private_key_pem: pair.privateKey.export({ format: 'pem', type: legacy }).toString(),
    private_key_pem_pkcs8: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    private_key_openssh: opensshPrivate(pair.privateKey, pair.publicKey),
    ...publicValues(pair.publicKey),
  };
}

function newPair(algorithm: string | undefined, planned: ObjectValue): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  if (algorithm === 'RSA') return generate('rsa', { modulusLength: typeof planned['rsa_bits'] === 'number' ? planned['rsa_bits'] : 2048 });
  if (algorithm === 'ECDSA') return generate('ec', { namedCurve: curves[textOf(planned['ecdsa_curve']) ?? 'P224'] ?? 'secp224r1' });
  if (algorithm === 'ED25519') return generate('ed25519');
  throw new Refusal(
    'Invalid Attribute Value Match',
    `Attribute algorithm value must be one of: ["RSA" "ECDSA" "ED25519"], got: "${algorithm ?? ''}"`,
    'algorithm',
  );
}

function publicValues(key: KeyObject): ObjectValue {
  const { md5, sha256 } = fingerprints(key);
  return {
    public_key_pem: key.export({ format: 'pem', type: 'spki' }).toString(),
    public_key_openssh: opensshPublic(key),
    public_key_fingerprint_md5: md5,
    public_key_fingerprint_sha256: sha256,
  };
}

function issued(
  planned: ObjectValue,
  issue: Omit<Issue, 'uses' | 'authority' | 'subjectKeyId' | 'authorityKeyId' | 'from' | 'to'>,
  byAuthority = false,
): ObjectValue {
  const from = new Date(Math.floor(Date.now() / 1000) * 1000);
  const hours = typeof planned['validity_period_hours'] === 'number' ? planned['validity_period_hours'] : 0;
  const to = new Date(from.getTime() + hours * 3_600_000);
  const certificate = issueCertificate({
    ...issue,
    uses: texts(planned['allowed_uses']),
    authority: planned['is_ca_certificate'] === true,
    subjectKeyId: planned['set_subject_key_id'] === true,
    authorityKeyId: byAuthority || planned['set_authority_key_id'] === true,
    from,
    to,
  });
  const text = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    cert_pem: pem('CERTIFICATE', certificate),
    validity_start_time: text(from),
    validity_end_time: text(to),
    ready_for_renewal: false,
  };
}

function certificateValues(text: string): ObjectValue {
  const certificate = new X509Certificate(text);
  const kind = certificate.publicKey.asymmetricKeyType;
  return {
    cert_pem: `${text}\n`,
    is_ca: certificate.ca,
    issuer: certificate.issuer.split('\n').reverse().join(','),
    subject: certificate.subject.split('\n').reverse().join(','),
    not_before: new Date(certificate.validFrom).toISOString().replace(/\.\d+Z$/, 'Z'),
    not_after: new Date(certificate.validTo).toISOString().replace(/\.\d+Z$/, 'Z'),
    serial_number: BigInt(`0x${certificate.serialNumber}`).toString(),
    sha1_fingerprint: certificate.fingerprint.replaceAll(':', '').toLowerCase(),
    public_key_algorithm: kind === 'ec' ? 'ECDSA' : kind === 'ed25519' ? 'Ed25519' : 'RSA',
    signature_algorithm: kind === 'ec' ? 'ECDSA-SHA256' : kind === 'ed25519' ? 'Ed25519' : 'SHA256-RSA',
    version: 3,
  };
}

function privateKey(values: ObjectValue, name: string): KeyObject {
  try {
    return createPrivateKey(String(values[name] ?? ''));
  } catch (error) {
    throw new Refusal('Failed to parse private key', messageOf(error), name);
  }
}

function der(values: ObjectValue, name: string): Buffer {
  const body = unpem(String(values[name] ?? ''));
  if (body === undefined) throw new Refusal('Failed to decode PEM', `${name} holds no PEM block`, name);
  return body;
}

function algorithmOf(key: KeyObject): string {
  return key.asymmetricKeyType === 'ec' ? 'ECDSA' : key.asymmetricKeyType === 'ed25519' ? 'ED25519' : 'RSA';
}

function nameOf(blocks: Value | undefined): Buffer {
  const block = isList(blocks) ? blocks[0] : blocks;
  if (!isObject(block)) return distinguishedName({});
  return distinguishedName(
    Object.fromEntries(
      Object.entries(block).map(([name, value]) => [name, isList(value) ? value.map(String) : value === null ? [] : [String(value)]]),
    ),
  );
}

function namesOf(planned: ObjectValue): { readonly dnsNames: string[]; readonly ipAddresses: string[]; readonly uris: string[] } {
  return { dnsNames: texts(planned['dns_names']), ipAddresses: texts(planned['ip_addresses']), uris: texts(planned['uris']) };
}

function texts(value: Value | undefined): string[] {
  return isList(value) ? value.map(String) : [];
}
