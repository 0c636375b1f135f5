/**
 * Variables that a provider reads as its own credentials or settings, by its address without the registry's host. Addresses (base URLs,
 * endpoints) are not among them: where a token is sent is said by the source and the facts, never by a shell. Names are those of the
 * providers' own documentation.
 */
const names: { readonly [source: string]: readonly (string | RegExp)[] } = {
  'hashicorp/azurerm': [/^ARM_(?!METADATA_|MSI_API_|MSI_ENDPOINT)/],
  'hashicorp/google': [
    'GOOGLE_CREDENTIALS',
    'GOOGLE_OAUTH_ACCESS_TOKEN',
    'GOOGLE_IMPERSONATE_SERVICE_ACCOUNT',
    'GOOGLE_PROJECT',
    'GOOGLE_REGION',
    'GOOGLE_ZONE',
  ],
  'cloudflare/cloudflare': ['CLOUDFLARE_API_TOKEN', 'CLOUDFLARE_API_KEY', 'CLOUDFLARE_EMAIL', 'CLOUDFLARE_API_USER_SERVICE_KEY'],
  'hetznercloud/hcloud': ['HCLOUD_TOKEN'],
  'supabase/supabase': ['SUPABASE_ACCESS_TOKEN'],
  'upstash/upstash': ['UPSTASH_EMAIL', 'UPSTASH_API_KEY'],
  'jianyuan/sentry': ['SENTRY_AUTH_TOKEN', 'SENTRY_TOKEN'],
  'betterstackhq/better-uptime': ['BETTERUPTIME_API_TOKEN'],
  'pagerduty/pagerduty': ['PAGERDUTY_TOKEN', 'PAGERDUTY_USER_TOKEN', 'PAGERDUTY_SERVICE_REGION'],
  'integrations/github': ['GITHUB_TOKEN', 'GITHUB_OWNER', /^GITHUB_APP_(?:ID|INSTALLATION_ID|PEM_FILE)$/],
  // What signs in to a cluster may be Google's program, which reads its own.
  'hashicorp/kubernetes': [/^KUBE_(?!HOST$|PROXY_URL$)/, 'GOOGLE_APPLICATION_CREDENTIALS', 'CLOUDSDK_CONFIG'],
  'hashicorp/helm': [/^KUBE_(?!HOST$|PROXY_URL$)/, 'GOOGLE_APPLICATION_CREDENTIALS', 'CLOUDSDK_CONFIG'],
};

/** Further variables of a provider that signs in with a GitHub run's identity. */
const federated: { readonly [source: string]: string } = { 'hashicorp/azurerm': 'ARM_USE_OIDC' };

/** True where a variable belongs to a provider: `hashicorp/azurerm` reads `ARM_CLIENT_ID`, and nothing of another one's. */
export function isCredentialOf(source: string, variable: string, env: NodeJS.ProcessEnv): boolean {
  if ((names[source] ?? []).some((name) => (typeof name === 'string' ? name === variable : name.test(variable)))) return true;
  const asked = federated[source];
  return asked !== undefined && env[asked] === 'true' && /^ACTIONS_ID_TOKEN_REQUEST_(?:TOKEN|URL)$/.test(variable);
}

/** A provider's address in lower case without the hosts of the public registries; another host stays, so that it is another provider. */
export function shortSource(source: string): string {
  return source.toLowerCase().replace(/^registry\.(?:terraform\.io|opentofu\.org)\//, '');
}
