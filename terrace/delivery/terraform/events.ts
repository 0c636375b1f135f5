import { createWriteStream } from 'node:fs';

import type { Problem } from '../../base/errors';
import { jsonText } from '../../base/visible';
import type { ActionCounts } from '../../terraform/action-counts';

/** What happens, as it happens; for progress displays and `--events`. Never holds a value of a plan. */
export type DeliveryEvent =
  | { readonly type: 'round'; readonly phase: 'plan' | 'apply' | 'drift'; readonly round: number; readonly units: readonly string[] }
  | { readonly type: 'planning'; readonly unit: string }
  | {
      readonly type: 'planned';
      readonly unit: string;
      readonly actions: ActionCounts;
      readonly unchanged: boolean;
      readonly tainted: boolean;
      readonly seconds: number;
    }
  | { readonly type: 'deferred'; readonly unit: string; readonly reason: string }
  | { readonly type: 'sealed'; readonly round: number; readonly bundle: string; readonly hash: string }
  | { readonly type: 'applying'; readonly unit: string }
  /** What terraform is at work on in a unit: the resource that it has been at longest. */
  | { readonly type: 'busy'; readonly unit: string; readonly resource: string; readonly doing: string }
  | {
      readonly type: 'applied';
      readonly unit: string;
      readonly operation: 'apply' | 'destroy';
      readonly actions: ActionCounts;
      readonly seconds: number;
    }
  | {
      readonly type: 'failed';
      readonly unit: string;
      readonly phase: 'plan' | 'apply' | 'drift';
      readonly code: string;
      readonly error: string;
      readonly seconds: number;
    }
  | { readonly type: 'skipped'; readonly unit: string; readonly reason: string }
  /** A unit is looked at for drift. */
  | { readonly type: 'comparing'; readonly unit: string }
  | { readonly type: 'drift'; readonly unit: string; readonly drifted: number; readonly seconds: number }
  | { readonly type: 'interrupted' };

export type OnEvent = (event: DeliveryEvent) => void;

/** That a unit failed, by the first of its problems. */
export function failure(unit: string, phase: 'plan' | 'apply' | 'drift', [first]: readonly Problem[], seconds: number): DeliveryEvent {
  return { type: 'failed', unit, phase, code: first?.code ?? '', error: first?.found ?? '', seconds };
}

/** Writes events as JSON lines (`{"version":1,"at":…,"type":…}`) to a file, or to stdout for `-`. */
export function eventWriter(target: string, now: () => Date = () => new Date()): { readonly onEvent: OnEvent; close(): Promise<void> } {
  const stream = target === '-' ? process.stdout : createWriteStream(target, { flags: 'a', mode: 0o600 });
  // A full disk or a reader that went away must not stop an apply.
  stream.on('error', () => undefined);
  return {
    onEvent: (event) => void stream.write(`${jsonText({ version: 1, at: now().toISOString(), ...event })}\n`),
    close: () => (target === '-' ? Promise.resolve() : new Promise((resolve) => stream.end(() => resolve()))),
  };
}

/** Gives every event to all listeners. */
export function toAll(...listeners: readonly (OnEvent | undefined)[]): OnEvent {
  return (event) => {
    for (const listener of listeners) listener?.(event);
  };
}
