import { isObject } from '../../base/json';
import { objectsIn } from '../../terraform/blocks';
import { providerPackages } from '../../terraform/provider-packages';
import { shortSource } from '../../terraform/provider-credentials';
import { placeIn, type Place, type Scope } from '../../terraform/scope';

import { givenVariables } from './file-arguments';
import { isOwnAddress, originsOf, type OwnState } from './origins';

/** Providers that may run: those whose arguments are known here. With the registry's host, so that another registry's is another one. */
const known = new Set([
  ...providerPackages.filter(({ written }) => written === undefined).map(({ source }) => source.toLowerCase()),
  'terraform.io/builtin/terraform',
  'hashicorp/terraform',
]);

/** Types of these run a program or fetch an address while planning; a function of the account is a program too. */
const reaching = new Set(['external', 'http', 'shell_script', 'aws_lambda_invocation']);

/**
 * Arguments of a provider that name an address, a file, a program or somebody else to be: with them its token can be sent away, a program
 * run, or another environment reached.
 */
const pointing =
  /assume_role|^role_arn$|^external_credentials$|^profile$|impersonate_service_account|endpoint|host(?:name)?$|(?:^|_)ur[il]s?(?:_|$)|base_url|domain$|proxy|config_paths?$|(?:config|credentials?)_files?$|^credentials$|exec|postrender|credential_process|_file$|_path$|_cache$|program|command|ca_bundle|registr(?:y|ies)/i;

/** Arguments that become a part of the address: nothing but a name of a place may stand there. */
const placing = /(?:^|_)(?:region|location|zone|environment)$/;
const placeName = /^[A-Za-z0-9-]*$/;

/** True for an argument of a provider's block that decides where its requests go, or who it is. */
export function isPointing(argument: string): boolean {
  return pointing.test(argument) || placing.test(argument);
}

/** Arguments of a provider that say which subscription or project it builds in: the one of the facts. */
const building: { readonly [source: string]: string } = {
  'hashicorp/azurerm': 'subscription_id',
  'hashicorp/google': 'project',
  'hashicorp/google-beta': 'project',
};

/** What the account of an environment looks like that is built there: one of another cloud says nothing of these. */
const isOfKind: { readonly [source: string]: RegExp } = {
  'hashicorp/azurerm': /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  'hashicorp/google': /^(?!\d{12}$)(?:[a-z0-9.]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
  'hashicorp/google-beta': /^(?!\d{12}$)(?:[a-z0-9.]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
};

/** Programs that get a cluster's provider its token, each with the only arguments that it may have. They are found on the PATH, never in a unit. */
const plugins = new Map<string, readonly string[]>([['gke-gcloud-auth-plugin', []]]);

/** True for an `exec` block that runs one of the listed programs, with its arguments and nothing else. */
function isListedPlugin(value: unknown): boolean {
  const entries = Array.isArray(value) ? value : [value];
  return entries.every(
    (entry) =>
      isObject(entry) &&
      Object.keys(entry).every((name) => ['api_version', 'command', 'args'].includes(name)) &&
      /^client\.authentication\.k8s\.io\/v1(?:beta1)?$/.test(String(entry['api_version'])) &&
      JSON.stringify(entry['args'] ?? []) === JSON.stringify(plugins.get(String(entry['command']))),
  );
}

/** Blocks of a provider whose keys are anybody's words. */
const labels = new Set(['default_tags', 'default_labels', 'ignore_tags']);

/** Addresses that the facts of an environment give its providers, by provider (`hashicorp/helm`). */
export type ProviderAddresses = { readonly [provider: string]: readonly string[] };

/** What is wrong with the providers of a configuration: one that is not known, and arguments that point somewhere the facts do not name. */
export function providerProblems(scope: Scope, addresses: ProviderAddresses, isOwnState: OwnState, account?: string): readonly string[] {
  const { blocks } = scope;
  const ofWhoPlans = scope.caller === undefined ? givenVariables(blocks) : new Set<string>();
  const required = new Map(
    blocks
      .filter((block) => block.kind === 'terraform')
      .flatMap((block) => objectsIn(block.body['required_providers'] ?? null))
      .flatMap((entry) => Object.entries(entry))
      .map(([name, entry]) => [name, isObject(entry) && typeof entry['source'] === 'string' ? entry['source'] : `hashicorp/${name}`]),
  );
  const used = new Set(required.keys());
  for (const {
    kind,
    labels: [type = ''],
    body,
  } of blocks) {
    if (kind === 'provider') used.add(type);
    if (kind !== 'resource' && kind !== 'data' && kind !== 'ephemeral') continue;
    used.add((typeof body['provider'] === 'string' ? body['provider'].split('.')[0] : type.split('_')[0]) ?? '');
  }
  const found = [...used].flatMap((name) => {
    const source = required.get(name) ?? `hashicorp/${name}`;
    return known.has(shortSource(source)) ? [] : [`the provider ${source} is not one of those that may run`];
  });
  for (const { kind, labels: names } of blocks)
    if ((kind === 'data' || kind === 'ephemeral') && reaching.has(names[0] ?? ''))
      found.push(`${kind}.${names.join('.')} runs a program or fetches an address while planning`);
  for (const {
    kind,
    labels: [name = ''],
    body,
  } of blocks)
    if (kind === 'provider') {
      const source = required.get(name) ?? `hashicorp/${name}`;
      const own = given(source, addresses);
      const short = shortSource(source);
      found.push(...placeProblems({ name, source: short }, body[building[short] ?? ''], account, own, ofWhoPlans));
      found.push(...argumentProblems({ provider: name, addresses: own, isOwnState, place: placeIn(scope, body) }, '', body));
    }
  return found;
}

/** Another subscription or project than the environment's own; one that a variable of whoever plans gives is theirs. */
function placeProblems(
  provider: { readonly name: string; readonly source: string },
  value: unknown,
  account: string | undefined,
  allowed: readonly string[],
  ofWhoPlans: ReadonlySet<string>,
): readonly string[] {
  if (value === undefined || value === null || value === account || allowed.includes(String(value))) return [];
  if (account === undefined || !isOfKind[provider.source]?.test(account)) return [];
  const variable = typeof value === 'string' ? /^\$\{\s*var\.([\w-]+)\s*\}$/.exec(value)?.[1] : undefined;
  if (variable !== undefined && ofWhoPlans.has(variable)) return [];
  return [`provider.${provider.name} builds in ${JSON.stringify(value)}, which is not the account of the facts (${account})`];
}

/** The addresses of one provider. */
function given(source: string, addresses: ProviderAddresses): readonly string[] {
  const name = shortSource(source);
  return Object.hasOwn(addresses, name) ? (addresses[name] ?? []) : [];
}

interface Judged {
  readonly provider: string;
  readonly addresses: readonly string[];
  readonly isOwnState: OwnState;
  readonly place: Place;
}

function argumentProblems(judged: Judged, above: string, value: unknown, points = false): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => argumentProblems(judged, above, item, points));
  if (isObject(value))
    return Object.entries(value)
      .filter(([name, inner]) => !labels.has(name) && !(name === 'exec' && isListedPlugin(inner)))
      .flatMap(([name, inner]) => argumentProblems(judged, above === '' ? name : `${above}.${name}`, inner, points || isPointing(name)));
  if (typeof value !== 'string') return [];
  const { provider, addresses, isOwnState, place } = judged;
  const argument = `provider.${provider}.${above}`;
  const data = originsOf(value, place).filter(
    (one) => /^(?:data|ephemeral)\./.test(one) && !/^data\.terraform_remote_state\.[^.]+\.outputs/.test(one),
  );
  if (data.length > 0)
    return [
      `${argument} comes from ${[...new Set(data)].join(', ')}: a provider's credentials and address must not come from data of the plan`,
    ];
  if (placing.test(above) && placeName.test(value)) return [];
  if (!points || value === '' || addresses.includes(value) || isOwnAddress(value, place, { addresses, isOwnState })) return [];
  return [`${argument} points to ${JSON.stringify(value)}, which the facts of the environment do not give`];
}
