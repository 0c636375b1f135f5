import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { TerraceError } from '../base/errors';

/** How a provider's real binary describes struct attributes: protocol 6 has nested types, protocol 5 only `object(…)`. */
export type StructStyle = 'nested' | 'object';

/** One provider whose bindings may be installed. */
export interface ProviderPackage {
  /** Prefix of its types: `aws`. */
  readonly name: string;
  /** Registry address without host, lower case: `hashicorp/aws`. */
  readonly source: string;
  /** npm package, or undefined for bindings generated into `.gen`. */
  readonly npm?: string;
  readonly style: StructStyle;
  /** Version of the schemas that Terrace itself brings (`sandbox/providers/written/<name>.json`): then there are no bindings to install. */
  readonly written?: string;
  /** The provider whose types, rules and objects it has too: the cloud of `google-beta` is that of `google`. */
  readonly extends?: string;
}

const prebuilt = (name: string, source: string, style: StructStyle = 'object'): ProviderPackage => ({
  name,
  source,
  npm: `@cdktf/provider-${name}`,
  style,
});
const generated = (name: string, source: string, style: StructStyle = 'nested'): ProviderPackage => ({ name, source, style });
const written = (name: string, version: string, base: Pick<ProviderPackage, 'extends'> = {}): ProviderPackage => ({
  name,
  source: `hashicorp/${name}`,
  style: 'object',
  written: version,
  ...base,
});

/** Every provider that can be simulated, in the order of their ports. */
export const providerPackages: readonly ProviderPackage[] = [
  prebuilt('aws', 'hashicorp/aws'),
  prebuilt('azurerm', 'hashicorp/azurerm'),
  prebuilt('cloudflare', 'cloudflare/cloudflare', 'nested'),
  prebuilt('kubernetes', 'hashicorp/kubernetes'),
  prebuilt('helm', 'hashicorp/helm', 'nested'),
  prebuilt('google', 'hashicorp/google'),
  prebuilt('github', 'integrations/github'),
  prebuilt('pagerduty', 'pagerduty/pagerduty'),
  prebuilt('random', 'hashicorp/random'),
  prebuilt('tls', 'hashicorp/tls'),
  prebuilt('time', 'hashicorp/time'),
  prebuilt('archive', 'hashicorp/archive'),
  prebuilt('null', 'hashicorp/null'),
  prebuilt('local', 'hashicorp/local'),
  generated('hcloud', 'hetznercloud/hcloud'),
  generated('supabase', 'supabase/supabase'),
  generated('upstash', 'upstash/upstash', 'object'),
  generated('sentry', 'jianyuan/sentry'),
  generated('betteruptime', 'betterstackhq/better-uptime', 'object'),
  written('cloudinit', '2.3.7'),
  written('external', '2.3.5'),
  written('http', '3.5.0'),
  written('google-beta', '6.50.0', { extends: 'google' }),
];

/** The provider that an extending one shares its types, rules and objects with; any other itself. */
export function cloudOf(one: ProviderPackage): string {
  return one.extends ?? one.name;
}

/** The package of the provider that one extends; undefined where it extends none. */
export function baseOf(one: ProviderPackage): ProviderPackage | undefined {
  return one.extends === undefined ? undefined : providerPackages.find(({ name }) => name === one.extends);
}

/** Whether a project has the schemas of a provider: its bindings, or those that Terrace brings and what they extend. */
export function isInstalled(projectRoot: string, one: ProviderPackage): boolean {
  if (one.written === undefined) return bindingsFolder(projectRoot, one) !== undefined;
  const base = baseOf(one);
  return base === undefined || isInstalled(projectRoot, base);
}

/** The folder that holds one folder per type, or undefined when the bindings are not installed. */
export function bindingsFolder(projectRoot: string, one: ProviderPackage): string | undefined {
  const folder =
    one.npm === undefined ? path.join(projectRoot, '.gen', 'providers', one.name) : path.join(projectRoot, 'node_modules', one.npm, 'lib');
  return existsSync(folder) ? folder : undefined;
}

/** The provider a type belongs to, by its prefix; raises E5301 when no bindings could hold it. */
export function packageOfType(type: string): ProviderPackage {
  const one = providerPackages.find(({ name }) => type === name || type.startsWith(`${name}_`));
  if (one !== undefined) return one;
  throw new TerraceError({
    code: 'E5301',
    title: 'unknown provider',
    place: type,
    found: `no provider whose types begin with ${type.split('_')[0] ?? type}_`,
    expected: providerPackages.map(({ name }) => name).join(', '),
    todo: 'install its bindings, and add them to terrace/terraform/provider-packages.ts',
  });
}

/**
 * The folder of one type's bindings: by its name, then by its name without separators, then with `-resource`;
 * never by guessing a class name. Undefined when there is none.
 */
export function folderOfType(bindings: string, provider: string, type: string, kind: 'resource' | 'data'): string | undefined {
  const bare = type.slice(provider.length + 1);
  const name = kind === 'data' ? `data_${type}` : bare;
  const wanted = name.replaceAll('_', '-');
  const squeezed = name.replaceAll('_', '');
  const folders = readdirSync(bindings);
  const found =
    folders.find((folder) => folder === wanted) ??
    folders.find((folder) => folder.replaceAll('-', '') === squeezed) ??
    folders.find((folder) => folder === `${wanted}-resource` || folder === type.replaceAll('_', '-'));
  return found === undefined ? undefined : path.join(bindings, found);
}

/** Version of the provider that the schemas are of: `6.25.0`. */
export function providerVersion(projectRoot: string, one: ProviderPackage): string {
  if (one.written !== undefined) return one.written;
  if (one.npm === undefined) {
    const file = readdirSync(path.join(projectRoot, 'schemas')).find((name) => name.startsWith(`${one.name}@`));
    return /@(.*)\.json$/.exec(file ?? '')?.[1] ?? '0.0.0';
  }
  const text = readFileSync(path.join(projectRoot, 'node_modules', one.npm, 'lib', 'provider', 'index.d.ts'), 'utf8');
  return /\/providers\/[^/]+\/[^/]+\/([^/]+)\/docs/.exec(text)?.[1] ?? '0.0.0';
}
