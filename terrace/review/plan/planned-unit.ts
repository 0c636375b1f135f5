import { diffValues } from '../diff/value-diff';

import { configuredResources, providerArguments, usesIn } from './configured';
import type { PlanJson, PlanResource } from '../../terraform/plan-json';
import type { Drift, MockedOutput, OutputChange, PlannedUnit } from './plan-model';
import { changeId, resourceChange, shownObject, shortProvider, type ResourceContext } from './resource-change';
import { maskValue, type ReadMarker, type MaskOptions } from './mask-value';
import { Secrets } from './secrets';
import type { ShownValue } from '../values/shown-value';

export interface UnitPlanSource {
  readonly path: string;
  readonly plan: PlanJson;
  /** @default none */
  readonly mocks?: readonly MockedOutput[];
  /** Units that read an output of this one. @default none */
  consumersOf?(output: string): readonly string[];
  /** How sensitive values are written in a masked plan. @default the plan is not masked */
  readonly readMarker?: ReadMarker;
}

/** What one unit's plan says, masked: no value that terraform calls sensitive is in it, nor any text that contains one. */
export function plannedUnit(source: UnitPlanSource): PlannedUnit {
  const { plan, mocks = [] } = source;
  const options: MaskOptions = {
    secrets: new Secrets(plan, source.readMarker),
    ...(source.readMarker === undefined ? {} : { readMarker: source.readMarker }),
  };
  const mockedReferences = mocks.map((mock) => mock.reference);
  const configured = configuredResources(plan);
  const context: ResourceContext = {
    unit: source.path,
    configured,
    mocked: (reference) =>
      mockedReferences.some((mock) => reference === mock || reference.startsWith(`${mock}.`) || reference.startsWith(`${mock}[`)),
    mask: options,
  };
  const changes = (plan.resource_changes ?? []).map((resource) => resourceChange(resource, context));
  return {
    path: source.path,
    changes: changes
      .filter((change) => change.action !== 'none' || change.movedFrom !== undefined || change.imported !== undefined)
      .sort((a, b) => (a.address < b.address ? -1 : 1)),
    drift: (plan.resource_drift ?? []).flatMap((resource) => drift(resource, plan, source.path, options)),
    outputs: outputs(source, options),
    mocks,
    uses: usesIn(plan, configured),
    providers: new Map(
      Object.values(plan.configuration?.provider_config ?? {}).map((provider) => [
        shortProvider(provider.full_name ?? ''),
        provider.version_constraint ?? '',
      ]),
    ),
    providerArguments: providerArguments(plan, shortProvider),
    errored: plan.errored === true,
  };
}

function drift(resource: PlanResource, plan: PlanJson, unit: string, options: MaskOptions): readonly Drift[] {
  const { change } = resource;
  const before = shownObject(maskValue(change.before, change.before_sensitive, undefined, options));
  const after = shownObject(maskValue(change.after, change.after_sensitive, undefined, options));
  const attributes = diffValues(before ?? undefined, after ?? undefined);
  const gone = change.actions.includes('delete');
  // A moved resource is listed as drift with no difference.
  if (!gone && attributes.length === 0) return [];
  const names = new Set(attributes.map(({ path }) => (typeof path[0] === 'string' ? path[0] : '')));
  const relevant = (plan.relevant_attributes ?? []).some(
    (entry) => entry.resource === resource.address && (entry.attribute.length === 0 || names.has(String(entry.attribute[0]))),
  );
  return [
    {
      id: changeId(unit, resource.address, 'drift'),
      unit,
      address: resource.address,
      type: resource.type,
      action: gone ? 'gone' : 'changed',
      attributes: gone ? [] : attributes,
      relevant,
    },
  ];
}

function outputs(source: UnitPlanSource, options: MaskOptions): readonly OutputChange[] {
  return Object.entries(source.plan.output_changes ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, change]) => {
      const action = (['create', 'update', 'delete'] as const).find((word) => change.actions.includes(word));
      if (action === undefined) return [];
      const before = maskValue(change.before, change.before_sensitive, undefined, options);
      const after = maskValue(change.after, change.after_sensitive, change.after_unknown, options);
      const consumers = source.consumersOf?.(name) ?? [];
      return wrapped(name, before, after).map((attribute) => ({ unit: source.path, name, action, change: attribute, consumers }));
    });
}

/** An output's difference as one attribute: leaves of a structured output are folded into a document. */
function wrapped(name: string, before: ShownValue | undefined, after: ShownValue | undefined): readonly OutputChange['change'][] {
  const found = diffValues({ value: before ?? null }, { value: after ?? null });
  const only = found[0];
  if (only === undefined) return [];
  if (found.length === 1 && only.path.length === 1) return [{ ...only, path: [name] }];
  const kind = before === undefined || before === null ? 'added' : after === undefined || after === null ? 'removed' : 'changed';
  return [
    {
      path: [name],
      kind,
      marks: [...new Set(found.flatMap((attribute) => attribute.marks))],
      document: found.map((attribute) => ({ ...attribute, path: attribute.path.slice(1) })),
    },
  ];
}
