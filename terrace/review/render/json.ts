import { jsonText } from '../../base/visible';
import { pathText, type AttributeChange } from '../diff/attribute-change';
import type { ResourceChange } from '../plan/plan-model';
import { isList, isMap, isSensitive, isUnknown, type ShownValue } from '../values/shown-value';
import type { Review } from '../model/review';

/** A value for machines: what it is, and the value where it may be seen. Marks further inside are words. */
type JsonValue =
  | { readonly kind: 'known'; readonly value: unknown }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'sensitive' }
  | { readonly kind: 'absent' };

function inner(value: ShownValue): unknown {
  if (isSensitive(value)) return '(sensitive)';
  if (isUnknown(value)) return '(known after apply)';
  if (isList(value)) return value.map(inner);
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inner(item)]));
  return value;
}

function jsonValue(value: ShownValue | undefined): JsonValue {
  if (value === undefined) return { kind: 'absent' };
  if (isSensitive(value)) return { kind: 'sensitive' };
  if (isUnknown(value)) return { kind: 'unknown' };
  return { kind: 'known', value: inner(value) };
}

function jsonAttribute(change: AttributeChange): unknown {
  return {
    path: pathText(change.path),
    kind: change.kind,
    before: jsonValue(change.before),
    after: jsonValue(change.after),
    marks: change.marks,
    ...(change.from === undefined ? {} : { from: change.from }),
    ...(change.document === undefined ? {} : { document: change.document.map(jsonAttribute) }),
  };
}

function jsonChange(change: ResourceChange): unknown {
  const {
    id,
    unit,
    address,
    type,
    mode,
    provider,
    action,
    createFirst,
    because,
    replacePaths,
    movedFrom,
    imported,
    deposed,
    computed,
    noise,
    attributes,
  } = change;
  return {
    id,
    unit,
    address,
    type,
    mode,
    provider,
    action,
    createFirst,
    because,
    replacePaths,
    movedFrom,
    imported,
    deposed,
    computed,
    noise,
    attributes: attributes.map(jsonAttribute),
  };
}

/** The review for machines, version 1. The form is in docs/review.md. */
export function renderJson(review: Review): string {
  const { version, bundle, places, commit, next, counts, units, findings, groups, reverse, policies, costs } = review;
  const value = {
    version,
    bundle,
    places,
    commit,
    next,
    counts,
    units: units.map((unit) => ({
      path: unit.path,
      status: unit.status,
      reason: unit.reason,
      source: unit.source === undefined ? undefined : { how: unit.source.how, changes: unit.source.changes.map(jsonChange) },
      destroys: unit.destroys,
      step: unit.step,
      after: unit.after,
      counts: unit.counts,
      changes: unit.changes.map(jsonChange),
      outputs: unit.outputs.map(({ name, action, change, consumers }) => ({ name, action, consumers, change: jsonAttribute(change) })),
      drift: unit.drift.map(({ address, type, action, relevant, attributes }) => ({
        address,
        type,
        action,
        relevant,
        attributes: attributes.map(jsonAttribute),
      })),
      mocks: unit.mocks,
    })),
    findings,
    groups: groups.map(({ id, members, findings: own }) => ({ id, members, findings: own.map((finding) => finding.id) })),
    reverse,
    policies,
    costs,
  };
  return `${jsonText(value, 2)}\n`;
}
