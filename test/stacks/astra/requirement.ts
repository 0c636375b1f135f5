import type { AstraTree } from './astra-tree';

/** What a requirement asks for, and a check that follows references to where they end. */
export interface Requirement {
  readonly title: string;
  /** What is wrong; nothing when the requirement is met. */
  check(tree: AstraTree): readonly string[];
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
