import { asList, asObject, asString, type JsonObject } from './lossless-json';
import { managedResources } from './state-file';

/** Where a unit's provider looks for its resources. */
export interface ProviderPlace {
  /** 12 digits: the account of its environment. */
  readonly account: string;
  /** Undefined where its provider has no region. */
  readonly region: string | undefined;
}

/** Providers whose resources stand in the state alone: they are the same wherever it lies. */
const everywhere = /\/(?:builtin\/terraform|hashicorp\/(?:random|tls|null|time|local|archive))$/;

/** True for a provider whose resources exist nowhere but in their state. */
export function standsInStateAlone(provider: string): boolean {
  return everywhere.test(provider);
}

/**
 * Resources of a state that another unit's provider would look for elsewhere than where they are, by their addresses; empty where both look
 * in the same account and region. `moved` names what is moved, nothing of it everything. Pure.
 */
export function strandedResources(json: JsonObject, from: ProviderPlace, to: ProviderPlace, moved: readonly string[]): readonly string[] {
  if (from.account === to.account && from.region === to.region) return [];
  return managedResources(json)
    .filter((resource) => asList(resource['instances']).length > 0 && !standsInStateAlone(providerOf(resource)))
    .map((resource) => [asString(resource['module']), `${asString(resource['type']) ?? ''}.${asString(resource['name']) ?? ''}`])
    .map((parts) => parts.filter((part) => part !== undefined && part !== '').join('.'))
    .filter(
      (address) =>
        moved.length === 0 || moved.some((one) => one === address || one.startsWith(`${address}[`) || address.startsWith(`${one}.`)),
    );
}

/** Address of a resource's provider: `provider["registry.terraform.io/hashicorp/aws"].alias` names hashicorp/aws. */
function providerOf(resource: JsonObject): string {
  const text = asString(asObject(resource)?.['provider']) ?? '';
  return /provider\["([^"]+)"\]/.exec(text)?.[1] ?? text;
}
