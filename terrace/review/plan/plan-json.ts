import { TerraceError } from '../../base/errors';

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

/** A mask beside a value: `true` covers everything below. */
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
  readonly provider_name: string;
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
}

/** What `terraform show -json <plan>` prints, as far as a review reads it (format 1.x). */
export interface PlanJson {
  readonly format_version: string;
  readonly terraform_version?: string;
  readonly resource_changes?: readonly PlanResource[];
  readonly resource_drift?: readonly PlanResource[];
  readonly output_changes?: { readonly [name: string]: PlanChange };
  readonly relevant_attributes?: readonly { readonly resource: string; readonly attribute: readonly (string | number)[] }[];
  readonly configuration?: {
    readonly provider_config?: { readonly [key: string]: { readonly full_name?: string; readonly version_constraint?: string } };
    readonly root_module?: PlanConfigModule;
  };
  readonly errored?: boolean;
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
 * Reads the text of `terraform show -json` (or its redacted form).
 * Raises E7001 where it is no JSON, of another major format, or holds an entry that is no resource change.
 */
export function parsePlan(text: string, place: string): PlanJson {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable(place, cause instanceof Error ? cause.message : 'not JSON', cause);
  }
  if (!isPlan(value)) throw unreadable(place, 'no `format_version` 1.x at its top');
  for (const list of ['resource_changes', 'resource_drift'] as const) {
    const wrong = (value[list] ?? []).findIndex((entry: unknown) => !isPlanResource(entry));
    if (wrong >= 0) throw unreadable(place, `${list}[${wrong}] is no resource change`);
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
