import type { Finding } from '../findings/finding';
import type { ChangeGroup } from '../model/review';

/** Where a finding was seen. */
export interface FindingPlace {
  readonly finding: Finding;
  readonly units: readonly string[];
  /** Id of the change's card. */
  readonly card?: string;
}

/** The findings of one rule and severity. */
export interface RuleGroup {
  readonly finding: Finding;
  readonly places: readonly FindingPlace[];
}

/** Findings of one rule and severity together, those of grouped changes once; in the order of the findings. */
export function findingsByRule(findings: readonly Finding[], groups: readonly ChangeGroup[]): readonly RuleGroup[] {
  const groupOf = new Map(groups.flatMap((group) => group.members.map(({ change }) => [change, group] as const)));
  const rules = new Map<string, Map<string, FindingPlace>>();
  for (const finding of findings) {
    const group = finding.change === undefined ? undefined : groupOf.get(finding.change);
    if (group !== undefined && finding.change !== group.id) continue;
    const places = rules.get(`${finding.severity} ${finding.rule}`) ?? new Map<string, FindingPlace>();
    rules.set(`${finding.severity} ${finding.rule}`, places);
    places.set(finding.id, {
      finding,
      units: group?.members.map(({ unit }) => unit) ?? (finding.unit === undefined ? [] : [finding.unit]),
      ...(group === undefined ? {} : { card: group.id }),
    });
  }
  return [...rules.values()].flatMap((places) => {
    const [first] = places.values();
    return first === undefined ? [] : [{ finding: first.finding, places: [...places.values()] }];
  });
}

/** Places with the same reason together, in their order. */
export function placesByReason(places: readonly FindingPlace[]): readonly (readonly [reason: string, places: readonly FindingPlace[]])[] {
  const reasons = new Map<string, FindingPlace[]>();
  for (const place of places) reasons.set(place.finding.reason, [...(reasons.get(place.finding.reason) ?? []), place]);
  return [...reasons];
}
