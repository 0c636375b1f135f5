import path from 'node:path';

import { lineWidth, outputWidth } from '../../base/line-width';
import { painter } from '../../base/paint';
import { quantity } from '../../base/plural';
import { visibleLine } from '../../base/visible';
import type { DeliveryEvent, OnEvent } from '../terraform/events';

import { clock, type EarlierTimes, type Phase } from './earlier-times';
import { firstLines, sameFailures } from './failures';
import { busyText, liveLine, type RunningUnit } from './live-line';
import { paintedCounts } from './summary';
import { placed, unchangedLines, unitLine as linesOf, withoutPlace } from './unit-lines';

/** Shows what a delivery does: under each place a line for every unit that says what changes, and on a terminal a last line with what runs now. */
export interface Progress {
  readonly onEvent: OnEvent;
  /** A line of the caller's own. */
  line(text: string): void;
  /** What runs now, outside of a delivery, and for how long; shown on a terminal only until the next line, else as a line. */
  step(text: string): void;
  /** What runs now of one unit: like `step`, under the heading of the unit's place where it is a line. */
  unitStep(unit: string, text: string): void;
  /** Clears the last line. May be called twice. */
  close(): void;
}

export interface ProgressOptions {
  /** @default process.stderr, so that stdout stays the command's output */
  readonly stream?: Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>;
  /** @default those of the process */
  readonly env?: Readonly<NodeJS.ProcessEnv>;
  /** How long units took before. @default nothing is expected */
  readonly times?: EarlierTimes;
  /** Milliseconds. @default performance.now */
  readonly now?: () => number;
}

/** A progress display: redraws its last line on a terminal every second, and is a plain log elsewhere. */
export function progress(options: ProgressOptions = {}): Progress {
  const stream = options.stream ?? process.stderr;
  const { env = process.env, times, now = () => performance.now() } = options;
  const live = stream.isTTY;
  const paint = painter(stream, env);
  const running = new Map<string, RunningUnit>();
  const failures = sameFailures();
  let units: readonly string[] = [];
  let phase: Phase = 'plan';
  let began = now();
  let done = 0;
  let unchanged = 0;
  let place = '';
  let shown = false;
  let deferred: (DeliveryEvent & { readonly type: 'deferred' })[] = [];
  let step: { readonly text: string; readonly since: number } | undefined;
  let timer: NodeJS.Timeout | undefined;

  const clear = (): void => {
    if (shown) stream.write('\r\u001B[2K');
    shown = false;
  };
  const draw = (text: string): void => {
    if (!live || text === '') return;
    clear();
    stream.write(paint('soft', visibleLine(text)));
    shown = true;
  };
  const status = (): string =>
    running.size === 0
      ? step === undefined
        ? ''
        : busyText(step.text, (now() - step.since) / 1000, lineWidth(stream))
      : liveLine({ done, units, running, phase, seconds: (now() - began) / 1000, at: now(), width: lineWidth(stream), times });
  const line = (text: string): void => {
    clear();
    stream.write(`${text}\n`);
    draw(status());
  };
  const ownLine = (text: string): void => {
    step = undefined;
    line(text);
  };
  /** One line about a unit, under the heading of its place. */
  const unitLine = (unit: string, text: string): void => {
    const own = placed(unit);
    if (own.place !== place) line(paint('strong', visibleLine(own.place)));
    place = own.place;
    const names = units.map(placed).flatMap((one) => (one.place === place ? [one.name.length] : []));
    for (const one of linesOf(own.name, Math.max(0, ...names), text, outputWidth(stream, env))) line(one);
  };
  const flush = (): void => {
    for (const one of deferred.splice(0, deferred.length <= 3 ? 3 : 1))
      unitLine(one.unit, `${paint('soft', 'later:')} ${visibleLine(withoutPlace(one.reason, one.unit))}`);
    if (deferred.length > 0)
      line(paint('soft', `  and ${quantity(deferred.length, 'more unit')} later, waiting for these or for each other`));
    deferred = [];
    for (const text of unchangedLines(unchanged, paint)) line(text);
    unchanged = 0;
    for (const text of failures.flush()) line(text);
  };
  const ended = (unit: string, seconds?: number): void => {
    running.delete(unit);
    done += 1;
    if (seconds !== undefined) times?.took(phase, unit, seconds);
  };
  /** Once a second the last line is drawn anew: how long it runs is part of it. */
  const tick = (): void => {
    if (live) timer ??= setInterval(() => draw(status()), 1000).unref();
  };
  const showStep = (text: string): void => {
    step = { text, since: now() };
    draw(status());
    tick();
  };
  const begin = (unit: string, doing: string): void => {
    running.set(unit, { doing, since: now() });
    draw(status());
  };

  return {
    line: ownLine,
    step: (text) => (live ? showStep(text) : line(text)),
    unitStep: (unit, text) => (live ? showStep(`${placed(unit).name}: ${text}`) : unitLine(unit, visibleLine(text))),
    close: () => {
      flush();
      clearInterval(timer);
      timer = undefined;
      step = undefined;
      clear();
      times?.save();
    },
    onEvent: (event) => {
      switch (event.type) {
        case 'round': {
          flush();
          step = undefined;
          ({ units, phase } = event);
          [done, place, began] = [0, '', now()];
          line(paint('strong', `${event.phase} ${event.round}: ${quantity(units.length, 'unit')}${expected(units, phase, times)}`));
          return tick();
        }
        case 'planning':
          return begin(event.unit, 'planning');
        case 'applying':
          return begin(event.unit, 'applying');
        case 'comparing':
          return begin(event.unit, 'comparing');
        case 'busy': {
          const unit = running.get(event.unit);
          if (unit !== undefined)
            running.set(event.unit, { ...unit, busy: { doing: event.doing, resource: event.resource, since: now() } });
          return;
        }
        case 'deferred':
          ended(event.unit);
          deferred.push(event);
          return;
        case 'planned':
          ended(event.unit, event.seconds);
          if (event.unchanged && !event.tainted) unchanged += 1;
          else
            unitLine(
              event.unit,
              `${paintedCounts(event.actions, paint)}  ${paint('soft', `${event.seconds.toFixed(1)} s`)}${event.tainted ? '  on mocks, cannot be applied' : ''}`,
            );
          return draw(status());
        case 'applied': {
          ended(event.unit, event.seconds);
          const word = event.operation === 'destroy' ? paint('destroy', 'destroyed') : paint('good', 'applied');
          return unitLine(event.unit, `${word}  ${paintedCounts(event.actions, paint)}  ${paint('soft', `${event.seconds.toFixed(1)} s`)}`);
        }
        case 'failed':
          ended(event.unit);
          if (failures.isNew(event.code, event.error))
            unitLine(event.unit, `${paint('bad', 'failed:')} ${firstLines(event.code, event.error)}`);
          return;
        case 'skipped':
          ended(event.unit);
          return unitLine(event.unit, `${paint('soft', 'skipped:')} ${visibleLine(withoutPlace(event.reason, event.unit))}`);
        case 'drift':
          ended(event.unit, event.seconds);
          if (event.drifted === 0) unchanged += 1;
          else unitLine(event.unit, `${paint('change', `${event.drifted} drifted`)}  ${paint('soft', `${event.seconds.toFixed(1)} s`)}`);
          return draw(status());
        case 'sealed':
          flush();
          return line(
            `sealed ${path.relative(process.cwd(), event.bundle) || '.'}  ${event.hash.slice(0, 16)}  ${clock((now() - began) / 1000)}`,
          );
        default:
          flush();
          return line(paint('bad', 'interrupted: terraform ended cleanly and released its locks'));
      }
    },
  };
}

/** What a round takes by earlier runs, where they tell of every unit of it: all of them one after the other, or the longest alone. */
function expected(units: readonly string[], phase: Phase, times: EarlierTimes | undefined): string {
  const known = units.flatMap((unit) => times?.of(phase, unit) ?? []);
  if (units.length === 0 || known.length < units.length) return '';
  const [longest, all] = [Math.max(...known), known.reduce((sum, one) => sum + one, 0)];
  return all - longest < 2 ? `, about ${clock(all)}` : `, ${clock(longest)} to ${clock(all)} going by earlier runs`;
}
