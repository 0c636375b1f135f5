/** What the deployed environment knows about its public name. */
export interface DuckdnsSettings {
  /** The name without `.duckdns.org`. */
  readonly subdomain?: string;
  /** Public IPv4 address of the manager. */
  readonly address?: string;
  readonly vaultName?: string;
}

/** `scripts/duckdns.env`, which `duckdns-update.sh` reads: empty until `terrace handover` fills it. */
export function renderDuckdnsSettings({ subdomain = '', address = '', vaultName = '' }: DuckdnsSettings): string {
  return [
    '# read by duckdns-update.sh; filled by `terrace handover` once the environment is applied',
    `DUCKDNS_SUBDOMAIN=${subdomain}`,
    `DUCKDNS_ADDRESS=${address}`,
    `KEY_VAULT_NAME=${vaultName}`,
    '',
  ].join('\n');
}
