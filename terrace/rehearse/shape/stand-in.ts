import { createHmac, createPrivateKey, createPublicKey } from 'node:crypto';

const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();
const digits = '0123456789';

/** Gives the stand-in of a secret: the same for the same text, of no use for finding the secret without the key. */
export type StandIn = (secret: string) => string;

/**
 * Stand-ins by a key. Each has the form of its secret: its length, letters for letters and digits for digits, everything else as it is; the
 * head that says what it is stays (`ghp_`, `https://`); addresses stay addresses, hexadecimal stays hexadecimal, keys in PEM stay keys
 * that programs can read. No stand-in equals its secret where that has a letter or digit.
 */
export function standInsBy(key: Uint8Array): StandIn {
  const known = new Map<string, string>();
  return (secret) => {
    const before = known.get(secret);
    if (before !== undefined) return before;
    let made = secret;
    for (let attempt = 0; made === secret && attempt < 8; attempt++) made = makeOne(secret, drawBy(key, secret, attempt));
    known.set(secret, made);
    return made;
  };
}

/** The next number below a limit. */
type Draw = (limit: number) => number;

function makeOne(secret: string, draw: Draw): string {
  return (
    privateKeyLike(secret, draw) ??
    pemLike(secret, draw) ??
    addressLike(secret, draw) ??
    mailLike(secret, draw) ??
    withoutHead(secret, draw)
  );
}

/** Heads by which services know their own tokens, and schemes of addresses. */
const head =
  /^(?:[a-z][a-z0-9+.-]*:\/\/(?:hooks\.slack\.com\/services\/)?|gh[opusr]_|github_pat_|glpat-|xox[abeoprs]-|xapp-|[rs]k_(?:live|test)_|AKIA|ASIA|AIza|SG\.|AGE-SECRET-KEY-1|sbp_|sb_(?:secret|publishable)_|\$2[aby]\$\d\d\$|whsec_|dop_v1_|ssh-(?:ed25519|rsa) |Bearer )/;

function withoutHead(text: string, draw: Draw): string {
  const begin = head.exec(text)?.[0] ?? '';
  const rest = text.slice(begin.length);
  const isHex = /^[0-9a-f-]{8,}$/.test(rest) && /\d/.test(rest);
  return begin + Array.from(rest, (char) => ofClass(char, isHex, draw)).join('');
}

function ofClass(char: string, isHex: boolean, draw: Draw): string {
  const alphabet = isHex && /[0-9a-f]/.test(char) ? (/\d/.test(char) ? digits : 'abcdef') : classOf(char);
  // A leading zero would make a number shorter, and no digit is a one-digit secret's only other form.
  return alphabet === undefined ? char : (alphabet[draw(alphabet.length)] ?? char);
}

function classOf(char: string): string | undefined {
  if (char >= '0' && char <= '9') return digits;
  if (char >= 'a' && char <= 'z') return lower;
  if (char >= 'A' && char <= 'Z') return upper;
  // Letters of other scripts: what has a lower and an upper case, or no ASCII form, is content as well.
  return char.charCodeAt(0) > 127 && /\p{L}|\p{N}/u.test(char) ? lower : undefined;
}

/** A private key in PEM: another one of the same kind where programs parse it; its length is that of the kind. */
function privateKeyLike(secret: string, draw: Draw): string | undefined {
  if (!/^-----BEGIN PRIVATE KEY-----\r?\n/.test(secret)) return undefined;
  try {
    if (createPrivateKey(secret).asymmetricKeyType !== 'ed25519') return undefined;
  } catch {
    return undefined;
  }
  // RFC 8410: the seed follows this header.
  const der = Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    Buffer.from(Array.from({ length: 32 }, () => draw(256))),
  ]);
  const pem = `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----`;
  createPublicKey(createPrivateKey(pem));
  return secret.endsWith('\n') ? `${pem}\n` : pem;
}

/** Blocks in PEM keep their lines, and base64 keeps its alphabet and length. */
function pemLike(secret: string, draw: Draw): string | undefined {
  if (!/-----BEGIN [A-Z0-9 ]+-----/.test(secret)) return undefined;
  return secret
    .split('\n')
    .map((line) => (line.startsWith('-----') || /^[A-Za-z-]+: /.test(line) ? line : withoutHead(line, draw)))
    .join('\n');
}

/** IPv4 and IPv6, with a prefix or without: those that are set aside for documentation (RFC 5737, RFC 3849). */
function addressLike(secret: string, draw: Draw): string | undefined {
  const v4 = /^\d{1,3}(?:\.\d{1,3}){3}(\/\d{1,2})?$/.exec(secret);
  if (v4 !== null) {
    const prefix = Number(v4[1]?.slice(1) ?? 32);
    if (prefix < 24) return undefined;
    const host = draw(256) & (256 - 2 ** (32 - prefix));
    return `${['192.0.2', '198.51.100', '203.0.113'][draw(3)] ?? '192.0.2'}.${host}${v4[1] ?? ''}`;
  }
  const v6 = /^(?=[0-9a-f:]*:[0-9a-f:]*:)[0-9a-f:]+(\/\d{1,3})?$/i.exec(secret);
  return v6 === null ? undefined : `2001:db8:${draw(65_536).toString(16)}::${v6[1] ?? ''}`;
}

function mailLike(secret: string, draw: Draw): string | undefined {
  const mail = /^([^\s@:/]+)@([a-z0-9-]+(?:\.[a-z0-9-]+)*\.)([a-z]{2,})$/i.exec(secret);
  return mail === null ? undefined : `${withoutHead(`${mail[1] ?? ''}@${mail[2] ?? ''}`, draw)}${mail[3] ?? ''}`;
}

function drawBy(key: Uint8Array, secret: string, attempt: number): Draw {
  let counter = 0;
  let bytes: readonly number[] = [];
  const next = (): number => {
    if (bytes.length === 0) {
      bytes = [...createHmac('sha256', key).update(`${attempt}:${counter}:`).update(secret).digest()];
      counter += 1;
    }
    const [first = 0, ...rest] = bytes;
    bytes = rest;
    return first;
  };
  // Two bytes: no letter is much likelier than another.
  return (limit) => (next() * 256 + next()) % limit;
}
