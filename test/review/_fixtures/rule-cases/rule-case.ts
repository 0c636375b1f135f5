import type { JsonObject } from '../../../../terrace/base/json';

/** One resource as configured before and after the change; absent before is created, absent after deleted. */
export interface CaseChange {
  readonly type: string;
  readonly before?: JsonObject;
  readonly after?: JsonObject;
  /** Asked for by `-replace`. */
  readonly replace?: true;
}

/** A change at which a rule must speak, and one like it at which it must not. */
export interface RuleCase {
  readonly rule: string;
  readonly fires: CaseChange;
  readonly silent: CaseChange;
}

/** Name of the case's resource in a configuration. */
export function caseName(one: RuleCase, index: number, side: 'fires' | 'silent'): string {
  return `${one.rule.replaceAll('-', '_')}_${index}_${side}`;
}

/** A resource that is deleted, as one of the same kind is changed only. */
export function gone(type: string, values: JsonObject, change: JsonObject): Pick<RuleCase, 'fires' | 'silent'> {
  return { fires: { type, before: values }, silent: { type, before: values, after: { ...values, ...change } } };
}

/** The same resource with other values: the first change is one for the rule, the second is not. */
export function changed(
  type: string,
  common: JsonObject,
  fires: readonly [JsonObject, JsonObject],
  silent: readonly [JsonObject, JsonObject],
): Pick<RuleCase, 'fires' | 'silent'> {
  const of = ([before, after]: readonly [JsonObject, JsonObject]) => ({
    type,
    before: { ...common, ...before },
    after: { ...common, ...after },
  });
  return { fires: of(fires), silent: of(silent) };
}

/** A resource that is created; the second is created too and harmless. */
export function made(type: string, fires: JsonObject, silent: JsonObject): Pick<RuleCase, 'fires' | 'silent'> {
  return { fires: { type, after: fires }, silent: { type, after: silent } };
}
