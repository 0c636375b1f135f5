/** Names of attributes, variables and members of documents that hold secrets. */
const secretName =
  /(?:^|_)(?:password|passwd|passphrase|pass|pwd|secret|secrets|token|api_?key|private_key|private_key_pem|private_key_openssh|private_key_pem_pkcs8|secret_key|access_key|auth_key|account_key|storage_key|shared_key|signing_key|encryption_key|primary_key|secondary_key|master_key|service_key|credential|credentials|connection_string|dsn|client_secret|secret_string|secret_binary|secret_access_key|bearer|license_key|webhook|webhook_url|integration_key|routing_key|htpasswd|kubeconfig|kube_config_raw|cookie|salt|seed|otp|pin)$/;

/** Names that only speak of one: `secret_arn`, `password_length`, `token_ttl`. */
const aboutSecret =
  /(?:_(?:id|ids|arn|arns|name|names|version|length|type|ref|path|enabled|ttl|policy|expiration|expiry|rotation|days|count|prefix|suffix|alias|usage|spec|status|algorithm)|^(?:primary_key|next_token|hash_key|range_key|sort_key|partition_key))$/;

/** Values that are secrets whatever they are called. */
const secretForm: readonly RegExp[] = [
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/,
  /^eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}$/,
  /(?:^|[^A-Za-z0-9])(?:gh[opusr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|xox[abeoprs]-[A-Za-z0-9-]{10,}|[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|AGE-SECRET-KEY-1[A-Z0-9]{20,}|AIza[A-Za-z0-9_-]{30,}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|dop_v1_[a-f0-9]{32,}|sbp_[a-f0-9]{32,})/,
  /hooks\.slack\.com\/services\/T[A-Z0-9]+\/B[A-Z0-9]+\/[A-Za-z0-9]+/,
];

/** What signs in by an address: `scheme://user:password@host`, `scheme://key@host`. */
const inAddress = /[a-z][a-z0-9+.-]*:\/\/(?:[^\s:/@?#]*:([^\s@/]+)|([^\s:/@?#]{12,}))@/gi;

/** A parameter of an address that is called a secret: `?access-key=…`. */
const inQuery = /[?&;]([\w.-]+)=([^&;\s"']+)/g;

/** True where a value must be taken for a secret although nothing marks it: by what it is called, or by its form. */
export function isDoubtful(name: string, text: string): boolean {
  if (secretForm.some((form) => form.test(text))) return true;
  const words = wordsOf(name);
  return secretName.test(words) && !aboutSecret.test(words) && !isPublic(text);
}

/** Parts of a text that are secrets by their place in it. */
export function secretParts(text: string): readonly string[] {
  const users = [...text.matchAll(inAddress)].flatMap(([, password, alone]) => password ?? alone ?? []);
  const parameters = [...text.matchAll(inQuery)].flatMap(([, name = '', value = '']) =>
    secretName.test(wordsOf(name)) && !aboutSecret.test(wordsOf(name)) && isOpaque(value) ? [value] : [],
  );
  return [...users, ...parameters].flatMap((part) => (decoded(part) === part ? [part] : [decoded(part), part]));
}

/** A word of a text that nobody reads: long, of letters and digits or of both cases. */
export function isOpaque(word: string): boolean {
  return (word.length >= 8 && /\d/.test(word) && /[A-Za-z]/.test(word)) || (word.length >= 16 && /[a-z]/.test(word) && /[A-Z]/.test(word));
}

/** `masterPassword` and `master-password` alike: `master_password`. */
function wordsOf(name: string): string {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll(/[-.\s]/g, '_')
    .toLowerCase();
}

/** References to things and words of a language hold no secret, whatever the name says. */
function isPublic(text: string): boolean {
  return (
    text.length < 4 ||
    /^(?:arn:|projects\/|\/subscriptions\/|alias\/|https?:\/\/[^\s:@]+$|true$|false$|null$|none$|required$|optional$|disabled$|enabled$|standard$)/i.test(
      text,
    )
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
