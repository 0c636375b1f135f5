import { TerraceError } from '../base/errors';
import { isObject, type Json, type JsonObject } from '../base/json';
import { messageOf } from '../base/message';

/** A mask beside a value: `true` covers everything below it. */
export type Mask = boolean | readonly Mask[] | { readonly [key: string]: Mask };

/** One `change` of terraform's plan JSON: a resource's or an output's. */
export interface PlanChange {
  readonly actions: readonly string[];
  readonly before?: Json;
  readonly after?: Json;
  readonly after_unknown?: Mask;
  readonly before_sensitive?: Mask;
  readonly after_sensitive?: Mask;
  readonly replace_paths?: readonly (readonly (string | number)[])[];
  readonly importing?: { readonly id?: string; readonly unknown?: boolean };
}

export interface PlanResource {
  readonly address: string;
  readonly previous_address?: string;
  readonly module_address?: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
  readonly deposed?: string;
  readonly provider_name?: string;
  readonly change: PlanChange;
  readonly action_reason?: string;
}

/** An argument as it is configured: what it refers to, or nested blocks of the same. */
export interface PlanExpression {
  readonly references?: readonly string[];
  readonly constant_value?: Json;
  readonly [block: string]: unknown;
}

export interface PlanConfigResource {
  readonly address: string;
  readonly type: string;
  readonly expressions?: { readonly [argument: string]: PlanExpression | readonly PlanExpression[] };
  readonly provisioners?: readonly { readonly type: string }[];
}

export interface PlanConfigModule {
  readonly resources?: readonly PlanConfigResource[];
  readonly module_calls?: { readonly [name: string]: { readonly module?: PlanConfigModule } };
  readonly variables?: { readonly [name: string]: { readonly sensitive?: boolean; readonly default?: Json } };
  readonly outputs?: { readonly [name: string]: { readonly expression?: PlanExpression } };
}

export interface StateResource {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly values?: JsonObject;
  readonly sensitive_values?: Mask;
}

export interface StateModule {
  readonly resources?: readonly StateResource[];
  readonly child_modules?: readonly StateModule[];
}

export interface PlanOutput {
  readonly sensitive?: boolean;
  readonly value?: Json;
}

interface PlanValues {
  readonly outputs?: { readonly [name: string]: PlanOutput };
  readonly root_module?: StateModule;
}

/** What `terraform show -json <plan>` prints, as far as Terrace decides by it and shows it (format 1.x). */
export interface PlanJson {
  readonly format_version: string;
  readonly terraform_version?: string;
  readonly errored?: boolean;
  /** False where an apply would change neither resources nor state; absent before terraform 1.8. */
  readonly applyable?: boolean;
  readonly variables?: { readonly [name: string]: { readonly value?: Json } };
  readonly resource_changes?: readonly PlanResource[];
  readonly resource_drift?: readonly PlanResource[];
  readonly output_changes?: { readonly [name: string]: PlanChange };
  readonly planned_values?: PlanValues;
  readonly prior_state?: { readonly terraform_version?: string; readonly values?: PlanValues };
  readonly relevant_attributes?: readonly { readonly resource: string; readonly attribute: readonly (string | number)[] }[];
  readonly configuration?: {
    readonly provider_config?: { readonly [key: string]: PlanConfigProvider };
    readonly root_module?: PlanConfigModule;
  };
}

/** A provider's block as it is configured. */
export interface PlanConfigProvider {
  readonly full_name?: string;
  readonly version_constraint?: string;
  readonly expressions?: { readonly [argument: string]: unknown };
}

/** True for what has the shape of a resource of terraform's plan JSON. */
function isPlanResource(value: unknown): value is PlanResource {
  return (
    isObject(value) &&
    typeof value['address'] === 'string' &&
    typeof value['type'] === 'string' &&
    isObject(value['change']) &&
    Array.isArray(value['change']['actions']) &&
    value['change']['actions'].every((action) => typeof action === 'string')
  );
}

function isPlan(value: unknown): value is PlanJson {
  return isObject(value) && typeof value['format_version'] === 'string' && value['format_version'].startsWith('1.');
}

/**
 * Reads the text of `terraform show -json <plan>`, or its masked form.
 * Raises E7001 where it is no JSON, of another major format, or holds an entry that is not a resource change.
 */
export function parsePlan(text: string, place: string): PlanJson {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable(place, messageOf(cause), cause);
  }
  if (!isPlan(value)) throw unreadable(place, 'no `format_version` 1.x at its top');
  for (const list of ['resource_changes', 'resource_drift'] as const) {
    const wrong = (value[list] ?? []).findIndex((entry: unknown) => !isPlanResource(entry));
    if (wrong >= 0) throw unreadable(place, `${list}[${wrong}] is not a resource change`);
  }
  return value;
}

function unreadable(place: string, found: string, cause?: unknown): TerraceError {
  return new TerraceError(
    {
      code: 'E7001',
      title: 'unreadable plan',
      place,
      found,
      expected: 'the JSON of `terraform show -json <plan>`, format 1.x',
      todo: 'plan the unit again',
    },
    undefined,
    { cause },
  );
}

/** All resources of a state's values, through every module. */
export function resourcesOf(module: StateModule | undefined): readonly StateResource[] {
  if (module === undefined) return [];
  return [...(module.resources ?? []), ...(module.child_modules ?? []).flatMap(resourcesOf)];
}
