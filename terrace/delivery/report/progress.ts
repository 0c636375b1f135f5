import type { DeliveryEvent, OnEvent } from '../running/events';

import { countsText } from './summary';

/** Where progress goes: a terminal gets one line that counts, anything else a line for each unit only. */
export interface ProgressTarget {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Shows events to people as they come. */
export function progress(target: ProgressTarget): OnEvent {
  let total = 0;
  let done = 0;
  let phase = '';
  const running = new Set<string>();
  const clear = (): void => void (target.isTTY === true && target.write('\r\u001B[2K'));
  const status = (): void => {
    if (target.isTTY !== true || running.size === 0) return;
    const text = `${phase} ${done}/${total}: ${[...running].map(shortName).join(', ')}`;
    target.write(text.slice(0, (target.columns ?? 80) - 1));
  };
  return (event) => {
    clear();
    if (event.type === 'round') {
      [total, done, phase] = [event.units.length, 0, event.phase];
      running.clear();
    }
    if (event.type === 'planning' || event.type === 'applying') running.add(event.unit);
    else if ('unit' in event) {
      running.delete(event.unit);
      done++;
    }
    const line = lineOf(event);
    if (line !== undefined) target.write(`${line}\n`);
    status();
  };
}

/** The line of one event; undefined for those that only move the count. */
export function lineOf(event: DeliveryEvent): string | undefined {
  switch (event.type) {
    case 'round':
      return `${{ plan: 'Planning', apply: 'Applying', drift: 'Comparing' }[event.phase]} ${event.units.length} units${event.phase === 'drift' ? '' : `, wave ${event.wave}`}`;
    case 'planned':
      return `  ${event.unit}  ${event.unchanged ? 'no changes' : countsText(event.actions)}${event.tainted ? ' (tainted)' : ''}  ${event.seconds.toFixed(1)} s`;
    case 'deferred':
      return `  ${event.unit}  later: ${event.reason}`;
    case 'applied':
      return `  ${event.unit}  applied ${countsText(event.actions)}  ${event.seconds.toFixed(1)} s`;
    case 'failed':
      return `  ${event.unit}  FAILED ${event.code} ${event.error.split('\n')[0] ?? ''}`;
    case 'skipped':
      return `  ${event.unit}  skipped: ${event.reason}`;
    case 'drift':
      return `  ${event.unit}  ${event.drifted === 0 ? 'as applied' : `${event.drifted} drifted`}  ${event.seconds.toFixed(1)} s`;
    case 'interrupted':
      return 'Interrupted: terraform has ended cleanly and released its locks.';
    case 'planning':
    case 'applying':
    case 'sealed':
      return undefined;
  }
}

function shortName(unit: string): string {
  return unit.split('/').slice(-2).join('/');
}
