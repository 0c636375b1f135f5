import type { Kind } from '../describe/kinds';

/** The folders of the tree, then what lies in a unit. */
export const depths = ['system', 'environment', 'region', 'layer', 'unit', 'resource'] as const;
export type Depth = (typeof depths)[number];

/** A box of the page. */
export interface PageNode {
  /** Path of the folder or unit, `<unit>#<address>` of a resource; the same from run to run, so addresses of views can be kept. */
  readonly id: string;
  /** Position of the box it lies in; -1 for the outermost. Always before its own. */
  readonly parent: number;
  readonly depth: Depth;
  readonly title: string;
  readonly subtitle: string;
  readonly kind: Kind;
  readonly provider?: string;
  readonly planned?: true;
  /** `key=value`, sorted. */
  readonly tags?: readonly string[];
  /** Attributes as they stand in the synthesized JSON, by name. */
  readonly facts?: readonly (readonly [name: string, value: string])[];
  /** Outputs of a unit with their types. */
  readonly outputs?: readonly (readonly [name: string, type: string])[];
  /** Where the source makes it: `stacks/shop/units/network/vpc.ts:12`. */
  readonly place?: string;
  /** Wave of a unit, and the round of a first deploy in which it is planned, from 1. */
  readonly wave?: number;
  readonly round?: number;
}

export type ArrowKind = 'reference' | 'state' | 'order' | 'traffic';

/** Positions of two boxes. Needs lead from what is used to what uses it, traffic from the caller to the called. */
export interface PageArrow {
  readonly from: number;
  readonly to: number;
  readonly kind: ArrowKind;
  readonly text: string;
}

/** What is laid over the boxes. */
export const overlayNames = ['bundle', 'drift', 'status'] as const;
export type OverlayName = (typeof overlayNames)[number];

/** Colours of what is laid over a box; `note` has none of its own. */
export type Tone = 'add' | 'change' | 'replace' | 'destroy' | 'drift' | 'behind' | 'failed' | 'same' | 'note';

/** What an overlay says of one box. */
export interface Mark {
  readonly tone: Tone;
  /** One or two words in the box: `replace`, `drifted`. */
  readonly word: string;
  /** Sentences of the side panel. */
  readonly notes: readonly string[];
  /** The worst first. */
  readonly findings?: readonly { readonly severity: string; readonly title: string; readonly reason: string }[];
}

export interface Overlay {
  /** What it was made from, for its heading: `bundle 3f2a… round 1`. */
  readonly title: string;
  /** By the box's id. What is not on the page is in `elsewhere`. */
  readonly marks: Readonly<Record<string, Mark>>;
  /** What the overlay says of units and resources that the source does not have. */
  readonly elsewhere: readonly string[];
}

/** All that the page knows; stands in it as JSON. */
export interface PageData {
  readonly version: 1;
  readonly title: string;
  readonly nodes: readonly PageNode[];
  readonly arrows: readonly PageArrow[];
  readonly overlays: Readonly<Partial<Record<OverlayName, Overlay>>>;
  /** Ids of regions that are made alike: the first stands for all until somebody asks for each. */
  readonly alike: readonly (readonly string[])[];
  /** What the page shows until somebody chooses. */
  readonly start: { readonly depth: Depth; readonly edges: 'needs' | 'traffic' };
}
