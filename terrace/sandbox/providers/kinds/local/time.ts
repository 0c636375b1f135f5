import { setTimeout as sleep } from 'node:timers/promises';

import type { ProviderKind } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import { timeFunctions } from '../functions';
import { plainKind } from '../plain';
import { isUnknown, textOf, unknown, type ObjectValue, type Value } from '../../protocol/value';

/** In the order in which the provider adds them. */
const units = ['days', 'hours', 'minutes', 'months', 'seconds', 'years'] as const;

/** `time`: real clock; `time_rotating` is gone once its time has come, so that the next plan makes it anew. */
export const timeKind: ProviderKind = plainKind(
  {},
  {
    stateOnly: true,
    idTemplate: () => '{now}',
    functions: timeFunctions,
    resources: {
      time_static: {
        create: (_, planned) => ({ ...at(planned, 'rfc3339', moment(planned['rfc3339'])), ...spelled(planned, 'rfc3339') }),
        importState: (_, id) => at({}, 'rfc3339', moment(id)),
      },
      time_offset: {
        create: (_, planned) => offset(planned, moment(planned['base_rfc3339'])),
        update: (_, planned) => offset(planned, moment(planned['base_rfc3339'])),
        plan: (_, planned, __, prior) => {
          if (prior === null || planned === prior) return planned;
          return isUnknown(planned['base_rfc3339'])
            ? { ...planned, ...unknownParts('id', 'rfc3339') }
            : offset(planned, moment(planned['base_rfc3339']));
        },
      },
      time_rotating: {
        create: (_, planned) => rotating(planned),
        update: (_, planned) => rotating(planned),
        plan: (_, planned, config, prior) => {
          if (prior === null || planned === prior) return planned;
          const given = config['rotation_rfc3339'] ?? null;
          return isUnknown(given) ? { ...planned, ...unknownParts('rotation_rfc3339') } : rotating({ ...planned, rotation_rfc3339: given });
        },
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

const parts = ['unix', 'year', 'month', 'day', 'hour', 'minute', 'second'] as const;

function unknownParts(...more: readonly string[]): ObjectValue {
  return Object.fromEntries([...parts, ...more].map((name) => [name, unknown]));
}

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
  return {
    ...at(planned, 'rfc3339', shifted(base, planned, 'offset'), base),
    base_rfc3339: text(base),
    ...spelled(planned, 'base_rfc3339'),
  };
}

/** Of days, hours, minutes, months and years the last that is set counts alone, as in the provider; the parts are those of the rotation. */
function rotating(planned: ObjectValue): ObjectValue {
  const base = moment(planned['rfc3339']);
  const only = ['years', 'months', 'minutes', 'hours', 'days']
    .map((unit) => `rotation_${unit}`)
    .find((name) => Number(planned[name] ?? 0) > 0);
  const rotation =
    textOf(planned['rotation_rfc3339']) === undefined
      ? shifted(base, only === undefined ? {} : { [only]: planned[only] ?? null }, 'rotation')
      : moment(planned['rotation_rfc3339']);
  const times = { ...at(planned, 'rotation_rfc3339', rotation, base), rfc3339: text(base) };
  return { ...times, ...spelled(planned, 'rfc3339', 'rotation_rfc3339') };
}

/** Times that are given, as they were written: a plan may not change them. */
function spelled(planned: ObjectValue, ...names: readonly string[]): ObjectValue {
  return Object.fromEntries(
    names.flatMap((name) => {
      const given = textOf(planned[name]);
      return given === undefined ? [] : [[name, given]];
    }),
  );
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
