import { canonicalText } from '../../base/canonical';
import { isObject, type Json } from '../../base/json';
import type { AppliedRecord } from '../../delivery/record/record';
import type { UnitModel } from '../../model/model';
import { defaultsOf } from '../../terraform/configuration';

/** What is known of the variables that a unit was applied with. */
export type GivenVariables = ReadonlyMap<string, Json>;

/** A resource's block in a configuration, and what the state holds of it. */
export interface Configured {
  readonly config: unknown;
  readonly value: unknown;
}

/** A unit, what is known of its apply, and the shell that its terraform would have. */
export interface AppliedUnit {
  readonly unit: UnitModel;
  readonly json: unknown;
  readonly env: NodeJS.ProcessEnv;
  readonly record: Pick<AppliedRecord, 'variables'> | undefined;
}

/**
 * Values of a unit's variables: what the state holds where the configuration has nothing but a reference to the variable, or a text around
 * it; else those of the shell (`TF_VAR_<name>`). An optional one is given where the record says so; where no record speaks of it, where the
 * state holds another value than the default, or the shell has one. Pure.
 */
export function givenVariables({ unit, json, env, record }: AppliedUnit, configured: readonly Configured[]): GivenVariables {
  const found = new Map<string, Json>();
  for (const { config, value } of configured) compare(config, value, found);
  const defaults = defaultsOf(json);
  const entries = unit.variables.flatMap(({ name, required }): readonly (readonly [string, Json])[] => {
    const own = env[`TF_VAR_${name}`];
    const held = found.get(name);
    const isOther = held !== undefined && canonicalText(held) !== canonicalText(defaults.get(name) ?? null);
    const isGiven = required || (record?.variables?.includes(name) ?? (isOther || (held === undefined && own !== undefined)));
    // What was applied counts: a shell may have been given another value since.
    const value = held ?? own;
    return value === undefined || !isGiven ? [] : [[name, value]];
  });
  return new Map(entries);
}

function compare(config: unknown, value: unknown, found: Map<string, Json>): void {
  if (typeof config === 'string') reference(config, value, found);
  else if (Array.isArray(config)) {
    const values = Array.isArray(value) ? value : [value];
    for (const [index, one] of config.entries()) compare(one, values[index], found);
  } else if (isObject(config)) {
    // A block that stands alone is an object in the configuration and a list of one in the state.
    const held: unknown = Array.isArray(value) ? value[0] : value;
    if (isObject(held)) for (const [name, one] of Object.entries(config)) compare(one, held[name], found);
  }
}

const whole = /^\$\{(?:(?:non)?sensitive\(|tostring\()?var\.([A-Za-z_][\w-]*)\)?\}$/;
const hole = /\$\{([^{}]*)\}/g;

function reference(config: string, value: unknown, found: Map<string, Json>): void {
  const alone = whole.exec(config)?.[1];
  if (alone !== undefined) {
    if (value !== undefined && value !== null && !found.has(alone)) found.set(alone, value as Json);
    return;
  }
  if (typeof value !== 'string' || !config.includes('${var.') || config.includes('%{')) return;
  const names: string[] = [];
  let pattern = '';
  let from = 0;
  for (const match of config.matchAll(hole)) {
    pattern += `${escaped(config.slice(from, match.index))}([\\s\\S]+?)`;
    names.push(/^var\.([A-Za-z_][\w-]*)$/.exec(match[1] ?? '')?.[1] ?? '');
    from = match.index + match[0].length;
  }
  const read = new RegExp(`^${pattern}${escaped(config.slice(from))}$`).exec(value);
  for (const [index, name] of names.entries()) {
    const part = read?.[index + 1];
    if (name !== '' && part !== undefined && !found.has(name)) found.set(name, part);
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
