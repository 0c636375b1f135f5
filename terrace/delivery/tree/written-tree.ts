import type { Model } from '../../model/model';

/** What a synthesis wrote: where, and which units were asked for. */
export interface WrittenTree {
  readonly folder: string;
  readonly model: Model;
  readonly units: readonly string[];
}

/** Synthesizes a part of the source; none is everything. The delivery knows no source: who calls it says how. */
export type Synthesize = (selectors: readonly string[]) => Promise<WrittenTree>;
