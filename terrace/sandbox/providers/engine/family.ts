import type { ProviderContext } from './context';

/** Words by which a provider tells types of one kind of thing apart: a key with imported material is a key, a directory bucket a bucket. */
const qualifiers = [
  'default',
  'external',
  'replica',
  'replica_external',
  'directory',
  'global',
  'linux',
  'windows',
  'v1',
  'v2',
  'service_linked',
];

const known = new WeakMap<ProviderContext['schemas'], Map<string, readonly string[]>>();

/**
 * The types that a reference to one type may as well name: those whose names differ by one such word (`aws_kms_key`, `aws_kms_external_key`,
 * `aws_kms_replica_key`; `kubernetes_namespace`, `kubernetes_namespace_v1`), the type itself first.
 */
export function familyOf({ schemas }: Pick<ProviderContext, 'schemas'>, type: string): readonly string[] {
  const families = known.get(schemas) ?? new Map<string, readonly string[]>();
  known.set(schemas, families);
  const found = families.get(type);
  if (found !== undefined) return found;
  const words = type.split('_');
  const bare = qualifiers.map((one) => type.replace(`_${one}_`, '_').replace(new RegExp(`_${one}$`), '')).filter((one) => one !== type);
  const roots = [...new Set([type, ...bare])].filter((one) => one.includes('_'));
  const more = roots.flatMap((root) => {
    const parts = root.split('_');
    return qualifiers.flatMap((one) => parts.map((_, index) => [...parts.slice(0, index + 1), one, ...parts.slice(index + 1)].join('_')));
  });
  const family = [...new Set([...roots, ...more])].filter(
    (one) => one === type || (words.length > 1 && schemas.resource(one) !== undefined),
  );
  families.set(type, family);
  return family;
}
