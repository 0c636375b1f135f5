import type { UnitModel } from '../../model/model';
import { secretsFrom, type Secrets } from '../masking/secrets';

/** Values of the variables that the source calls sensitive, whatever terraform makes of them. */
export function sensitiveVariables(unit: UnitModel, env: NodeJS.ProcessEnv): readonly string[] {
  return unit.variables.filter((variable) => variable.sensitive).flatMap((variable) => env[`TF_VAR_${variable.name}`] ?? []);
}

/** What is known to be secret before there is a plan: sensitive variables, and upstreams' sensitive outputs. */
export function knownSecrets(unit: UnitModel, env: NodeJS.ProcessEnv, further: readonly unknown[]): Secrets {
  return secretsFrom([
    ...sensitiveVariables(unit, env),
    ...further.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
  ]);
}
