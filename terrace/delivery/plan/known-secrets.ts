import type { UnitModel, VariableModel } from '../../model/model';
import { isSecretName } from '../../model/secret-name';
import type { SecretSources } from '../masking/flow';
import { secretsFrom, type Secrets } from '../masking/secrets';
import type { Upstream } from '../record/upstreams';

/** A change cannot open a secret by no longer calling it one: its variable keeps the name under which it is given. */
const isSecret = ({ name, sensitive }: VariableModel): boolean => sensitive || isSecretName(name);

/** Values of the variables that the source calls sensitive, or that are called like a secret, whatever terraform makes of them. */
export function sensitiveVariables(unit: UnitModel, env: NodeJS.ProcessEnv): readonly string[] {
  return unit.variables.filter(isSecret).flatMap((variable) => env[`TF_VAR_${variable.name}`] ?? []);
}

/** What is known to be secret before there is a plan: sensitive variables, and upstreams' sensitive outputs. */
export function knownSecrets(unit: UnitModel, env: NodeJS.ProcessEnv, further: readonly unknown[]): Secrets {
  return secretsFrom([
    ...sensitiveVariables(unit, env),
    ...further.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
  ]);
}

/** What in a unit's configuration is secret: its own variables, and what other states call sensitive. */
export function secretSources(unit: UnitModel, upstreams: readonly Upstream[]): SecretSources {
  return {
    variables: new Set(unit.variables.filter(isSecret).map(({ name }) => name)),
    outputs: new Set(
      upstreams.flatMap(({ remote, state }) =>
        Object.entries(state?.outputs ?? {})
          .filter(([, { sensitive }]) => sensitive)
          .map(([name]) => `data.terraform_remote_state.${remote.name}.outputs.${name}`),
      ),
    ),
  };
}
