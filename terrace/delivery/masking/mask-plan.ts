import { keyedDigest } from '../../base/canonical';
import type { Mask, PlanChange, PlanConfigModule, PlanJson, PlanResource } from '../../terraform/plan-json';
import { isObject, type Json } from '../../base/json';

import { maskedKey, maskedText, type MaskedValue } from './marker';
import { secretsOf, type Secrets } from './secrets';

export interface Masking {
  /** 32 random bytes, one key per unit and plan. */
  readonly key: Uint8Array;
  /** Values that are secret though nothing in the plan says so: sensitive outputs of upstreams. @default none */
  readonly further?: readonly Json[];
  /** Texts that the unit's files hold for everybody to read: hidden where they are marked, and nowhere else. @default none */
  readonly open?: ReadonlySet<string>;
}

/**
 * The plan without anything sensitive: what a review, `bundle show` and `status` may read. Each sensitive value is replaced by a marker with
 * a keyed digest, also where it stands unmarked elsewhere. Of `prior_state` only the version is kept, `planned_values` is left out:
 * all they add to the changes is what data sources read.
 */
export function maskPlan(plan: PlanJson, masking: Masking): Json {
  const secrets = secretsOf(plan, masking.further, masking.open);
  const write: Writer = { secrets, key: masking.key };
  const { prior_state: prior, planned_values: _planned, variables, resource_changes, resource_drift, output_changes, ...rest } = plan;
  const declared = plan.configuration?.root_module?.variables ?? {};
  return {
    ...(hide(withoutDefaults(rest), write) as { readonly [key: string]: Json }),
    ...(prior?.terraform_version === undefined ? {} : { prior_state: { terraform_version: prior.terraform_version } }),
    ...(variables === undefined
      ? {}
      : {
          variables: mapValues(
            variables,
            (variable, name) => masked(variable.value ?? null, declared[name]?.sensitive === true, write),
            'value',
          ),
        }),
    ...(resource_changes === undefined ? {} : { resource_changes: resource_changes.map((resource) => maskResource(resource, write)) }),
    ...(resource_drift === undefined ? {} : { resource_drift: resource_drift.map((resource) => maskResource(resource, write)) }),
    ...(output_changes === undefined
      ? {}
      : {
          output_changes: Object.fromEntries(
            Object.entries(output_changes).map(([name, change]) => [hideText(name, write), maskChange(change, write)]),
          ),
        }),
  };
}

/** The rest of a plan without the defaults of sensitive variables, which may be too short to be looked for. */
function withoutDefaults(rest: Partial<PlanJson>): Partial<PlanJson> {
  const { configuration } = rest;
  const root = configuration?.root_module;
  return root === undefined ? rest : { ...rest, configuration: { ...configuration, root_module: withoutDefaultsIn(root) } };
}

function withoutDefaultsIn(module: PlanConfigModule): PlanConfigModule {
  const { variables, module_calls: calls } = module;
  type Variable = NonNullable<typeof variables>[string];
  const shown = ({ default: value, ...others }: Variable): Variable =>
    others.sensitive === true || value === undefined ? others : { ...others, default: value };
  return {
    ...module,
    ...(variables === undefined ? {} : { variables: mapEntries(variables, shown) }),
    ...(calls === undefined
      ? {}
      : {
          module_calls: mapEntries(calls, (call) =>
            call.module === undefined ? call : { ...call, module: withoutDefaultsIn(call.module) },
          ),
        }),
  };
}

function mapEntries<T>(values: { readonly [name: string]: T }, map: (value: T) => T): { readonly [name: string]: T } {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}

interface Writer {
  readonly secrets: Secrets;
  readonly key: Uint8Array;
}

function maskResource(resource: PlanResource, write: Writer): Json {
  const { change, ...rest } = resource;
  return { ...(hide(rest, write) as { readonly [key: string]: Json }), change: maskChange(change, write) };
}

function maskChange(change: PlanChange, write: Writer): Json {
  const { before, after, after_unknown, before_sensitive, after_sensitive, ...rest } = change;
  return {
    ...(hide(rest, write) as { readonly [key: string]: Json }),
    ...(before === undefined ? {} : { before: masked(before, before_sensitive, write) }),
    ...(after === undefined ? {} : { after: masked(after, after_sensitive, write) }),
    // A mask's keys are the value's, so a secret key stands in both and must be written alike.
    ...(after_unknown === undefined ? {} : { after_unknown: hide(after_unknown, write) }),
    ...(before_sensitive === undefined ? {} : { before_sensitive: hide(before_sensitive, write) }),
    ...(after_sensitive === undefined ? {} : { after_sensitive: hide(after_sensitive, write) }),
  };
}

/** The value with everything that the mask covers replaced; a mask of another shape than the value covers it whole. */
function masked(value: Json, mask: Mask | undefined, write: Writer): Json {
  if (mask === true) return value === null ? null : marker(value, write);
  if (mask === undefined || mask === false || value === null) return hide(value, write);
  if (Array.isArray(mask)) {
    if (!Array.isArray(value) || mask.length > value.length) return covers(mask) ? marker(value, write) : hide(value, write);
    return value.map((item: Json, index) => masked(item, mask[index], write));
  }
  if (!isObject(value)) return covers(mask) ? marker(value, write) : hide(value, write);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      keyText(key, write),
      masked(item, Object.hasOwn(mask, key) ? (Reflect.get(mask, key) as Mask) : undefined, write),
    ]),
  );
}

function covers(mask: Mask): boolean {
  return typeof mask === 'boolean' ? mask : (Array.isArray(mask) ? mask : Object.values(mask)).some(covers);
}

function hide(value: unknown, write: Writer): Json {
  if (typeof value === 'number') return String(value).length >= 5 && write.secrets.has(String(value)) ? marker(value, write) : value;
  if (typeof value === 'string') return write.secrets.has(value) ? marker(value, write) : hideText(value, write);
  if (Array.isArray(value)) return value.map((item) => hide(item, write));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [keyText(key, write), hide(item, write)]));
  return value as null | boolean;
}

function hideText(text: string, write: Writer): string {
  return write.secrets.without(text, maskedText);
}

function keyText(key: string, write: Writer): string {
  return key.startsWith(maskedKey) ? `${key}'` : hideText(key, write);
}

function marker(value: Json, write: Writer): { readonly [key: string]: Json } {
  const masked: MaskedValue = { [maskedKey]: keyedDigest(write.key, value).slice(0, 32) };
  return { ...masked };
}

function mapValues<T>(values: { readonly [name: string]: T }, map: (value: T, name: string) => Json, key: string): Json {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { [key]: map(value, name) }]));
}
