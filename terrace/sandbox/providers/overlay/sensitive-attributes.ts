import { providerPackages } from '../../../terraform/provider-packages';
import { readOverlay } from './read-overlay';

/** Dotted names of the attributes that a provider's schema calls sensitive, by the type of a resource or data source; none where nothing is known. */
export function sensitiveAttributes(type: string): readonly string[] {
  const one = providerPackages.find(({ name }) => type.startsWith(`${name}_`));
  if (one === undefined) return [];
  const { resources, dataSources } = readOverlay(one.name);
  return [...(resources[type]?.sensitive ?? []), ...(dataSources?.[type]?.sensitive ?? [])];
}
