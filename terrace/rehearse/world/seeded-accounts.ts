import type { Accounts } from '../../delivery/terraform/accounts';
import type { Model } from '../../model/model';
import type { SeededVariables } from '../../sandbox/environment/seeded-variables';

/**
 * Accounts whose units have the variables that they were applied with, and no others: two may differ in one name, and what one requires
 * another may leave at its default. A unit that is new has what the others of its environment were applied with. Pure.
 */
export function seededAccounts(accounts: Accounts, seeded: readonly SeededVariables[], model: Pick<Model, 'units'>): Accounts {
  const known = new Map(seeded.map((one) => [one.unit, one.variables]));
  const paths = new Map(model.units.map(({ path, backend }) => [`${backend.bucket}/${backend.key}`, path]));
  const inEnvironment = (name: string): Readonly<Record<string, string>> =>
    Object.assign({}, ...seeded.flatMap(({ unit, variables }) => (unit.startsWith(`${name}/`) ? [variables] : [])));
  const required = new Set(
    model.units.flatMap(({ system, environment, variables }) =>
      variables.flatMap((variable) => (variable.required ? [`${system}/${environment} TF_VAR_${variable.name}`] : [])),
    ),
  );
  return {
    environmentFor: async (unit, access) => {
      const name = `${unit.system}/${unit.environment}`;
      const isRequired = (variable: string): boolean => required.has(`${name} ${variable}`);
      const own = known.get(paths.get(`${unit.backend.bucket}/${unit.backend.key}`) ?? '');
      const shared = Object.entries(inEnvironment(name)).flatMap(([variable, value]) =>
        own === undefined || isRequired(`TF_VAR_${variable}`) ? [[`TF_VAR_${variable}`, value] as const] : [],
      );
      const env = Object.entries(await accounts.environmentFor(unit, access)).filter(
        ([variable]) => !variable.startsWith('TF_VAR_') || isRequired(variable),
      );
      const given = Object.entries(own ?? {}).map(([variable, value]) => [`TF_VAR_${variable}`, value] as const);
      return Object.fromEntries([...env, ...shared, ...given]);
    },
  };
}
