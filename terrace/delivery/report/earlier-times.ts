import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { isObject } from '../../base/json';

/** What a unit takes: to be planned, applied or looked at for drift. */
export type Phase = 'plan' | 'apply' | 'drift';

/** How long units took in earlier runs on this machine, in seconds; for an expectation, nothing decides by it. */
export interface EarlierTimes {
  of(phase: Phase, unit: string): number | undefined;
  took(phase: Phase, unit: string, seconds: number): void;
  /** Writes what was learned; a folder that cannot be written is left alone. */
  save(): void;
}

/** The times in a file, `times.json` of the working files. */
export function earlierTimes(file: string): EarlierTimes {
  const known = read(file);
  let learned = false;
  const key = (phase: Phase, unit: string): string => `${phase} ${unit}`;
  return {
    of: (phase, unit) => known.get(key(phase, unit)),
    took: (phase, unit, seconds) => {
      learned = true;
      known.set(key(phase, unit), Math.round(seconds * 10) / 10);
    },
    save: () => {
      if (!learned) return;
      try {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, `${JSON.stringify(Object.fromEntries(known))}\n`);
      } catch {
        // An expectation is worth no failure.
      }
    },
  };
}

function read(file: string): Map<string, number> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return new Map(isObject(value) ? Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number') : []);
  } catch {
    return new Map();
  }
}

/** `0:42`, `1:02:05`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, String(whole % 60).padStart(2, '0')];
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}
