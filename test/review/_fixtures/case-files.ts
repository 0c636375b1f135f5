import type { JsonObject } from '../../../terrace/base/json';

import { caseName, type CaseChange, type RuleCase } from './rule-cases/rule-case';

const sides = ['fires', 'silent'] as const;

/** Address of a case's resource in its configuration. */
export function caseAddress(one: RuleCase, index: number, side: 'fires' | 'silent'): string {
  return `${one[side].type}.${caseName(one, index, side)}`;
}

/** Every change of a list of cases, with its name. */
export function caseChanges(cases: readonly RuleCase[]): readonly { readonly name: string; readonly change: CaseChange }[] {
  return cases.flatMap((one, index) => sides.map((side) => ({ name: caseName(one, index, side), change: filled(one[side], index, side) })));
}

/** Clouds refuse two of one name: `@@` stands for a short name of the case's own, `@#` for two digits. */
function filled(change: CaseChange, index: number, side: 'fires' | 'silent'): CaseChange {
  const digits = String(10 + index * 2 + (side === 'fires' ? 0 : 1)).padStart(2, '0');
  const fill = (values: JsonObject | undefined) =>
    values === undefined
      ? undefined
      : (JSON.parse(
          JSON.stringify(values)
            .replaceAll('@@', `${index}${side[0] ?? ''}`)
            .replaceAll('@#', digits),
        ) as JsonObject);
  const [before, after] = [fill(change.before), fill(change.after)];
  return { ...change, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

/** The resources of all cases as terraform's JSON has them, as they are before or after the change. */
export function caseResources(
  cases: readonly RuleCase[],
  when: 'before' | 'after',
): { readonly [type: string]: { readonly [name: string]: JsonObject } } {
  const resources: Record<string, Record<string, JsonObject>> = {};
  for (const { name, change } of caseChanges(cases)) {
    const values = change[when];
    if (values === undefined) continue;
    const type = (resources[change.type] ??= {});
    // Absent there, a resource's values are the provider's to choose: then it would not differ from the other side.
    type[name] = values;
  }
  return resources;
}
