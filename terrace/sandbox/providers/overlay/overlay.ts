import type { Attribute, FunctionSignature } from '../schema/schema';

/** What bindings do not tell about a provider, for the types that matter; data files beside this one. */
export interface ProviderOverlay {
  readonly provider: string;
  /** Version of the provider that the entries were read for. */
  readonly version: string;
  readonly resources: Readonly<Record<string, TypeOverlay>>;
  readonly dataSources?: Readonly<Record<string, DataOverlay>>;
  /** Functions of the provider; bindings have no trace of them. */
  readonly functions?: Readonly<Record<string, FunctionSignature>>;
  /** Attributes of its ephemeral resources; bindings have no trace of them either. */
  readonly ephemeral?: Readonly<Record<string, Readonly<Record<string, Attribute>>>>;
}

/** Rules and values of one resource type. Paths are dotted and without indices. */
export interface TypeOverlay {
  /** Where the entry was read. */
  readonly source: string;
  /** Template of `id` (values/template.ts), filled at apply. */
  readonly id?: string;
  /** Templates or literals of computed attributes, unknown until apply. */
  readonly computed?: Readonly<Record<string, unknown>>;
  /** What the provider plans where nothing is configured. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** Blocks that the provider fills in where nothing is configured, with what `computed` says of their attributes; `a.b` is a block in a block. */
  readonly filled?: readonly string[];
  /** A change of these replaces the resource. */
  readonly forceNew?: readonly string[];
  /** Groups of attributes of which one is set: another value is a change in place, another attribute replaces the resource. */
  readonly forceNewBetween?: readonly (readonly string[])[];
  /** Changes from one value to another that are made in place although the attribute replaces: `{ "instance_tenancy": [["dedicated", "default"]] }`. */
  readonly inPlace?: Readonly<Record<string, readonly (readonly [string | null, string | null])[]>>;
  /** Changes from one value to another that replace although the attribute is changed in place. */
  readonly forceNewFrom?: Readonly<Record<string, readonly (readonly [string | boolean, string | boolean])[]>>;
  /**
   * What may grow in place, and replaces where it shrinks: a CIDR block that does not hold the one before, a smaller size (`5Gi` after `10Gi`), an
   * older version, a list that changes without getting longer.
   */
  readonly forceNewShrinking?: readonly string[];
  /** Blocks and attributes whose removal replaces, although they are added and changed in place. */
  readonly forceNewRemoved?: readonly string[];
  /** Path of any rule above → attributes and the patterns that they must fit for it to hold: `{ "subnets": { "load_balancer_type": "^network$" } }`. */
  readonly forceNewWhere?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Path of `forceNew` → attributes and the patterns of their planned values under which it is changed in place all the same. */
  readonly forceNewUnless?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Attribute → attributes that must be set where it is. */
  readonly requiredWith?: Readonly<Record<string, readonly string[]>>;
  readonly sensitive?: readonly string[];
  /** Allowed values. */
  readonly oneOf?: Readonly<Record<string, readonly (string | number)[]>>;
  /** Regular expression and what it asks for. */
  readonly format?: Readonly<Record<string, { readonly pattern: string; readonly message: string }>>;
  /** Least and greatest number; null where there is no end. */
  readonly range?: Readonly<Record<string, readonly [number | null, number | null]>>;
  /** Attributes of which at most one may be set. */
  readonly conflicts?: readonly (readonly string[])[];
  /** Attributes of which one must be set. */
  readonly atLeastOne?: readonly (readonly string[])[];
  /**
   * Attribute → type whose id (or the attribute named after a colon) it must be: `aws_vpc`, `aws_iam_role:arn`, several with `|` between them.
   * Types that differ by a word such as `external` or `replica` may stand in its place (engine/family.ts).
   */
  readonly references?: Readonly<Record<string, string>>;
  readonly unique?: readonly Unique[];
  /** Types that must be gone before this one is deleted, with the attribute that points here: `aws_subnet.vpc_id`. */
  readonly blockedBy?: readonly string[];
  /** Attributes that may serve as import id besides `id`, `arn` and `name`. */
  readonly importBy?: readonly string[];
  /** What the real provider does where it does not create: a setting of another resource may exist once only. */
  readonly exclusiveId?: boolean;
  /** Resources that come with this one and go with it. */
  readonly children?: readonly OverlayChild[];
}

/** A resource that comes with another one. */
export interface OverlayChild {
  readonly type: string;
  /** Dotted path of the parent's attribute that names it. */
  readonly named: string;
  /** What of the child that attribute holds: its id where absent. */
  readonly holds?: 'arn' | 'name';
  /** Templates over the parent's attributes and `child`, the value that names it. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** What the simulation remembers of it: `main`, `default`. */
  readonly hidden?: Readonly<Record<string, unknown>>;
}

export interface Unique {
  readonly by: readonly string[];
  /** How far the name reaches; `scope` is the account and region, or the whole provider where there are none. */
  readonly within: 'global' | 'account' | 'scope';
  /** The refusal, as the real service words it; a template. */
  readonly error: string;
}

export interface DataOverlay {
  readonly source: string;
  /** Templates or literals of what the data source answers, over what it finds; with `assumed`, where it finds nothing. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** Paths that terraform hides. */
  readonly sensitive?: readonly string[];
  /** The resource type it finds, where the names differ; null when it finds none and only answers `values`. */
  readonly finds?: string | null;
  /** The resource type it lists, where its name is not the plural of it; several with `|` between them. */
  readonly lists?: string;
  /** Argument or listed attribute → attribute of the resource, where the names do not tell; '' for a list that stays empty. */
  readonly selects?: Readonly<Record<string, string>>;
  /** Arguments that say how to look, not what to look for. */
  readonly ignores?: readonly string[];
  /** A mark that keeps a resource out of a list that is not filtered: what came with another resource. */
  readonly leavesOut?: string;
  /** Takes the latest of several matches, as the service does where no version is asked for. */
  readonly latest?: boolean;
  /** Answer with made-up values instead of an error where nothing was found. */
  readonly assumed?: boolean;
}
