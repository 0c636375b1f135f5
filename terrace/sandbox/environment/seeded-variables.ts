import { isObject } from '../../base/json';
import type { UnitModel } from '../../model/model';
import { layoutOf } from '../daemon/layout';
import { readJson, replaceFile } from '../storage/durable-file';

/** Values of variables that a unit was applied with. */
export interface SeededVariables {
  readonly unit: string;
  /** 12 digits. */
  readonly account: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Keeps the variables of seeded units with the sandbox's data. */
export function writeSeededVariables(dir: string, units: readonly SeededVariables[]): void {
  replaceFile(layoutOf(dir).variables, `${JSON.stringify({ version: 1, units }, null, 2)}\n`);
}

/** The variables of the units that were seeded; none where nothing was. */
export function readSeededVariables(dir: string): readonly SeededVariables[] {
  const content = readJson(layoutOf(dir).variables);
  const units: unknown = isObject(content) ? content['units'] : undefined;
  return Array.isArray(units) ? units.filter(isSeeded) : [];
}

/** The account whose key reaches the state of a seeded unit; without a unit the one that most were applied in. Undefined where none was seeded. */
export function seededAccount(seeded: readonly SeededVariables[], unit?: string): string | undefined {
  const own = seeded.find((one) => one.unit === unit)?.account;
  if (own !== undefined) return own;
  const counts = new Map<string, number>();
  for (const { account } of seeded) counts.set(account, (counts.get(account) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}

/** For whom one shell's values are. */
export interface SeededFor {
  /** Account of the shell's own key. */
  readonly account: string;
  /** Unit whose values count before those of others. @default where units differ, the last of the shell's account counts */
  readonly unit?: string;
  /** Units of the tree. */
  readonly units: readonly Pick<UnitModel, 'path' | 'variables'>[];
}

/**
 * One value for each name that seeded units were applied with. Empty, which unsets, for optional variables of their environments that
 * were not given: a shell that has one would change what they plan.
 */
export function seededValues(seeded: readonly SeededVariables[], { account, unit, units }: SeededFor): Readonly<Record<string, string>> {
  if (seeded.length === 0) return {};
  const rank = (one: SeededVariables): number => (one.unit === unit ? 2 : Number(one.account === account));
  const given: Record<string, string> = Object.assign(
    {},
    ...seeded.toSorted((a, b) => rank(a) - rank(b)).map(({ variables }) => variables),
  );
  const environments = new Set(seeded.map((one) => environmentOf(one.unit)));
  const absent = units
    .filter(({ path }) => environments.has(environmentOf(path)))
    .flatMap(({ variables }) => variables.flatMap(({ name, required }) => (required || name in given ? [] : [[name, ''] as const])));
  return { ...Object.fromEntries(absent), ...given };
}

/** Names to which units were applied with different values, sorted. */
export function differingNames(seeded: readonly SeededVariables[]): readonly string[] {
  const values = new Map<string, Set<string>>();
  for (const { variables } of seeded)
    for (const [name, value] of Object.entries(variables)) values.set(name, (values.get(name) ?? new Set()).add(value));
  return [...values].flatMap(([name, found]) => (found.size > 1 ? [name] : [])).toSorted();
}

/** `<system>/<environment>` */
function environmentOf(unit: string): string {
  return unit.split('/').slice(0, 2).join('/');
}

function isSeeded(value: unknown): value is SeededVariables {
  return isObject(value) && typeof value['unit'] === 'string' && typeof value['account'] === 'string' && isObject(value['variables']);
}
