import { at, resources, type AstralerTree, type Json } from './astraler-tree';

/** One way to break a requirement: what a mistake in the source would look like in the output. */
export interface Mutation {
  readonly what: string;
  apply(tree: AstralerTree): void;
}

/** What a requirement asks for, a check that follows references to where they end, and what the check must notice; at least one. */
export interface Requirement {
  readonly title: string;
  /** What is wrong; nothing when the requirement is met. */
  check(tree: AstralerTree): readonly string[];
  readonly mutations: readonly Mutation[];
}

/** A problem where two values differ. */
export function same(what: string, found: unknown, expected: unknown): readonly string[] {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  return a === b ? [] : [`${what}: ${a}, expected ${b}`];
}

/** A problem where something does not hold. */
export function holds(what: string, condition: boolean): readonly string[] {
  return condition ? [] : [what];
}

function first(tree: AstralerTree, unit: string, type: string, where: (body: Json) => boolean) {
  const found = resources(tree, unit, type).find(({ body }) => where(body));
  if (found === undefined) throw new Error(`nothing to mutate: ${type} in ${unit}`);
  return found;
}

/** Sets a value of the first resource of a type that fits. */
export function changed(
  what: string,
  unit: string,
  type: string,
  way: readonly (string | number)[],
  to: unknown,
  where: (body: Json) => boolean = () => true,
): Mutation {
  return {
    what,
    apply: (tree) => {
      const parent = at<Record<string | number, unknown>>(first(tree, unit, type, where).body, ...way.slice(0, -1));
      const last = way.at(-1);
      if (parent === undefined || last === undefined || JSON.stringify(parent[last]) === JSON.stringify(to))
        throw new Error(`nothing to mutate at ${way.join('.')}`);
      parent[last] = to;
    },
  };
}

/** Takes away the first resource of a type that fits. */
export function gone(what: string, unit: string, type: string, where: (body: Json) => boolean = () => true): Mutation {
  return {
    what,
    apply: (tree) => {
      const { unit: owner, name } = first(tree, unit, type, where);
      delete at<Record<string, unknown>>(tree.units[owner], 'resource', type)?.[name];
    },
  };
}

/** Replaces text in a file. */
export function rewritten(what: string, file: string, from: string | RegExp, to: string): Mutation {
  return {
    what,
    apply: (tree) => {
      const before = tree.files[file] ?? '';
      const after = before.replace(from, to);
      if (after === before) throw new Error(`nothing to mutate in ${file}`);
      tree.files[file] = after;
    },
  };
}

/** Resources whose attribute is this, or fits. */
export const having =
  (attribute: string, value: string | RegExp) =>
  (body: Json): boolean =>
    typeof value === 'string' ? body[attribute] === value : value.test(String(body[attribute]));

/** Values in the order of their JSON. */
export function sorted<T>(values: readonly T[]): readonly T[] {
  return values.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
