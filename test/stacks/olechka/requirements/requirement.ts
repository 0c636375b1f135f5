import type { SynthesizedTree } from '../tree';

/** Adds a violation where something does not hold. */
export type Demand = (holds: boolean, otherwise: string) => void;

/** One requirement of the system's document: what must hold in the synthesized tree. */
export interface Requirement {
  readonly id: string;
  readonly sentence: string;
  /** What does not hold; empty when everything does. */
  readonly violations: (tree: SynthesizedTree) => readonly string[];
}

export function requirement(id: string, sentence: string, check: (tree: SynthesizedTree, demand: Demand) => void): Requirement {
  return {
    id,
    sentence,
    violations: (tree) => {
      const found: string[] = [];
      check(tree, (holds, otherwise) => void (holds || found.push(otherwise)));
      return found;
    },
  };
}

/** Whether two lists hold the same values, in any order. */
export function sameSet(a: readonly unknown[], b: readonly unknown[]): boolean {
  const text = (list: readonly unknown[]) => [...new Set(list.map((one) => JSON.stringify(one)))].sort().join();
  return text(a) === text(b);
}
