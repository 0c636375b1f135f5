import { malformedValue } from './usage-problems';

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `90s`, `15m`, `2h` or `1d`. Raises E0005 (exit 64) for anything else. */
export function parseDuration(text: string, option: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*(s|m|min|h|d)$/.exec(text.trim()) ?? [];
  const factor = units[unit];
  if (amount === undefined || factor === undefined)
    throw malformedValue(option, text, 'a number and s, m, h or d, such as 15m', 'add the unit to the time');
  return Number(amount) * factor;
}
