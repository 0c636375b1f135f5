import type { ShownValue } from '../values/shown-value';

/** A step of a path: a name, or a list's element with what tells it from its siblings. */
export type Step = string | { readonly index: number; readonly label?: string };

/** Marks of an attribute that a reader must not miss. */
export type AttributeMark =
  /** Known only after apply. */
  | 'unknown'
  /** Set by the provider, not by the configuration. */
  | 'computed'
  | 'sensitive'
  /** Comes from an output that its unit does not have yet. */
  | 'mocked'
  /** The resource is replaced because of it. */
  | 'replaces';

/** One line of a text's difference. */
export interface TextLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** How one attribute (a leaf, a list of plain values, a document) differs. */
export interface AttributeChange {
  readonly path: readonly Step[];
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before?: ShownValue;
  readonly after?: ShownValue;
  readonly marks: readonly AttributeMark[];
  /** What a value that is known only after apply refers to. */
  readonly from?: readonly string[];
  /** A list of plain values: only what came and went. */
  readonly elements?: { readonly added: readonly ShownValue[]; readonly removed: readonly ShownValue[]; readonly kept: number };
  /** A JSON document in a string (policy, dashboard): its own differences; empty where only its writing differs. */
  readonly document?: readonly AttributeChange[];
  /** A long text: its lines, with `context` lines around each difference; null stands for a gap. */
  readonly lines?: readonly (TextLine | null)[];
}

/** `ingress[2].cidr_blocks`, `Statement[ReadLogs].Action`. */
export function pathText(path: readonly Step[]): string {
  return path
    .map((step, position) => {
      if (typeof step !== 'string') return `[${step.label ?? step.index}]`;
      if (!/^[\w:-]+$/.test(step)) return `[${JSON.stringify(step)}]`;
      return position === 0 ? step : `.${step}`;
    })
    .join('');
}
