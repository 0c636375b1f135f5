import { setTimeout as sleep } from 'node:timers/promises';

import type { ProviderKind } from '../engine/context';
import { Refusal } from '../engine/refusal';
import { plainKind } from '../kinds/plain';
import { isUnknown, textOf, type ObjectValue, type Value } from '../protocol/value';

const units = ['seconds', 'minutes', 'hours', 'days', 'months', 'years'] as const;

/** `time`: real clock; `time_rotating` is gone once its time has come, so that the next plan makes it anew. */
export const timeKind: ProviderKind = plainKind(
  {},
  {
    stateOnly: true,
    idTemplate: () => '{now}',
    resources: {
      time_static: {
        create: (_, planned) => at(planned, 'rfc3339', moment(planned['rfc3339'])),
        importState: (_, id) => at({}, 'rfc3339', moment(id)),
      },
      time_offset: {
        create: (_, planned) => offset(planned, moment(planned['base_rfc3339'])),
        update: (_, planned) => offset(planned, moment(planned['base_rfc3339'])),
        plan: (_, planned, __, prior) =>
          prior === null || planned === prior
            ? planned
            : { ...planned, ...Object.fromEntries(parts.map((name) => [name, null])), ...offset(planned, moment(prior['base_rfc3339'])) },
      },
      time_rotating: {
        create: (_, planned) => rotating(planned),
        update: (_, planned) => rotating(planned),
        read: (_, state) => (new Date(String(state['rotation_rfc3339'])).getTime() <= Date.now() ? null : state),
      },
      time_sleep: {
        create: async (_, planned) => {
          await sleep(milliseconds(planned['create_duration']));
          return { ...planned, id: text(new Date()) };
        },
        remove: async (_, state) => {
          await sleep(milliseconds(state['destroy_duration']));
        },
      },
    },
  },
);

const parts = ['rfc3339', 'unix', 'year', 'month', 'day', 'hour', 'minute', 'second'] as const;

function at(planned: ObjectValue, name: string, date: Date, id = date): ObjectValue {
  return {
    ...planned,
    id: text(id),
    [name]: text(date),
    unix: Math.floor(date.getTime() / 1000),
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

function offset(planned: ObjectValue, base: Date): ObjectValue {
  return { ...at(planned, 'rfc3339', shifted(base, planned, 'offset'), base), base_rfc3339: text(base) };
}

function rotating(planned: ObjectValue): ObjectValue {
  const base = moment(planned['rfc3339']);
  const given = textOf(planned['rotation_rfc3339']);
  const rotation = given === undefined ? shifted(base, planned, 'rotation') : new Date(given);
  return { ...at(planned, 'rfc3339', base), rotation_rfc3339: text(rotation) };
}

function shifted(base: Date, planned: ObjectValue, prefix: string): Date {
  const date = new Date(base);
  for (const unit of units) {
    const count = planned[`${prefix}_${unit}`];
    if (typeof count !== 'number') continue;
    if (unit === 'seconds') date.setUTCSeconds(date.getUTCSeconds() + count);
    if (unit === 'minutes') date.setUTCMinutes(date.getUTCMinutes() + count);
    if (unit === 'hours') date.setUTCHours(date.getUTCHours() + count);
    if (unit === 'days') date.setUTCDate(date.getUTCDate() + count);
    if (unit === 'months') date.setUTCMonth(date.getUTCMonth() + count);
    if (unit === 'years') date.setUTCFullYear(date.getUTCFullYear() + count);
  }
  return date;
}

function moment(value: Value | undefined): Date {
  if (value === undefined || value === null || isUnknown(value)) return new Date();
  const date = new Date(String(value));
  if (Number.isNaN(date.getTime()))
    throw new Refusal(
      'Invalid RFC3339 String Value',
      `A string value was provided that is not valid RFC3339 string format: ${String(value)}`,
    );
  return date;
}

function text(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** `1m30s` as milliseconds. */
function milliseconds(value: Value | undefined): number {
  const scale: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  return [...String(value ?? '').matchAll(/([\d.]+)(ms|s|m|h)/g)].reduce(
    (sum, [, number = '0', unit = 's']) => sum + Number(number) * (scale[unit] ?? 0),
    0,
  );
}
