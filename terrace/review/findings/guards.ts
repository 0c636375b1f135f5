import type { ResourceChange } from '../plan/plan-model';
import { isUnknown, type ShownValue } from '../values/shown-value';

import type { Severity } from './finding';
import { isWritten, valueAt, valuesAt, word } from './value-at';
import type { ChangeRule, Observation } from './rule';

/** An attribute that protects while it has a value. */
interface Guard {
  readonly types: readonly string[] | RegExp;
  readonly path: string;
  /** True for a protecting value. @default `true`, `"true"` and `"on"` */
  readonly safe?: (value: ShownValue | undefined) => boolean;
  /** True where a resource that is created without it is a finding too. @default only an explicit false is */
  readonly needed?: boolean;
}

/** A number that protects by being large. */
interface Amount {
  readonly types: readonly string[];
  readonly path: string;
  /** A value that stands for "for ever". */
  readonly endless?: number;
  /** True where none at all stands for "for ever". */
  readonly isEndlessWithout?: boolean;
}

const isOn = (value: ShownValue | undefined): boolean =>
  value === true || value === 'true' || value === 'on' || value === 'ENABLED' || value === 'Enabled' || value === 'enabled';
const isOff = (value: ShownValue | undefined): boolean =>
  value === false || value === 'false' || value === 'off' || value === 'DISABLED' || value === 'Disabled' || value === 'disabled';
/** True for any value. */
export const isSet = (value: ShownValue | undefined): boolean => value !== undefined;

function applies(types: Guard['types'], type: string): boolean {
  return types instanceof RegExp ? types.test(type) : types.includes(type);
}

function* switchedOff(change: ResourceChange, guards: readonly Guard[]): Generator<Observation> {
  if (!isWritten(change)) return;
  for (const guard of guards) {
    if (!applies(guard.types, change.type)) continue;
    const safe = guard.safe ?? isOn;
    const [before, after] = [valueAt(change.before, guard.path), valueAt(change.after, guard.path)];
    if (safe(after) || isUnknown(after)) continue;
    if (change.before === null ? guard.needed === true || isOff(after) : safe(before) || isUnknown(before)) {
      yield {
        reason:
          change.before === null ? `${guard.path} is ${word(after)} from the start` : `${guard.path}: ${word(before)} → ${word(after)}`,
        attribute: guard.path,
      };
    }
  }
}

function* lowered(change: ResourceChange, amounts: readonly Amount[]): Generator<Observation> {
  if (change.action !== 'update' && change.action !== 'replace') return;
  for (const amount of amounts) {
    if (!amount.types.includes(change.type)) continue;
    const [before, after] = [change.before, change.after].map((object) => {
      // Of several blocks the one that keeps the shortest decides.
      const all = valuesAt(object, amount.path).map((value) => (value === amount.endless ? Number.POSITIVE_INFINITY : value));
      if (all.length === 0) return amount.isEndlessWithout === true ? Number.POSITIVE_INFINITY : undefined;
      return all.every((value) => typeof value === 'number') ? Math.min(...all) : undefined;
    });
    if (typeof before === 'number' && typeof after === 'number' && after < before)
      yield { reason: `${amount.path}: ${before === Number.POSITIVE_INFINITY ? 'for ever' : before} → ${after}`, attribute: amount.path };
  }
}

/** A rule about values that protect: `guards` while they are there, `amounts` by being large, `gone` types by existing. */
export function guardRule(
  id: string,
  title: string,
  severity: Severity,
  explain: string,
  guards: readonly Guard[],
  amounts: readonly Amount[] = [],
  gone: readonly string[] = [],
): ChangeRule {
  return {
    scope: 'change',
    id,
    title,
    severity,
    explain,
    *check(change) {
      if (change.action === 'delete' && gone.includes(change.type)) yield { reason: `${change.address} is removed` };
      yield* switchedOff(change, guards);
      yield* lowered(change, amounts);
    },
  };
}

/** The same rule, which also speaks where an alarm needs more to go off. */
export function alsoLoosened(rule: ChangeRule): ChangeRule {
  return {
    ...rule,
    *check(change, unit) {
      yield* rule.check(change, unit);
      if (change.type !== 'aws_cloudwatch_metric_alarm' || !isWritten(change)) return;
      const [before, after] = [valueAt(change.before, 'threshold'), valueAt(change.after, 'threshold')];
      const comparison = word(valueAt(change.after, 'comparison_operator'));
      if (typeof before !== 'number' || typeof after !== 'number') return;
      if (comparison.startsWith('GreaterThan') ? after > before : comparison.startsWith('LessThan') && after < before)
        yield { reason: `the alarm goes off later: threshold ${before} → ${after}`, attribute: 'threshold' };
    },
  };
}
