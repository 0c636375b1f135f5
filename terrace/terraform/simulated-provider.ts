import { createHash } from 'node:crypto';

import { providerPackages, type ProviderPackage } from './provider-packages';

/** File name of a provider's program; without a version, so that one hash covers every version and platform. */
export function programName(provider: ProviderPackage): string {
  return `terraform-provider-${provider.source.split('/')[1] ?? provider.name}`;
}

/**
 * The program that stands in the mirror for a provider: it relays to the running daemon and serves nothing by itself.
 * Having refused, it waits for terraform to end it: terraform may lose the last line of a program that is already gone.
 * Its text names no path, so that its hash is known by value wherever it was installed.
 */
export function programText(provider: ProviderPackage): string {
  return `#!/bin/sh
# A simulated provider of a Terrace sandbox. It serves nothing outside of it.
if [ -z "$TERRACE_SANDBOX" ] || [ ! -f "$TERRACE_SANDBOX_DIR/provider-relay.js" ]; then
  echo "E5310 simulated provider outside its sandbox: ${provider.source} was installed from a sandbox's mirror; remove .terraform and .terraform.lock.hcl and run terraform init again"
  exec sleep 5
fi
exec node "$TERRACE_SANDBOX_DIR/provider-relay.js" ${provider.source}
`;
}

/** Hash of a simulated provider's package as terraform writes it into lock files (`h1:`). */
export function simulatedHash(provider: ProviderPackage): string {
  const file = createHash('sha256').update(programText(provider)).digest('hex');
  return `h1:${createHash('sha256')
    .update(`${file}  ${programName(provider)}\n`)
    .digest('base64')}`;
}

/**
 * The provider sources of a `.terraform.lock.hcl` whose hashes are those of simulated providers; empty for a lock file
 * that was made with real ones. A lock file that holds such a hash must not leave the sandbox.
 */
export function simulatedLocks(lockFile: string): string[] {
  const hashes = new Set(lockFile.match(/h1:[A-Za-z0-9+/]{43}=/g) ?? []);
  return providerPackages.filter((one) => hashes.has(simulatedHash(one))).map(({ source }) => source);
}
