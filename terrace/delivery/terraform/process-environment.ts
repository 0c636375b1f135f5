import { existsSync } from 'node:fs';
import path from 'node:path';

import { isObject } from '../../base/json';
import { isCredentialOf, shortSource } from '../../terraform/provider-credentials';

import { isSandbox } from '../../base/sandbox-shell';

/** What one unit's terraform may have of the environment of its account. */
export interface ProcessNeeds {
  readonly variables: readonly { readonly name: string }[];
  /** Addresses of its providers, as the configuration writes them. */
  readonly providers: readonly string[];
  /** Further variables of the shell, by the facts of the environment. */
  readonly pass: readonly string[];
}

/** The environments of a unit's processes: `init` alone may sign in to registries and fetch by SSH. */
export interface ProcessEnvironments {
  readonly init: NodeJS.ProcessEnv;
  readonly run: NodeJS.ProcessEnv;
}

/** Programs and files of the machine, how it reaches the network, how much memory Go may take. */
const machine =
  /^(?:PATH|TMPDIR|TMP|TEMP|SystemRoot|SSL_CERT_FILE|SSL_CERT_DIR|(?:HTTPS?|ALL|NO)_PROXY|(?:https?|all|no)_proxy|CHECKPOINT_DISABLE|GOGC|GOMEMLIMIT|GOMAXPROCS|TF_CLI_CONFIG_FILE|TF_PLUGIN_CACHE_DIR|TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE)$/;

/** The keys that the account's environment holds, and how AWS is reached with them. The backend needs them whatever the providers are. */
const aws =
  /^AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|REGION|DEFAULT_REGION|CA_BUNDLE|ENDPOINT_URL(?:_[A-Z0-9_]+)?|USE_FIPS_ENDPOINT|USE_DUALSTACK_ENDPOINT|MAX_ATTEMPTS|RETRY_MODE|STS_REGIONAL_ENDPOINTS)$/;

/** What the sandbox sets besides: its own providers, its own account files, and what its providers ask for. */
const sandbox =
  /^(?:TERRACE_SANDBOX|TERRACE_SANDBOX_DIR|TF_REATTACH_PROVIDERS|GIT_ALLOW_PROTOCOL|AWS_(?:CONFIG_FILE|SHARED_CREDENTIALS_FILE|EC2_METADATA_DISABLED|IGNORE_CONFIGURED_ENDPOINT_URLS))$/;

/** What changes what terraform or a program does, and so never arrives, whatever facts say. */
const never = /^(?:TF_(?!VAR_|TOKEN_).*|LD_.*|DYLD_.*|HOME|NODE_OPTIONS|BASH_ENV|ENV|IFS)$/;

const initOnly = /^(?:TF_TOKEN_[A-Za-z0-9_]+|SSH_AUTH_SOCK)$/;

/**
 * The environments of a unit's terraform, by what may be in them and nothing else: a configuration reads its own process
 * (`/proc/self/environ`), so what is not here cannot be taken. `env` is the one of the unit's account, whose profile or sign-in is
 * resolved to keys. Arguments, workspaces, data folders, logs and providers of a shell never arrive; a home is given by who runs it.
 */
export function processEnvironments(env: NodeJS.ProcessEnv, needs: ProcessNeeds): ProcessEnvironments {
  const isOwn = isSandbox(env);
  const wanted = new Set(needs.variables.map(({ name }) => `TF_VAR_${name}`));
  const passed = new Set(needs.pass.filter((name) => !never.test(name)));
  const sources = needs.providers.map(shortSource);
  const isAllowed = (name: string): boolean =>
    machine.test(name) ||
    aws.test(name) ||
    wanted.has(name) ||
    passed.has(name) ||
    (isOwn ? sandbox.test(name) : sources.some((source) => isCredentialOf(source, name, env)));
  const kept = (isGiven: (name: string) => boolean): NodeJS.ProcessEnv =>
    Object.fromEntries(Object.entries(env).filter(([name, value]) => value !== undefined && isGiven(name)));
  // The keys are given: no provider is to look for others at the address of the machine's metadata.
  const closed = { AWS_EC2_METADATA_DISABLED: 'true' };
  return {
    run: { ...cliConfiguration(env), ...kept(isAllowed), ...closed },
    init: { ...cliConfiguration(env), ...kept((name) => isAllowed(name) || (!isOwn && initOnly.test(name))), ...closed },
  };
}

/** The environment of a terraform that only asks a registry: no credentials of any account. */
export function registryEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => machine.test(name) || initOnly.test(name));
  return { ...cliConfiguration(env), ...Object.fromEntries(kept) };
}

/** The user's own CLI configuration by its path, since terraform's home is another one. */
function cliConfiguration(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const file = env['HOME'] === undefined ? undefined : path.join(env['HOME'], '.terraformrc');
  return file !== undefined && existsSync(file) ? { TF_CLI_CONFIG_FILE: file } : {};
}

/** Addresses of the providers that a unit's JSON requires. */
export function requiredSources(json: unknown): readonly string[] {
  const blocks = isObject(json) ? [json['terraform']].flat() : [];
  return blocks
    .flatMap((block) => (isObject(block) ? [block['required_providers']].flat() : []))
    .flatMap((required) => (isObject(required) ? Object.entries(required) : []))
    .map(([name, entry]) => (isObject(entry) && typeof entry['source'] === 'string' ? entry['source'] : `hashicorp/${name}`));
}
