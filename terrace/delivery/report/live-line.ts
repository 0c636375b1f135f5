import type { EarlierTimes, Phase } from './earlier-times';
import { clock } from './earlier-times';
import { placed } from './unit-lines';

/** One unit that terraform is at work on. */
export interface RunningUnit {
  /** `planning`, `applying`. */
  readonly doing: string;
  /** Milliseconds, of the same clock as `at`. */
  readonly since: number;
  readonly busy?: { readonly doing: string; readonly resource: string; readonly since: number };
}

export interface LiveLine {
  readonly done: number;
  readonly units: readonly string[];
  readonly running: ReadonlyMap<string, RunningUnit>;
  readonly phase: Phase;
  /** Since the round began. */
  readonly seconds: number;
  readonly at: number;
  /** Columns. */
  readonly width: number;
  readonly times: EarlierTimes | undefined;
}

/**
 * `3/12  0:42  network/vpc creating aws_nat_gateway.a 12 s of about 1:30, …`: how far it is, how long it has run, and what each terraform is
 * busy with and for how long. As many units as the width holds; the others are counted.
 */
export function liveLine({ done, units, running, phase, seconds, at, width, times }: LiveLine): string {
  const head = `${done}/${units.length}  ${clock(seconds)}  `;
  const parts = [...running].map(([unit, { doing, since, busy }]) => {
    const { name } = placed(unit);
    const [what, begun] = busy === undefined ? [doing, since] : [`${busy.doing} ${busy.resource}`, busy.since];
    const usual = times?.of(phase, unit);
    const left = usual === undefined ? '' : ` of about ${clock(usual)}`;
    return `${name} ${what} ${Math.round((at - begun) / 1000)} s${left === '' ? '' : ` (${clock((at - since) / 1000)}${left})`}`;
  });
  let text = head;
  let count = 0;
  for (const part of parts) {
    const more = count === 0 ? part : `, ${part}`;
    const others = parts.length - count - 1;
    const room = width - (others > 0 ? `, ${others} more`.length : 0);
    if (text.length + more.length > room) break;
    text += more;
    count += 1;
  }
  if (count < parts.length) text += count === 0 ? (parts[0] ?? '') : `, ${parts.length - count} more`;
  return text.slice(0, width);
}

/** `reading states … 12 s`: what goes on, and for how long once that is a second. */
export function busyText(text: string, seconds: number, width: number): string {
  return `${text} …${seconds < 1 ? '' : ` ${seconds < 60 ? `${Math.floor(seconds)} s` : clock(seconds)}`}`.slice(0, width);
}
