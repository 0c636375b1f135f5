import { isObject, type JsonObject } from '../../base/json';
import type { Meaning, Place } from '../../terraform/scope';

/** What a walk looks at, and where it goes on. */
export interface Walk {
  /** What of an object is followed, each with where it stands. */
  readonly entries: (one: JsonObject, at: Place) => readonly Meaning[];
  /** What a text with expressions refers to. */
  readonly references: (text: string) => readonly string[];
  /** Told of each reference once in a scope, of an iterator each time; gives what it stands for, to be followed. */
  readonly reference: (reference: string, at: Place, isIterator: boolean) => readonly Meaning[];
}

/** Follows a value to everything that it refers to, and what that refers to. */
export function followReferences(value: unknown, place: Place, walk: Walk): void {
  const followed = new Set<string>();
  follow(value, place);

  function follow(one: unknown, at: Place): void {
    if (Array.isArray(one)) for (const item of one) follow(item, at);
    else if (isObject(one)) for (const entry of walk.entries(one as JsonObject, at)) follow(entry.value, entry.place);
    else if (typeof one === 'string' && (one.includes('${') || one.includes('%{')))
      for (const reference of walk.references(one)) step(reference, at);
  }

  function step(reference: string, at: Place): void {
    const isIterator = at.iterators.has(reference.split('.')[0] ?? '');
    const name = `${at.scope.prefix}${reference}`;
    if (!isIterator && followed.has(name)) return;
    if (!isIterator) followed.add(name);
    for (const meaning of walk.reference(reference, at, isIterator)) follow(meaning.value, meaning.place);
  }
}
