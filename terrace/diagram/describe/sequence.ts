import type { Kind } from './kinds';

/** Who says what to whom, in order: a picture of a process in time. */
export interface Sequence {
  readonly title: string;
  readonly description: string;
  /** From left to right. */
  readonly participants: readonly { readonly id: string; readonly title: string; readonly kind: Kind; readonly provider?: string }[];
  readonly steps: readonly SequenceStep[];
}

/** One message, or steps that belong together: a stage, what happens at the same time, what happens only sometimes. */
export type SequenceStep =
  | { readonly kind: 'message'; readonly from: string; readonly to: string; readonly text: string; readonly answer?: true }
  | { readonly kind: 'stage' | 'together' | 'sometimes'; readonly title: string; readonly steps: readonly SequenceStep[] };

export type SequenceMessage = Extract<SequenceStep, { readonly kind: 'message' }>;

/** Every message, in order. */
export function messagesOf(steps: readonly SequenceStep[]): readonly SequenceMessage[] {
  return steps.flatMap((step) => (step.kind === 'message' ? [step] : messagesOf(step.steps)));
}
