import type { PlannedUnit } from '../plan/plan-model';
import type { SourceChange } from '../source/source-change';

import { rules } from './catalog';
import { rank, type Finding } from './finding';
import type { Observation, Rule } from './rule';

/** Where an observation was made. */
type Place = Pick<Finding, 'unit' | 'address' | 'change'>;

function finding(rule: Rule, observation: Observation, place: Place): Finding {
  return {
    id: `${rule.id}@${place.change ?? place.unit ?? 'source'}`,
    rule: rule.id,
    severity: observation.severity ?? rule.severity,
    title: rule.title,
    reason: observation.reason,
    explain: rule.explain,
    ...place,
    ...(observation.attribute === undefined ? {} : { attribute: observation.attribute }),
  };
}

/** Several of one rule at one place are numbered, so that every id is unique. */
function numbered(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Map<string, number>();
  return findings.map((one) => {
    const count = (seen.get(one.id) ?? 0) + 1;
    seen.set(one.id, count);
    return count === 1 ? one : { ...one, id: `${one.id}.${count}` };
  });
}

/** Everything in the plans and the repository that a person should decide about, the worst first, then by unit and address. */
export function findings(units: readonly PlannedUnit[], source?: SourceChange): readonly Finding[] {
  const found = rules.flatMap((rule): readonly Finding[] => {
    if (rule.scope === 'source')
      return source === undefined
        ? []
        : [...rule.check(source)].map((observation) =>
            finding(rule, observation, observation.unit === undefined ? {} : { unit: observation.unit }),
          );
    if (rule.scope === 'plan') return [...rule.check(units)].map((observation) => finding(rule, observation, {}));
    if (rule.scope === 'unit')
      return units.flatMap((unit) => [...rule.check(unit)].map((observation) => finding(rule, observation, { unit: unit.path })));
    return units.flatMap((unit) =>
      unit.changes.flatMap((change) =>
        [...rule.check(change, unit)].map((observation) =>
          finding(rule, observation, { unit: unit.path, address: change.address, change: change.id }),
        ),
      ),
    );
  });
  const key = (one: Finding): string => `${one.unit ?? ''} ${one.address ?? ''}`;
  return numbered(found).toSorted((a, b) => rank(a.severity) - rank(b.severity) || (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
