import type { TypeOverlay } from '../overlay/overlay';
import { isObject, isUnknown, textOf, type ObjectValue, type Value } from '../protocol/value';
import type { Block } from '../schema/schema';
import { writeOnlyRules } from '../schema/write-only';
import { configuredComputed, valuesOf } from './paths';
import { Refusal } from './refusal';

/** Everything wrong with a configuration before anything is planned: attributes that only the provider sets, rules of the overlay and of write-only arguments. */
export function validateResource(block: Block, overlay: TypeOverlay | undefined, config: Value): Refusal[] {
  if (!isObject(config)) return [];
  const computed = configuredComputed(block, config).map(
    (path) =>
      new Refusal(
        'Invalid Configuration for Read-Only Attribute',
        `Cannot set value for this attribute as the provider has marked it as read-only. Remove the configuration line setting ${path}.`,
        path,
      ),
  );
  const derived = writeOnlyRules(block);
  const rules: TypeOverlay = {
    source: '',
    ...overlay,
    conflicts: [...derived.conflicts, ...(overlay?.conflicts ?? [])],
    requiredWith: { ...derived.requiredWith, ...overlay?.requiredWith },
  };
  return [...computed, ...[oneOf, format, range, conflicts, atLeastOne, requiredWith].flatMap((rule) => rule(rules, config))];
}

function oneOf(overlay: TypeOverlay, config: ObjectValue): Refusal[] {
  return Object.entries(overlay.oneOf ?? {}).flatMap(([path, allowed]) =>
    known(valuesOf(config, path))
      .filter((value) => !allowed.map(String).includes(String(value)))
      .map((value) => new Refusal(`expected ${path} to be one of ${JSON.stringify(allowed)}, got ${String(value)}`, '', path)),
  );
}

function format(overlay: TypeOverlay, config: ObjectValue): Refusal[] {
  return Object.entries(overlay.format ?? {}).flatMap(([path, { pattern, message }]) =>
    known(valuesOf(config, path))
      .filter((value) => !new RegExp(pattern, 'u').test(String(value)))
      .map((value) => new Refusal(`invalid value for ${path} (${message})`, `got ${JSON.stringify(textOf(value) ?? String(value))}`, path)),
  );
}

function range(overlay: TypeOverlay, config: ObjectValue): Refusal[] {
  return Object.entries(overlay.range ?? {}).flatMap(([path, [least, greatest]]) =>
    known(valuesOf(config, path))
      .filter((value) => Number(value) < (least ?? -Infinity) || Number(value) > (greatest ?? Infinity))
      .map((value) => {
        const wanted =
          least !== null && greatest !== null
            ? `in the range (${least} - ${greatest})`
            : `at ${least === null ? `most (${greatest})` : `least (${least})`}`;
        return new Refusal(`expected ${path} to be ${wanted}, got ${String(value)}`, '', path);
      }),
  );
}

/** A value that is not known yet may still turn out to be null, so it conflicts with nothing. */
function conflicts(overlay: TypeOverlay, config: ObjectValue): Refusal[] {
  return (overlay.conflicts ?? []).flatMap((group) => {
    const set = group.filter((path) => isSet(config, path) && !valuesOf(config, path).some(isUnknown));
    return set.length < 2
      ? []
      : [
          new Refusal(
            'Conflicting configuration arguments',
            set.map((path, index) => (index === 0 ? `"${path}": conflicts with` : path)).join(' '),
            set[0],
          ),
        ];
  });
}

function atLeastOne(overlay: TypeOverlay, config: ObjectValue): Refusal[] {
  return (overlay.atLeastOne ?? []).flatMap((group) =>
    group.some((path) => isSet(config, path))
      ? []
      : [new Refusal('Missing required argument', `one of \`${group.join(',')}\` must be specified`, group[0])],
  );
}

function requiredWith(overlay: TypeOverlay, config: ObjectValue): Refusal[] {
  return Object.entries(overlay.requiredWith ?? {}).flatMap(([path, others]) => {
    const missing = isSet(config, path) ? others.filter((other) => !isSet(config, other)) : [];
    return missing.length === 0
      ? []
      : [new Refusal('Missing required argument', `"${path}": all of \`${[path, ...others].sort().join(',')}\` must be specified`, path)];
  });
}

function isSet(config: ObjectValue, path: string): boolean {
  return valuesOf(config, path).some((value) => value !== null);
}

function known(values: readonly Value[]): Value[] {
  return values.filter((value) => value !== null && !isUnknown(value) && typeof value !== 'object');
}
