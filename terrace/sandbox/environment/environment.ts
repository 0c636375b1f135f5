import { accessKeyOf } from '../http/caller';
import type { ReattachEntry } from '../daemon/daemon-record';
import { layoutOf } from '../daemon/layout';

/** What the variables of a sandbox are made from. */
export interface EnvironmentFacts {
  readonly id: string;
  readonly dir: string;
  /** Secret key of every account. */
  readonly secret: string;
  readonly port: number;
  /** By provider source under registry.terraform.io. */
  readonly reattach: Readonly<Record<string, ReattachEntry>>;
  /**
   * Process that lives as long as the variables are used. terraform cancels every provider call once the process named in
   * `TF_REATTACH_PROVIDERS` is gone (it never signals it), and a daemon that was started again has another id.
   */
  readonly lifetime: number;
  /** 12 digits. */
  readonly account: string;
  /** `TF_VAR_*` by name of the variable. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Names that are blanked: what would lend a real identity, address or plug-in to a program in the shell. */
const blankedNames = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'AWS_ENDPOINT_URL',
  'AWS_S3_ENDPOINT',
  'AWS_DYNAMODB_ENDPOINT',
  'AWS_STS_ENDPOINT',
  'AWS_IAM_ENDPOINT',
  'HCLOUD_TOKEN',
  'HCLOUD_ENDPOINT',
  'GITHUB_TOKEN',
  'GH_TOKEN',
  'GITHUB_APP_PEM_FILE',
  'KUBECONFIG',
  'KUBE_CONFIG_PATH',
  'KUBE_CONFIG_PATHS',
  'KUBE_HOST',
  'KUBE_TOKEN',
  'TF_PLUGIN_CACHE_DIR',
  'GCLOUD_PROJECT',
  'CLOUDSDK_CORE_PROJECT',
  'DD_API_KEY',
  'DD_APP_KEY',
  'BETTERUPTIME_API_TOKEN',
  'SENTRY_DSN',
  'TFE_TOKEN',
  'VAULT_TOKEN',
  'TF_WORKSPACE',
  'TF_ENCRYPTION',
  'SSH_AUTH_SOCK',
  'AWS_EC2_METADATA_SERVICE_ENDPOINT',
  'AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE',
  'GCE_METADATA_HOST',
  'GCE_METADATA_IP',
  'GCE_METADATA_ROOT',
  'IDENTITY_ENDPOINT',
  'IDENTITY_HEADER',
  'IMDS_ENDPOINT',
  'MSI_ENDPOINT',
  'MSI_SECRET',
] as const;

/** Families that are blanked as far as the shell has them. */
const blankedFamilies = [
  /^ARM_/,
  /^AZURE_/,
  /^GOOGLE_/,
  /^CLOUDFLARE_/,
  /^SUPABASE_/,
  /^UPSTASH_/,
  /^QSTASH_/,
  /^SENTRY_/,
  /^PAGERDUTY_/,
  /^TF_TOKEN_/,
  /^AWS_ENDPOINT_URL_/,
  // Absent where it can be: SDKs refuse an empty value of these, and terraform's backend takes any value as a yes.
  /^AWS_USE_(?:FIPS|DUALSTACK)_ENDPOINT$/,
  /^TF_REATTACH_/,
  /^DATADOG_/,
  /^DNSIMPLE_/,
  /^BETTERUPTIME_/,
  /^CLOUDSDK_AUTH_/,
  /^KUBE_CLIENT_/,
  // What a shell adds to every command of terraform and Terragrunt.
  /^TF_CLI_ARGS/,
  /^TG_/,
  /^TERRAGRUNT_/,
] as const;

/** Loopback addresses: what the sandbox itself and the providers listen on. */
const loopback = 'localhost,127.0.0.1,::1';

/** Names that entering a sandbox blanks in a shell. */
export function blankedIn(shell: Readonly<NodeJS.ProcessEnv>): readonly string[] {
  return [...blankedNames, ...Object.keys(shell).filter((name) => blankedFamilies.some((family) => family.test(name)))];
}

/**
 * Every variable that a process in the sandbox needs, to be merged over its own; an empty value blanks.
 * `shell` is that process's environment: families of credentials are blanked by the names it has.
 */
export function sandboxEnvironment(facts: EnvironmentFacts, shell: Readonly<NodeJS.ProcessEnv>): Record<string, string> {
  const layout = layoutOf(facts.dir);
  const gateway = `http://127.0.0.1:${facts.port}`;
  return {
    ...Object.fromEntries(blankedIn(shell).map((name) => [name, ''] as const)),
    AWS_ACCESS_KEY_ID: accessKeyOf(facts.account),
    AWS_CONFIG_FILE: layout.awsConfig,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_DYNAMODB: gateway,
    AWS_ENDPOINT_URL_S3: 'http://s3.sandbox',
    AWS_ENDPOINT_URL_STS: gateway,
    // Not blanked: SDKs refuse an empty value of it.
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
    AWS_SECRET_ACCESS_KEY: facts.secret,
    AWS_SHARED_CREDENTIALS_FILE: layout.awsCredentials,
    CHECKPOINT_DISABLE: '1',
    // Modules come from the tree: git asks no server, by SSH least of all.
    GIT_ALLOW_PROTOCOL: 'file',
    ...proxies(gateway),
    TERRACE_SANDBOX: facts.id,
    TERRACE_SANDBOX_DIR: facts.dir,
    TF_CLI_CONFIG_FILE: layout.terraformConfig,
    TF_DATA_DIR: '.terraform-sandbox',
    TF_REATTACH_PROVIDERS: JSON.stringify(underBothHosts(facts)),
    ...Object.fromEntries(Object.entries(facts.variables).map(([name, value]) => [`TF_VAR_${name}`, value] as const)),
  };
}

/** Both spellings, since programs differ in which they read and in which wins. */
function proxies(gateway: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [
      ['HTTP_PROXY', gateway],
      ['HTTPS_PROXY', gateway],
      ['ALL_PROXY', gateway],
      ['NO_PROXY', loopback],
    ].flatMap(([name = '', value = '']) => [[name, value] as const, [name.toLowerCase(), value] as const]),
  );
}

/** terraform looks its providers up under registry.terraform.io, OpenTofu under registry.opentofu.org. */
function underBothHosts({ reattach, lifetime }: EnvironmentFacts): EnvironmentFacts['reattach'] {
  return Object.fromEntries(
    Object.entries(reattach).flatMap(([source, found]) => {
      const entry = { ...found, Pid: lifetime };
      const name = source.replace(/^registry\.(?:terraform\.io|opentofu\.org)\//, '');
      return [[`registry.terraform.io/${name}`, entry] as const, [`registry.opentofu.org/${name}`, entry] as const];
    }),
  );
}
