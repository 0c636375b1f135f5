import { meaningsOf, type Place } from '../../terraform/scope';
import { readTemplate } from '../../terraform/template';

import { followReferences } from './follow-references';

/** True for a state of the unit's own environment, by its name in the unit. */
export type OwnState = (remoteState: string) => boolean;

/**
 * The references that a value comes from in the end: data sources, variables of the root, what providers compute; through locals, arguments
 * and outputs of modules, and arguments of resources. Pure.
 */
export function originsOf(value: unknown, place: Place): readonly string[] {
  const found = new Set<string>();
  followReferences(value, place, {
    entries: (one, at) => Object.entries(one).map((entry) => ({ value: entry, place: at })),
    references: (text) => readTemplate(text).references,
    reference: (reference, at) => {
      const meanings = /^(?:data|ephemeral)\./.test(reference) ? [] : meaningsOf(reference, at);
      if (meanings.length === 0) found.add(reference);
      return meanings;
    },
  });
  return [...found];
}

const reference = String.raw`(?:sensitive\(\s*)?((?:[A-Za-z_][\w-]*)(?:\.[A-Za-z_][\w-]*)+)\s*\)?`;
/** One reference that says which machine: before it a scheme at most, after it a port or a path. */
const address = new RegExp(String.raw`^(?:https?://)?\$\{\s*${reference}\s*\}(?::\d{1,5})?(?:/[^$%{}]*)?$`);

/** True for an address that a state of the same environment gives, or the facts do, as it is or through locals and modules. Pure. */
export function isOwnAddress(
  text: string,
  place: Place,
  allowed: { readonly addresses: readonly string[]; readonly isOwnState: OwnState },
  above: readonly string[] = [],
): boolean {
  const found = address.exec(text)?.[1];
  if (found === undefined) return false;
  const state = /^data\.terraform_remote_state\.([^.]+)\.outputs\.[^.]+$/.exec(found)?.[1];
  if (state !== undefined) return place.scope.caller === undefined && allowed.isOwnState(state);
  const name = `${place.scope.prefix}${found}`;
  if (!/^(?:local|var|module)\./.test(found) || above.includes(name)) return false;
  const meanings = meaningsOf(found, place);
  return (
    meanings.length > 0 &&
    meanings.every(
      (one) =>
        typeof one.value === 'string' &&
        (allowed.addresses.includes(one.value) || isOwnAddress(one.value, one.place, allowed, [...above, name])),
    )
  );
}
