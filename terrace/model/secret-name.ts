const secret =
  /pass(?:word|wd|phrase)|secret|token|private_key|credential|connection_(?:string|uri|url)|kube_?config|(?:access|account|api|auth|client|primary|secondary|shared|signing)_?key$/;
/** What belongs to a secret and is none. */
const besides = /^public_|(?:_arn|_id|_ids|_name|_names|_version|_versions|_expiration|_ttl|_enabled)$/;

/** True for a variable or attribute in snake case that holds a secret by what it is called, whatever a source says of it. */
export function isSecretName(name: string): boolean {
  return secret.test(name) && !besides.test(name);
}

/** True for what belongs to a secret and may be shown: its id, ARN, name, version, or the public half. */
export function isBesideSecret(name: string): boolean {
  return besides.test(`_${name}`) || besides.test(name);
}
