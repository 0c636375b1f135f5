import { readFileSync } from 'node:fs';

import { packageFile } from '../../../base/package-file';

interface Forms {
  readonly provider: string;
  readonly source: string;
  readonly ids: Readonly<Record<string, string>>;
  /** Names that the service makes itself, by type, where the id is made of them. */
  readonly names?: Readonly<Record<string, string>>;
  /** How names begin that neither a name nor a prefix is given for, by type; `terraform-` for all others. */
  readonly prefixes?: Readonly<Record<string, string>>;
  /** Where the addresses were read. */
  readonly addressSource?: string;
  /** Templates of addresses, and of what belongs to them, by type and attribute. */
  readonly addresses?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const known = new Map<string, Forms>();

/** The template of a type's id (values/template.ts) where the type has no overlay, from the table of its provider; undefined where neither says. */
export function formOfId(provider: string, type: string): string | undefined {
  return formsOf(provider).ids[type];
}

/** The template of the name that a service gives to a type's resources (`projects/shop/alertPolicies/123`), from the same table. */
export function formOfName(provider: string, type: string): string | undefined {
  return formsOf(provider).names?.[type];
}

/** Templates of what a service answers at, by attribute (`dns_name`, `invoke_url`, `login_server`), of a type whose overlay does not say it. */
export function addressesOf(provider: string, type: string): Readonly<Record<string, unknown>> {
  return formsOf(provider).addresses?.[type] ?? {};
}

/** How the name of a resource begins that the configuration says nothing of, as the provider has it. */
export function usualPrefix(provider: string, type: string): string {
  return formsOf(provider).prefixes?.[type] ?? 'terraform-';
}

function formsOf(provider: string): Forms {
  const forms = known.get(provider) ?? load(provider);
  known.set(provider, forms);
  return forms;
}

function load(provider: string): Forms {
  try {
    return JSON.parse(readFileSync(packageFile(`sandbox/providers/forms/${provider}.json`), 'utf8')) as Forms;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { provider, source: '', ids: {} };
    throw error;
  }
}
