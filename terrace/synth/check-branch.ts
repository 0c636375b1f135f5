import type { SynthesisReport } from './synthesize';

/** Compares a synthesis with the tree on disk. */
export async function checkBranch(
  _selectors: readonly string[],
  out: string,
  synthesize: (options: { readonly out: string; readonly check: true }) => Promise<SynthesisReport>,
): Promise<SynthesisReport> {
  return synthesize({ out, check: true });
}
