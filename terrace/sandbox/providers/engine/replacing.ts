import { isList, isObject, isUnknown, sameValue, type ObjectValue, type Value } from '../protocol/value';
import type { TypeOverlay } from '../overlay/overlay';
import type { ResourceCall } from './context';
import { valuesOf } from './paths';

type Scalar = string | boolean | null;

/** Paths whose change replaces the resource. What an old state does not have yet, such as the region, is no change. */
export function replacing(call: ResourceCall, prior: ObjectValue, state: ObjectValue): string[] {
  const { kind, overlay } = call.provider;
  const rules: Partial<TypeOverlay> = overlay.resources[call.type] ?? {};
  const { forceNew = [], forceNewBetween = [], forceNewShrinking = [], forceNewRemoved = [], inPlace = {}, forceNewFrom = {} } = rules;
  const isGiven = (values: ObjectValue, path: string): boolean => !empty(valuesOf(values, path));
  const found = [
    ...forceNew.filter(
      (path) =>
        !sameAt(prior, state, path) && !isStep(prior, state, path, inPlace[path]) && !isExcused(state, rules.forceNewUnless?.[path]),
    ),
    ...Object.keys(forceNewFrom).filter((path) => isStep(prior, state, path, forceNewFrom[path])),
    ...forceNewShrinking.filter((path) => !grows(valuesOf(prior, path), valuesOf(state, path))),
    ...forceNewRemoved.filter((path) => isGiven(prior, path) && !isGiven(state, path)),
    ...forceNewBetween.flat().filter((path) => isGiven(prior, path) !== isGiven(state, path)),
  ];
  return [
    ...(kind.forceNew ?? []).filter((name) => (prior[name] ?? null) !== null && !sameAt(prior, state, name)),
    ...found.filter((path) => holds(prior, rules.forceNewWhere?.[path])),
  ];
}

/** Whether other attributes, as they are, fit the patterns under which a path replaces at all. */
function holds(prior: ObjectValue, where: Readonly<Record<string, string>> = {}): boolean {
  return Object.entries(where).every(([path, pattern]) => new RegExp(pattern, 'u').test(String(valuesOf(prior, path)[0] ?? '')));
}

function isExcused(state: ObjectValue, where: Readonly<Record<string, string>> | undefined): boolean {
  return where !== undefined && holds(state, where);
}

/** Whether an attribute changes from one value to another that are listed. */
function isStep(prior: ObjectValue, state: ObjectValue, path: string, steps: readonly (readonly [Scalar, Scalar])[] = []): boolean {
  const [before = null, after = null] = [valuesOf(prior, path)[0], valuesOf(state, path)[0]];
  return steps.some(([from, to]) => before === from && after === to);
}

/**
 * Whether what is there afterwards holds what was there before: a CIDR block the one before, a size (`10Gi`) or version (`7.1`) no less, a
 * list more elements where they differ. What is not known yet is taken to.
 */
function grows(before: readonly Value[], after: readonly Value[]): boolean {
  if (before.length === 0 || after.length === 0 || [...before, ...after].some((one) => one === null || isUnknown(one))) return true;
  if (before.length > 1 || after.length > 1 || isObject(before[0]))
    return after.length > before.length || before.every((one) => after.some((other) => sameValue(one, other)));
  const [inner, outer] = [blockOf(before[0]), blockOf(after[0])];
  if (inner !== undefined && outer !== undefined)
    return outer.bits <= inner.bits && Math.floor(inner.start / size(outer.bits)) === Math.floor(outer.start / size(outer.bits));
  const [less, more] = [quantityOf(before[0]), quantityOf(after[0])];
  if (less !== undefined && more !== undefined) return more >= less;
  const [older, newer] = [versionOf(before[0]), versionOf(after[0])];
  if (older === undefined || newer === undefined) return sameValue(before[0], after[0]) || quantityOf(before[0]) !== undefined;
  const at = older.findIndex((part, index) => (newer[index] ?? 0) !== part);
  return at < 0 || (newer[at] ?? 0) > (older[at] ?? 0);
}

const size = (bits: number): number => 2 ** (32 - bits);

function blockOf(value: Value | undefined): { readonly start: number; readonly bits: number } | undefined {
  const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/
    .exec(typeof value === 'string' ? value : '')
    ?.slice(1)
    .map(Number);
  return parts === undefined ? undefined : { start: parts.slice(0, 4).reduce((sum, part) => sum * 256 + part, 0), bits: parts[4] ?? 32 };
}

const units = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

/** A size as Kubernetes writes it, in bytes: `10Gi`, `5G`, `512Mi`; undefined for what has no unit. */
function quantityOf(value: Value | undefined): number | undefined {
  const [, number, unit = '', binary] = /^(\d+(?:\.\d+)?)([kKMGTPE])(i?)$/.exec(typeof value === 'string' ? value : '') ?? [];
  return number === undefined ? undefined : Number(number) * (binary === 'i' ? 1024 : 1000) ** units.indexOf(unit === 'K' ? 'k' : unit);
}

/** The numbers of a version: `7.1`, `6.x`, `5.0.6`. */
function versionOf(value: Value | undefined): number[] | undefined {
  const text = typeof value === 'string' ? value : '';
  return /^\d+(\.(\d+|x))*$/.test(text)
    ? text
        .split('.')
        .filter((part) => part !== 'x')
        .map(Number)
    : undefined;
}

function sameAt(left: ObjectValue, right: ObjectValue, path: string): boolean {
  const before = valuesOf(left, path);
  const after = valuesOf(right, path);
  return (
    (before.length === after.length && before.every((value, index) => sameValue(value, after[index]) && !isUnknown(after[index]))) ||
    (empty(before) && empty(after))
  );
}

/** Whether nothing is there: null, an empty list or map. */
function empty(values: readonly Value[]): boolean {
  return values.every(
    (value) => value === null || (isList(value) && value.length === 0) || (isObject(value) && Object.keys(value).length === 0),
  );
}
