import type { Sequence, SequenceMessage, SequenceStep } from '../describe/sequence';
import { fonts } from '../measure/card';
import { widthOf, wrap } from '../measure/text';

/** A sequence with every place in pixels. */
export interface PlacedSequence {
  readonly sequence: Sequence;
  readonly width: number;
  readonly height: number;
  /** Middles of the participants' lifelines, in their order. */
  readonly lifelines: readonly number[];
  readonly messages: readonly PlacedMessage[];
  readonly frames: readonly PlacedFrame[];
}

export interface PlacedMessage {
  readonly message: SequenceMessage;
  readonly from: number;
  readonly to: number;
  /** Of the arrow; the words stand above it, those to oneself at its right. */
  readonly y: number;
  readonly lines: readonly string[];
}

export interface PlacedFrame {
  readonly kind: Exclude<SequenceStep['kind'], 'message'>;
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels between lifelines, and of everything along them. */
export const sequenceSizes = {
  column: 212,
  head: 56,
  headWidth: 172,
  line: 14,
  selfWidth: 34,
  frameTop: 26,
  frameBottom: 10,
  gap: 14,
} as const;
const firstLifeline = 112;

/** Places participants in columns and messages in rows; a frame surrounds its steps over the whole width, inner ones a little less. */
export function placedSequence(sequence: Sequence): PlacedSequence {
  const lifelines = sequence.participants.map((_, index) => firstLifeline + index * sequenceSizes.column);
  const at = new Map(sequence.participants.map(({ id }, index) => [id, lifelines[index] ?? 0]));
  const width = (lifelines.at(-1) ?? 0) + firstLifeline + 40;
  const messages: PlacedMessage[] = [];
  const frames: PlacedFrame[] = [];
  let y = sequenceSizes.head + 20;
  const place = (steps: readonly SequenceStep[], depth: number): void => {
    for (const step of steps) {
      if (step.kind === 'message') {
        const [from, to] = [at.get(step.from) ?? 0, at.get(step.to) ?? 0];
        const isSelf = from === to;
        const room = isSelf ? sequenceSizes.column - sequenceSizes.selfWidth - 16 : Math.abs(to - from) - 20;
        const lines = wrap(step.text, room, fonts.edge);
        y += isSelf ? 6 : lines.length * sequenceSizes.line + 4;
        messages.push({ message: step, from, to, y, lines });
        y += (isSelf ? Math.max(20, lines.length * sequenceSizes.line) : 6) + 6;
        continue;
      }
      const top = y + 4;
      const outer = frames.length;
      y = top + sequenceSizes.frameTop;
      place(step.steps, depth + 1);
      const inset = 8 + depth * 10;
      y += sequenceSizes.frameBottom - 4;
      const frame: PlacedFrame = { kind: step.kind, title: step.title, x: inset, y: top, width: width - 2 * inset, height: y - top };
      // Outer ones first, so that inner ones are drawn over them.
      frames.splice(outer, 0, frame);
      y += sequenceSizes.gap - 6;
    }
  };
  place(sequence.steps, 0);
  const widest = Math.max(width, widthOf(sequence.title, fonts.heading));
  return { sequence, width: widest, height: y + sequenceSizes.gap, lifelines, messages, frames };
}
