import type { UnitModel, VariableModel } from '../../model/model';
import { valueOfType } from './variable-types';
import { valueSource } from './value-source';

/** What generated values depend on. */
export interface VariableFacts {
  /** Sandbox and its generation: the same seed gives the same values. */
  readonly seed: string;
  /** Account of the ambient key, for units whose backend names none. */
  readonly account: string;
}

/** A unit as far as its variables need it. */
export type VariableOwner = Pick<UnitModel, 'path' | 'variables' | 'backend'> & { readonly awsRegion?: string };

/**
 * A value of the right form for each required variable of the units, by name, as text that `TF_VAR_<name>` takes:
 * strings as they are, everything else as JSON. Where units share a name, one of the ambient account decides account and region,
 * and among those one of the region that has the most units.
 */
export function generatedVariables(units: readonly VariableOwner[], { seed, account }: VariableFacts): Record<string, string> {
  const values = new Map<string, string>();
  for (const unit of byPrecedence(units, account)) {
    for (const variable of unit.variables) {
      if (!variable.required || values.has(variable.name)) continue;
      const source = valueSource(`${seed}:${variable.name}`, { account: accountOf(unit, account), region: regionOf(unit) });
      values.set(variable.name, text(valueOfType(variable.type, variable.name, variable.description, source), variable));
    }
  }
  return Object.fromEntries([...values].sort(([left], [right]) => (left < right ? -1 : 1)));
}

function byPrecedence(units: readonly VariableOwner[], account: string): readonly VariableOwner[] {
  const sizes = new Map<string, number>();
  for (const unit of units) sizes.set(regionOf(unit), (sizes.get(regionOf(unit)) ?? 0) + 1);
  const rank = (unit: VariableOwner): number =>
    (accountOf(unit, account) === account ? units.length : 0) + (sizes.get(regionOf(unit)) ?? 0);
  return units.toSorted((left, right) => rank(right) - rank(left));
}

function regionOf(unit: VariableOwner): string {
  return unit.awsRegion ?? unit.backend.region;
}

/** The environment's state account, by the names of its backend: that of the bucket, the table or the key. */
function accountOf({ backend: { bucket, dynamodbTable = '', kmsKeyId = '' } }: VariableOwner, ambient: string): string {
  return /(?<!\d)\d{12}(?!\d)/.exec(`${bucket} ${kmsKeyId} ${dynamodbTable}`)?.[0] ?? ambient;
}

function text(value: unknown, variable: VariableModel): string {
  if (typeof value === 'string' && variable.type !== 'any') return value;
  return JSON.stringify(value);
}
