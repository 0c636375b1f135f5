import { failed, messageOf } from '../delivery/problems';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** A mask beside a value: `true` covers everything below it. */
export type Mask = boolean | readonly Mask[] | { readonly [key: string]: Mask };

export interface PlanChange {
  readonly actions: readonly string[];
  readonly before?: Json;
  readonly after?: Json;
  readonly after_unknown?: Mask;
  readonly before_sensitive?: Mask;
  readonly after_sensitive?: Mask;
  readonly importing?: { readonly id?: string };
}

export interface PlanResource {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly provider_name?: string;
  readonly change: PlanChange;
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

/** What `terraform show -json <plan>` prints, as far as the delivery decides by it (format 1.x). */
export interface PlanJson {
  readonly format_version: string;
  readonly terraform_version: string;
  readonly errored?: boolean;
  /** False where an apply would change neither resources nor state; absent before terraform 1.8. */
  readonly applyable?: boolean;
  readonly variables?: { readonly [name: string]: { readonly value?: Json } };
  readonly resource_changes?: readonly PlanResource[];
  readonly resource_drift?: readonly PlanResource[];
  readonly output_changes?: { readonly [name: string]: PlanChange };
  readonly planned_values?: PlanValues;
  readonly prior_state?: { readonly terraform_version?: string; readonly values?: PlanValues };
  readonly configuration?: {
    readonly root_module?: {
      readonly variables?: { readonly [name: string]: { readonly sensitive?: boolean } };
    };
  };
}

/** Reads the text of `terraform show -json <plan>`. Raises E6018 where it is none of format 1.x. */
export function parsePlanJson(text: string, unit: string): PlanJson {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw failed(
      'E6018',
      { place: unit, found: `terraform show printed no JSON: ${messageOf(cause)}`, todo: 'plan again; the log of the unit has more' },
      1,
      cause,
    );
  }
  if (!isPlanJson(value))
    throw failed('E6018', {
      place: unit,
      found: 'terraform show printed another format than 1.x',
      todo: 'use a terraform that this Terrace knows',
    });
  return value;
}

function isPlanJson(value: unknown): value is PlanJson {
  if (typeof value !== 'object' || value === null) return false;
  const version: unknown = Reflect.get(value, 'format_version');
  return typeof version === 'string' && version.startsWith('1.');
}

/** True for a JSON object that is no list. */
export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** All resources of a state's values, through every module. */
export function resourcesOf(module: StateModule | undefined): readonly StateResource[] {
  if (module === undefined) return [];
  return [...(module.resources ?? []), ...(module.child_modules ?? []).flatMap(resourcesOf)];
}
