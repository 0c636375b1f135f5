import { canonicalText } from '../base/canonical';

import { resourcesOf, type PlanJson } from './plan-json';
import { isObject, type Json } from '../base/json';

/** One `terraform_remote_state` of a unit: where it reads, and which outputs. */
export interface RemoteState {
  /** Local name of the data source. */
  readonly name: string;
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  /** Sorted; null where the configuration takes all of them at once. */
  readonly outputs: readonly string[] | null;
}

/** What a unit's JSON reads from other states; read from the JSON itself, which travels in the bundle. Sorted by name. */
export function remoteStatesOf(json: unknown): readonly RemoteState[] {
  const data = isObject(json) ? json['data'] : undefined;
  const sources = isObject(data) ? data['terraform_remote_state'] : undefined;
  if (!isObject(sources)) return [];
  const text = canonicalText(json);
  return Object.entries(sources)
    .map(([name, body]) => {
      const config = isObject(body) && isObject(body['config']) ? body['config'] : {};
      return {
        name,
        bucket: String(config['bucket'] ?? ''),
        key: String(config['key'] ?? ''),
        region: String(config['region'] ?? ''),
        outputs: outputsRead(text, name),
      };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** A reference to one output in the text of a configuration, as `.name` or as `["name"]` (escaped or not). */
export function outputReference(remoteState: string, output: string): RegExp {
  return new RegExp(
    String.raw`data\.terraform_remote_state\.${remoteState}\.outputs(?:\.${output}(?![A-Za-z0-9_-])|\[\\?"${output}\\?"\])`,
    'g',
  );
}

function outputsRead(text: string, remoteState: string): readonly string[] | null {
  const names = new Set<string>();
  const reference = new RegExp(
    String.raw`data\.terraform_remote_state\.${remoteState}(?![A-Za-z0-9_-])(?:\.outputs(?:\.([A-Za-z_][A-Za-z0-9_-]*)|\[\\+"([A-Za-z_][A-Za-z0-9_-]*)\\+"\])?)?`,
    'g',
  );
  for (const match of text.matchAll(reference)) {
    const name = match[1] ?? match[2];
    if (name === undefined) return null;
    names.add(name);
  }
  return [...names].toSorted();
}

/** The outputs that a plan really read from a remote state; undefined where it read none (the data source waits for the apply). */
export function outputsReadBy(plan: PlanJson, remoteState: string): { readonly [name: string]: Json } | undefined {
  for (const resource of resourcesOf(plan.prior_state?.values?.root_module)) {
    if (resource.mode !== 'data' || resource.type !== 'terraform_remote_state' || resource.name !== remoteState) continue;
    const outputs: unknown = resource.values?.['outputs'];
    return isObject(outputs) ? (outputs as { readonly [name: string]: Json }) : {};
  }
  return undefined;
}

/** The values that count for the digest of what was consumed; an output that is missing counts as null. */
export function consumedValues(
  outputs: { readonly [name: string]: Json },
  names: readonly string[] | null,
): { readonly [name: string]: Json } {
  return Object.fromEntries(
    (names ?? Object.keys(outputs).toSorted()).map((name) => [name, (Object.hasOwn(outputs, name) ? outputs[name] : undefined) ?? null]),
  );
}
