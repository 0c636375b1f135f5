import type { AttributeChange } from '../diff/attribute-change';

import type { ShownObject } from '../values/shown-value';

/** What happens to a resource. `forget` leaves it running and takes it out of the state; `none` is a move or an import only. */
export type Action = 'create' | 'update' | 'replace' | 'delete' | 'forget' | 'read' | 'none';

/** One resource's change, with nothing secret in it. */
export interface ResourceChange {
  /** 12 hexadecimal digits of unit and address (and deposed key): the same in every plan of this resource. */
  readonly id: string;
  /** Path of the unit. */
  readonly unit: string;
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly mode: 'managed' | 'data';
  /** `hashicorp/aws`. */
  readonly provider: string;
  readonly action: Action;
  /** Of a replacement: whether the new one exists before the old one goes. */
  readonly createFirst: boolean;
  /** Terraform's `action_reason` in words; undefined where it gives none. */
  readonly because?: string;
  /** Attributes that force the replacement, as paths. */
  readonly replacePaths: readonly string[];
  /** Where it stood before, when it moved. */
  readonly movedFrom?: string;
  /** Id it is imported by; empty where that is not known yet. */
  readonly imported?: string;
  /** Key of a deposed object, left over from an interrupted replacement. */
  readonly deposed?: string;
  /** Null before it is created. */
  readonly before: ShownObject | null;
  /** Null after it is gone. */
  readonly after: ShownObject | null;
  readonly attributes: readonly AttributeChange[];
  /** Number of attributes that the provider sets and that are known only after apply; not among `attributes`. */
  readonly computed: number;
  /** True where nothing but tags or labels differs. */
  readonly noise: boolean;
  /** Argument → what it refers to. */
  readonly references: ReadonlyMap<string, readonly string[]>;
  /** Arguments that are configured without a reference. */
  readonly literals: ReadonlySet<string>;
  readonly provisioners: readonly string[];
}

/** A resource that differs from its state although nobody planned it: changed outside terraform. */
export interface Drift {
  readonly id: string;
  readonly unit: string;
  readonly address: string;
  readonly type: string;
  readonly action: 'changed' | 'gone';
  readonly attributes: readonly AttributeChange[];
  /** True where the plan reads one of the attributes that drifted. */
  readonly relevant: boolean;
}

export interface OutputChange {
  readonly unit: string;
  readonly name: string;
  readonly action: 'create' | 'update' | 'delete';
  readonly change: AttributeChange;
  /** Units that read it, sorted. */
  readonly consumers: readonly string[];
}

/** A mock that was used in place of an output which does not exist yet. */
export interface MockedOutput {
  readonly unit: string;
  readonly output: string;
  /** What the configuration refers to in its place: `local.terrace_mock_…`. */
  readonly reference: string;
}

/** One argument of a provider's block that is no literal. */
export interface ProviderArgument {
  /** `hashicorp/kubernetes`. */
  readonly provider: string;
  /** Dotted where it lies in a block: `kubernetes.token`. */
  readonly argument: string;
  readonly references: readonly string[];
}

/** What a plan says of one unit. */
export interface PlannedUnit {
  readonly path: string;
  readonly changes: readonly ResourceChange[];
  readonly drift: readonly Drift[];
  readonly outputs: readonly OutputChange[];
  readonly mocks: readonly MockedOutput[];
  /** Every configured resource, data source (by address without instance keys) and output (`output.<name>`), with what it refers to. */
  readonly uses: ReadonlyMap<string, readonly string[]>;
  /** Providers of the configuration: `hashicorp/aws` → version constraint. */
  readonly providers: ReadonlyMap<string, string>;
  /** Arguments of their blocks that refer to something, sorted by provider and name. */
  readonly providerArguments: readonly ProviderArgument[];
  /** True where terraform stopped half-way and the plan is not whole. */
  readonly errored: boolean;
}
