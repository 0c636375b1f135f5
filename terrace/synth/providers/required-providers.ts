import { refuse, type Problem } from '../../base/errors';

/** Exact version of each provider of a system, by full address (`registry.terraform.io/hashicorp/aws`). */
export type RequiredProviders = ReadonlyMap<string, string>;

/**
 * The providers that a system's units require, collected from their JSON. Built-in ones have no lock.
 * Raises E4607 for every provider that two units require in different versions: one lock file holds one.
 */
export function requiredProviders(units: readonly { readonly path: string; readonly json: unknown }[]): RequiredProviders {
  const found = new Map<string, string>();
  const first = new Map<string, string>();
  const problems: Problem[] = [];
  for (const unit of units) {
    for (const [source, version] of providersOf(unit.json)) {
      const known = found.get(source);
      if (known === undefined) {
        found.set(source, version);
        first.set(source, unit.path);
      } else if (known !== version)
        problems.push({
          code: 'E4607',
          title: 'two versions of a provider',
          place: unit.path,
          found: `${source} ${version}`,
          expected: `${known}, as ${first.get(source) ?? ''} requires`,
          todo: 'require the same version in all units of a system: its lock file holds only one',
        });
    }
  }
  refuse(problems);
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function providersOf(json: unknown): readonly (readonly [string, string])[] {
  const required = member(member(json, 'terraform'), 'required_providers');
  if (typeof required !== 'object' || required === null) return [];
  return Object.entries(required).flatMap(([name, entry]) => {
    const source = member(entry, 'source');
    const version = member(entry, 'version');
    const address = fullAddress(typeof source === 'string' ? source : `hashicorp/${name}`);
    return address.startsWith('terraform.io/builtin/') ? [] : [[address, typeof version === 'string' ? version : ''] as const];
  });
}

/** `hashicorp/aws` is `registry.terraform.io/hashicorp/aws`. */
export function fullAddress(source: string): string {
  return source.split('/').length === 2 ? `registry.terraform.io/${source}` : source;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
