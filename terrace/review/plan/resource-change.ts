import { createHash } from 'node:crypto';

import { pathText, type AttributeChange, type AttributeMark } from '../diff/attribute-change';
import { diffValues } from '../diff/value-diff';

import { actionOf, because } from './action';
import { withoutKeys, type Configured } from './configured';
import type { PlanResource } from '../../terraform/plan-json';
import type { ResourceChange } from './plan-model';
import { maskValue, type MaskOptions } from './mask-value';
import { isMap, isUnknown, type ShownValue, type ShownObject } from '../values/shown-value';

export interface ResourceContext {
  readonly unit: string;
  readonly configured: ReadonlyMap<string, Configured>;
  /** True for a reference to an output that was mocked. */
  mocked(reference: string): boolean;
  readonly mask: MaskOptions;
}

const noneConfigured: Configured = { references: new Map(), literals: new Set(), provisioners: [] };

/** Attributes that are tags or labels and nothing else. */
const tagNames = new Set(['tags', 'tags_all', 'labels', 'effective_labels', 'terraform_labels', 'resource_labels']);

/** 12 hexadecimal digits that name a resource of a unit in links. */
export function changeId(unit: string, address: string, deposed = ''): string {
  return createHash('sha256')
    .update(JSON.stringify([unit, address, deposed]))
    .digest('hex')
    .slice(0, 12);
}

/** `registry.terraform.io/hashicorp/aws` → `hashicorp/aws`. */
export function shortProvider(name: string): string {
  return name.replace(/^[^/]+\/(?=[^/]+\/[^/]+$)/, '');
}

export function shownObject(value: ShownValue | undefined): ShownObject | null {
  if (value === undefined || value === null) return null;
  return isMap(value) ? value : { value };
}

/** One resource of a plan: masked, compared, marked. */
export function resourceChange(resource: PlanResource, context: ResourceContext): ResourceChange {
  const { change } = resource;
  const before = shownObject(maskValue(change.before, change.before_sensitive, undefined, context.mask));
  const after = shownObject(
    change.after === null && !change.actions.includes('read')
      ? null
      : maskValue(change.after, change.after_sensitive, change.after_unknown, context.mask),
  );
  const action = actionOf(change.actions);
  const configured = context.configured.get(withoutKeys(resource.address)) ?? noneConfigured;
  const replacePaths = (change.replace_paths ?? []).map((path) =>
    pathText(path.map((step) => (typeof step === 'number' ? { index: step } : step))),
  );
  const { attributes, computed } = marked(
    action === 'none' ? [] : diffValues(before ?? undefined, after ?? undefined),
    configured,
    change.replace_paths ?? [],
    context,
  );
  const reason = because(resource.action_reason);
  return {
    id: changeId(context.unit, resource.address, resource.deposed),
    unit: context.unit,
    address: resource.address,
    type: resource.type,
    name: resource.name,
    mode: resource.mode,
    provider: shortProvider(resource.provider_name ?? ''),
    action,
    createFirst: action === 'replace' && change.actions[0] === 'create',
    ...(reason === undefined ? {} : { because: reason }),
    replacePaths,
    ...(resource.previous_address === undefined || resource.previous_address === resource.address
      ? {}
      : { movedFrom: resource.previous_address }),
    ...(change.importing === undefined ? {} : { imported: change.importing.id ?? '' }),
    ...(resource.deposed === undefined ? {} : { deposed: resource.deposed }),
    before,
    after,
    attributes,
    computed,
    noise:
      action === 'update' &&
      attributes.length > 0 &&
      attributes.every(({ path }) => tagNames.has(nameAt(path, 0)) || (nameAt(path, 0) === 'metadata' && nameAt(path, 2) === 'labels')),
    references: configured.references,
    literals: configured.literals,
    provisioners: configured.provisioners,
  };
}

function nameAt(path: AttributeChange['path'], position: number): string {
  const step = path[position];
  return typeof step === 'string' ? step : '';
}

/** Adds the marks that the configuration decides, and takes out what the provider alone will set. */
function marked(
  attributes: readonly AttributeChange[],
  configured: Configured,
  replacePaths: readonly (readonly (string | number)[])[],
  context: ResourceContext,
): { readonly attributes: readonly AttributeChange[]; readonly computed: number } {
  let computed = 0;
  const knowsConfiguration = configured.references.size > 0;
  const shown = attributes.flatMap((attribute): readonly AttributeChange[] => {
    const name = nameAt(attribute.path, 0);
    const replaces = replacePaths.some((path) =>
      path.every((step, position) => position >= attribute.path.length || matches(attribute.path[position], step)),
    );
    const references = configured.references.get(name);
    const isComputed = knowsConfiguration && references === undefined;
    if (isComputed && !replaces && isUnknown(attribute.after)) {
      computed++;
      return [];
    }
    const marks: readonly AttributeMark[] = [
      ...attribute.marks,
      ...(isComputed ? (['computed'] as const) : []),
      ...(references?.some((reference) => context.mocked(reference)) === true ? (['mocked'] as const) : []),
      ...(replaces ? (['replaces'] as const) : []),
    ];
    const from = attribute.marks.includes('unknown') && references !== undefined && references.length > 0 ? { from: references } : {};
    return [{ ...attribute, marks, ...from }];
  });
  return { attributes: shown, computed };
}

function matches(step: AttributeChange['path'][number] | undefined, wanted: string | number): boolean {
  return typeof step === 'object' ? step.index === wanted || typeof wanted === 'string' : step === wanted;
}
