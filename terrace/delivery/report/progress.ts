import path from 'node:path';
import { styleText } from 'node:util';

import { quantity } from '../../base/plural';
import type { DeliveryEvent, OnEvent } from '../terraform/events';

import { countsText } from './summary';

/** Shows what a delivery does: a line for each finished step, and on a terminal a last line with what runs now. */
export interface Progress {
  readonly onEvent: OnEvent;
  /** A line of the caller's own. */
  line(text: string): void;
  /** What runs now, outside of a delivery; shown on a terminal only until the next line, else as a line. */
  step(text: string): void;
  /** Clears the last line. May be called twice. */
  close(): void;
}

export interface ProgressOptions {
  /** @default process.stderr, so that stdout stays the command's output */
  readonly stream?: Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>;
}

/** A progress display: redraws its last line on a terminal, and is a plain log elsewhere. */
export function progress(options: ProgressOptions = {}): Progress {
  const stream = options.stream ?? process.stderr;
  const live = stream.isTTY;
  const running = new Map<string, string>();
  let total = 0;
  let done = 0;
  let shown = false;
  let deferred: DeliveryEvent[] = [];

  const clear = (): void => {
    if (shown) stream.write('\r\u001B[2K');
    shown = false;
  };
  const draw = (text: string): void => {
    if (!live || text === '') return;
    clear();
    stream.write(styleText('dim', text.slice(0, (stream.columns ?? 100) - 1)));
    shown = true;
  };
  const status = (): string =>
    running.size === 0 ? '' : `${done}/${total}  ${[...running].map(([unit, doing]) => `${doing} ${unit}`).join(', ')}`;
  const line = (text: string): void => {
    clear();
    stream.write(`${text}\n`);
    draw(status());
  };

  const flushDeferred = (): void => {
    const text = describeDeferred(deferred);
    deferred = [];
    if (text !== undefined) line(text);
  };

  return {
    line,
    step: (text) => (live ? draw(text) : line(text)),
    close: clear,
    onEvent: (event) => {
      switch (event.type) {
        case 'deferred':
          deferred.push(event);
          done += 1;
          return;
        case 'round':
          flushDeferred();
          total = event.units.length;
          done = 0;
          line(
            styleText('bold', `${event.phase} ${event.round}: ${quantity(event.units.length, 'unit')}`, {
              stream: process.stderr,
              validateStream: true,
            }),
          );
          return;
        case 'planning':
        case 'applying':
          running.set(event.unit, event.type);
          draw(status());
          return;
        default: {
          if ('unit' in event) {
            running.delete(event.unit);
            done += 1;
          }
          if (event.type === 'sealed' || event.type === 'interrupted') flushDeferred();
          const text = describe(event);
          if (text === undefined) draw(status());
          else line(text);
        }
      }
    },
  };
}

/** One line about a finished step; undefined for what a reader need not see. */
function describe(event: DeliveryEvent): string | undefined {
  switch (event.type) {
    case 'planned':
      return `  planned    ${event.unit}  ${event.unchanged ? 'no changes' : countsText(event.actions)}  ${seconds(event.seconds)}${event.tainted ? '  on mocks: cannot be applied' : ''}`;
    case 'applied':
      return `  applied    ${event.unit}  ${countsText(event.actions)}  ${seconds(event.seconds)}`;
    case 'failed':
      return `  failed     ${event.unit}  ${event.code} ${event.error.split('\n')[0] ?? ''}  ${seconds(event.seconds)}`;
    case 'skipped':
      return `  skipped    ${event.unit}  ${event.reason}`;
    case 'drift':
      return `  looked at  ${event.unit}  ${event.drifted === 0 ? 'no drift' : `${event.drifted} drifted`}  ${seconds(event.seconds)}`;
    case 'sealed':
      return `  sealed     ${path.relative(process.cwd(), event.bundle) || '.'}  ${event.hash.slice(0, 16)}`;
    case 'interrupted':
      return 'interrupted: terraform has ended cleanly and released its locks';
    default:
      return undefined;
  }
}

/** A few deferred units with their reasons, many as a count: the bundle has each reason. */
function describeDeferred(events: readonly DeliveryEvent[]): string | undefined {
  const units = events.flatMap((event) => (event.type === 'deferred' ? [event] : []));
  if (units.length === 0) return undefined;
  if (units.length <= 3) return units.map(({ unit, reason }) => `  deferred   ${unit}  ${reason}`).join('\n');
  return `  deferred   ${units.length} units, the first of them ${units[0]?.unit ?? ''}: ${units[0]?.reason ?? ''}`;
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}
