import { days, type Day, type FreezeWindow } from './approval-rules';

const weekdays: Readonly<Record<string, Day>> = { Sun: 'sun', Mon: 'mon', Tue: 'tue', Wed: 'wed', Thu: 'thu', Fri: 'fri', Sat: 'sat' };

/** The first window that holds the instant, undefined where none does. A window's end no longer belongs to it. */
export function frozenBy(windows: readonly FreezeWindow[], now: Date): FreezeWindow | undefined {
  return windows.find((window) =>
    'from' in window ? Date.parse(window.from) <= now.getTime() && now.getTime() < Date.parse(window.to) : inWeek(window, now),
  );
}

function inWeek(window: Extract<FreezeWindow, { readonly days: readonly Day[] }>, now: Date): boolean {
  const { day, minutes } = localTime(now, window.timeZone);
  const [start, end] = [minutesOf(window.start), minutesOf(window.end)];
  if (start < end) return window.days.includes(day) && minutes >= start && minutes < end;
  const yesterday = days[(days.indexOf(day) + 6) % 7] ?? day;
  return (window.days.includes(day) && minutes >= start) || (window.days.includes(yesterday) && minutes < end);
}

function localTime(now: Date, timeZone: string): { readonly day: Day; readonly minutes: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: string): string => parts.find((item) => item.type === type)?.value ?? '';
  return { day: weekdays[part('weekday')] ?? 'sun', minutes: Number(part('hour')) * 60 + Number(part('minute')) };
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}

/** One line for people. */
export function describeWindow(window: FreezeWindow): string {
  return 'from' in window
    ? `${window.from} to ${window.to}: ${window.reason}`
    : `${window.days.join(', ')} ${window.start}–${window.end} ${window.timeZone}: ${window.reason}`;
}
