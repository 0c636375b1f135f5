import { baseOf, type ProviderPackage } from '../../../terraform/provider-packages';
import { Catalogue } from './catalogue';
import type { SchemaSource } from './schema-source';
import { WrittenSchemas } from './written-schemas';

/** The schemas of a provider: derived from its bindings, or those that Terrace brings. Raises E5302 where the bindings are not installed. */
export function schemasOf(projectRoot: string, one: ProviderPackage): SchemaSource {
  if (one.written === undefined) return new Catalogue(projectRoot, one);
  const base = baseOf(one);
  return new WrittenSchemas(one.name, base === undefined ? undefined : schemasOf(projectRoot, base));
}
