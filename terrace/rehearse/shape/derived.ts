import { isObject } from '../../base/json';

/** Forms of what was made one-way: digests in hexadecimal and base64, bcrypt, public keys and certificates. */
const digest =
  /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}|[A-Za-z0-9+/]{22}==|[A-Za-z0-9+/]{27}=|[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==|\$2[aby]\$.{56}|(?:sha\d+|md5):.{16,}|(?:ssh|ecdsa)-[a-z0-9-]+ [A-Za-z0-9+/=]+.*|-----BEGIN (?:PUBLIC KEY|CERTIFICATE|CERTIFICATE REQUEST)-----[\s\S]*|H4sI[A-Za-z0-9+/=_-]+)$/;

/** Functions of terraform whose result does not give back what they were given. */
const oneWay = /\b(?:(?:base64|file)?(?:sha1|sha256|sha512|md5)|filebase64sha(?:256|512)|bcrypt|uuidv5|base64gzip)\s*\(/;

/** Attributes of which providers keep a digest. */
const kept = /^(?:user_data(?:_base64)?|.*(?:_hash|_sha1|_sha256|_md5|_digest|_checksum|_fingerprint|_thumbprint))$/;

/**
 * Attributes of a resource that were made one-way, and so may have been made of a secret: dotted names, sorted. Only what the configuration
 * says is looked at: what a provider computes stays as it is. Pure.
 */
export function derivedIn(config: unknown, value: unknown): readonly string[] {
  return [...new Set(find(config, value, []))].toSorted();
}

function find(config: unknown, value: unknown, path: readonly string[]): readonly string[] {
  const held = dynamicValue(value);
  if (typeof config === 'string') {
    if (typeof held !== 'string' || !config.includes('${')) return [];
    const name = path.at(-1) ?? '';
    return oneWay.test(config) || (kept.test(name) && digest.test(held)) ? [path.join('.')] : [];
  }
  if (Array.isArray(config)) {
    const values: readonly unknown[] = Array.isArray(held) ? held : [held];
    return config.flatMap((one, index) => find(one, values[index], path));
  }
  if (!isObject(config)) return [];
  const inner: unknown = Array.isArray(held) ? held[0] : held;
  return isObject(inner) ? Object.entries(config).flatMap(([name, one]) => find(one, inner[name], [...path, name])) : [];
}

/** A dynamic value stands in a state together with its type. */
function dynamicValue(value: unknown): unknown {
  return isObject(value) && Object.keys(value).length === 2 && 'value' in value && 'type' in value ? value['value'] : value;
}
