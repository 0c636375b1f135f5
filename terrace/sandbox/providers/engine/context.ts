import type { CloudStores } from '../../storage/stores';
import type { Cloud } from '../cloud/cloud';
import type { CloudRecord } from '../cloud/record';
import type { EventLog } from '../cloud/event-log';
import type { Faults } from '../cloud/faults';
import type { ProviderOverlay } from '../overlay/overlay';
import type { ObjectValue, Value } from '../protocol/value';
import type { ServedCatalogue } from '../schema/served-catalogue';
import type { Attribute, Block, Schema } from '../schema/schema';
import type { RandomStream } from '../values/random-stream';

/** What a configured connection knows; every provider alias and every terraform process has its own. */
export interface Settings {
  /** Folder of its resources under the provider's: `123456789012/eu-central-1`, or `-`. */
  readonly scope: string;
  /** What templates may name: `region`, `account`, … */
  readonly values: Readonly<Record<string, string>>;
  readonly defaultTags: Readonly<Record<string, string>>;
  /** The process that opened the connection, for providers that work in its place (programs, requests). */
  readonly caller?: Caller;
}

/** The process at the other end of the connection, as far as it can be known. */
export interface Caller {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Its working directory; undefined where it is not known. */
  readonly directory?: string;
  /** Its program and arguments; undefined where they are not known. */
  readonly command?: readonly string[];
  /** Tells it from every other process; undefined where it is not known. */
  readonly process?: string;
  /** False where the operating system does not tell. */
  readonly known: boolean;
}

/** What one resource operation works with. */
export interface ResourceCall {
  readonly provider: ProviderContext;
  readonly type: string;
  readonly schema: Schema;
  readonly settings: Settings;
  /** Settings of the connection, before an attribute such as `region` changed them. */
  readonly base: Settings;
}

/** A resource type that needs more than its schema and overlay. Every function may refuse by throwing a Refusal. */
export interface ResourceBehaviour {
  /** Adjusts the planned state; `config` has nulls where nothing is configured. */
  readonly plan?: (call: ResourceCall, planned: ObjectValue, config: ObjectValue, prior: ObjectValue | null) => ObjectValue;
  /** Values of computed attributes that only this type can make; the rest is filled in as usual. */
  readonly create?: (
    call: ResourceCall,
    planned: ObjectValue,
    random: RandomStream,
    config: ObjectValue,
  ) => ObjectValue | Promise<ObjectValue>;
  readonly update?: (
    call: ResourceCall,
    planned: ObjectValue,
    prior: ObjectValue,
    config: ObjectValue,
  ) => ObjectValue | Promise<ObjectValue>;
  readonly remove?: (call: ResourceCall, state: ObjectValue) => void | Promise<void>;
  /** The state as it is now; null when it is gone. */
  readonly read?: (call: ResourceCall, state: ObjectValue) => ObjectValue | null;
  /** Resources that come with it and go with it, where no attribute names them. */
  readonly brings?: (call: ResourceCall, state: ObjectValue) => readonly Brought[];
  /** The state of an import id, for things that exist without a file in the cloud folder; null when there is none. */
  readonly importState?: (call: ResourceCall, id: string) => ObjectValue | null;
}

/** A resource that comes with another one, as its type makes it. */
export interface Brought {
  readonly type: string;
  readonly id: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly hidden?: Readonly<Record<string, unknown>> | undefined;
  /** Where it lives; where its parent lives when absent. */
  readonly scope?: string;
}

/** A resource that comes with another one, is found by data sources, and goes with it. */
export interface Born {
  /** Dotted path of the attribute that names it, without indices. */
  readonly path: RegExp;
  readonly type: string;
  /** Types whose attribute it is; any where absent. */
  readonly of?: RegExp;
  /** What of the child the attribute holds: its id where absent. */
  readonly holds?: 'arn' | 'name';
  /** Template of that value; the form of the child's id where absent. */
  readonly form?: string;
  /** Templates over the parent's attributes and `child`, the value that names it. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** What the simulation remembers of it. */
  readonly hidden?: Readonly<Record<string, unknown>>;
}

export type DataBehaviour = (call: ResourceCall, config: ObjectValue) => ObjectValue | Promise<ObjectValue>;

/** What makes one provider different from another. */
export interface ProviderKind {
  /** Checks the provider block and gives what its connection knows; throws a Refusal. */
  configure(config: ObjectValue, caller: Caller): Settings;
  /** Settings of one resource, where an attribute such as `region` changes them. */
  settingsOf?(settings: Settings, attributes: ObjectValue, schema: Schema): Settings;
  /** A computed value that this provider knows at plan time for many types. */
  predict?(path: string, attribute: Attribute, attributes: ObjectValue, settings: Settings): Value | undefined;
  /** Makes what an account holds before anybody makes anything there, where it is not there yet and a type of it is asked for. */
  furnish?(provider: ProviderContext, settings: Settings, type: string): void;
  /** What an argument of a data source selects, where it is not an attribute of the resource; undefined where it is nothing special. */
  selects?(type: string, argument: string, wanted: string): ((record: CloudRecord) => boolean) | undefined;
  /** What the cloud itself owns of a type, as records that are in no account's folder; some by the arguments that ask for them. */
  owned?(settings: Settings, type: string, config: ObjectValue): readonly Pick<CloudRecord, 'id' | 'values'>[];
  /** Whether the cloud itself owns a resource of this type and id or ARN: a managed policy, a key of a service. */
  owns?(type: string, id: string): boolean;
  /** Resources that others bring with them, by the computed attribute that names them. */
  readonly born?: readonly Born[];
  /** Top-level attributes whose change replaces every resource that has them. */
  readonly forceNew?: readonly string[];
  /** Names that may be left out are made unique, as the SDK of the provider does, where the type has no prefix for them. */
  readonly namesUnnamed?: true;
  /** What follows the prefix of a name that the provider makes; without it 26 characters, as most providers do. */
  nameSuffix?(prefix: string): string;
  /** Template of a computed attribute that this provider makes alike for many types, by name, type and what is known so far. */
  computed?(path: string, type: string, attributes: ObjectValue): unknown;
  /** The planned values with computed ones that follow from other resources that it names, such as the zone of its subnet. */
  placed?(call: ResourceCall, planned: ObjectValue): ObjectValue;
  /**
   * What records of a type have of another resource that they name, such as the VPC of their subnet, by the name of a data source's attribute or
   * filter; undefined where it is none such.
   */
  follows?(call: ResourceCall, block: Block, name: string): ((record: CloudRecord) => unknown) | undefined;
  /** Ids have a form of their own for each type, so that the general one is a guess. */
  readonly manyIdForms?: true;
  /** Template of the id of types without one in the overlay or in the table of forms. */
  idTemplate(type: string, schema: Schema): string;
  /** How the provider writes ids that it makes itself and that nobody describes, by their names. */
  readonly idOf?: (name: string, random: RandomStream) => string;
  /** The provider's resources exist in terraform's state alone (random, tls): nothing is kept in the cloud folder. */
  readonly stateOnly?: boolean;
  /** What an optional computed text is where the provider leaves it empty. */
  readonly emptyText: '' | null;
  /** Functions of the provider; arguments and result have the types of the overlay's signature. Refuses by throwing a Refusal. */
  readonly functions?: Readonly<Record<string, (...args: readonly Value[]) => Value>>;
  /** Ephemeral resources: what opening one answers. */
  readonly ephemeral?: Readonly<Record<string, DataBehaviour>>;
  readonly resources: Readonly<Record<string, ResourceBehaviour>>;
  readonly dataSources: Readonly<Record<string, DataBehaviour>>;
}

export interface ProviderContext {
  readonly name: string;
  readonly kind: ProviderKind;
  readonly schemas: ServedCatalogue;
  readonly overlay: ProviderOverlay;
  readonly cloud: Cloud;
  readonly events: EventLog;
  readonly faults: Faults;
  readonly stores: CloudStores | undefined;
  readonly sandboxId: string;
}
