import type { ShownValue } from '../review/values/shown-value';

/** One resource change as a policy sees it: plain data, nothing sensitive. */
export interface PolicyChange {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly mode: 'managed' | 'data';
  /** `hashicorp/aws`. */
  readonly provider: string;
  readonly action: 'create' | 'update' | 'replace' | 'delete' | 'forget' | 'read' | 'none';
  /** Null before it is created. What is sensitive or not known yet is a mark (see `isKnown`). */
  readonly before: { readonly [attribute: string]: ShownValue } | null;
  /** Null after it is gone. */
  readonly after: { readonly [attribute: string]: ShownValue } | null;
  readonly provisioners: readonly string[];
}

export interface PolicyUnit {
  /** `<system>/<environment>/<region>/<layer>/<unit>`. */
  readonly path: string;
  readonly system: string;
  readonly environment: string;
  readonly region: string;
  readonly layer: string;
  readonly name: string;
  /** Every provider of its configuration, also those without a change. */
  readonly providers: readonly string[];
  /** Arguments of their blocks that refer to something: `{ provider: 'hashicorp/helm', argument: 'kubernetes.host', references: […] }`. */
  readonly providerArguments: readonly {
    readonly provider: string;
    readonly argument: string;
    readonly references: readonly string[];
  }[];
  readonly changes: readonly PolicyChange[];
}

/** What a policy judges: the plans of one bundle. */
export interface PolicyPlan {
  readonly units: readonly PolicyUnit[];
}

/** One thing that a policy refuses. */
export interface Violation {
  readonly message: string;
  readonly unit?: string;
  readonly address?: string;
}

/** A rule of the organisation; see policies/. A pure function: it sees the plan and nothing else. */
export interface Policy {
  /** Kebab case, unique. */
  readonly id: string;
  /** `deny` refuses the bundle, `warn` is only shown. */
  readonly severity: 'deny' | 'warn';
  /** Why the rule exists and what to do about a violation. */
  readonly explain: string;
  check(plan: PolicyPlan): readonly Violation[];
  /** Plans that the policy lets through, and plans that it must refuse, by what they show. Both are needed. */
  readonly test: {
    readonly holds: { readonly [name: string]: PolicyPlan };
    readonly refuses: { readonly [name: string]: PolicyPlan };
  };
}

/** Declares a policy; the default export of a file of policies/. */
export function policy(definition: Policy): Policy {
  return definition;
}

/** True for a value that is neither sensitive nor unknown before apply. */
export function isKnown(value: ShownValue | undefined): boolean {
  return value !== undefined && !(typeof value === 'object' && value !== null && 'terrace:mark' in value);
}

/** Every change that leaves a resource behind, with its unit. */
export function* written(
  plan: PolicyPlan,
): Generator<{ readonly unit: PolicyUnit; readonly change: PolicyChange; readonly after: { readonly [attribute: string]: ShownValue } }> {
  for (const unit of plan.units) {
    for (const change of unit.changes) {
      if (change.mode === 'managed' && change.after !== null && ['create', 'update', 'replace'].includes(change.action))
        yield { unit, change, after: change.after };
    }
  }
}

/** A plan of one change, for tests of policies. */
export function planWith(unit: string, address: string, after: PolicyChange['after'], more: Partial<PolicyChange> = {}): PolicyPlan {
  const [system = '', environment = '', region = '', layer = '', name = ''] = unit.split('/');
  const parts = address.replace(/^data\./, '').split('.');
  const change: PolicyChange = {
    address,
    type: parts[0] ?? '',
    name: parts[1] ?? '',
    mode: address.startsWith('data.') ? 'data' : 'managed',
    provider: `hashicorp/${(parts[0] ?? '').split('_')[0] ?? ''}`,
    action: 'create',
    before: null,
    after,
    provisioners: [],
    ...more,
  };
  const providers = [change.provider];
  return { units: [{ path: unit, system, environment, region, layer, name, providers, providerArguments: [], changes: [change] }] };
}
