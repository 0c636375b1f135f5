import type { PlannedUnit } from '../review/plan/plan-model';

import type { PolicyPlan } from './policy';

/** The plans as policies see them. */
export function policyPlan(units: readonly PlannedUnit[]): PolicyPlan {
  return {
    units: units.map(({ path, changes, providers, providerArguments }) => {
      const [system = '', environment = '', region = '', layer = '', ...name] = path.split('/');
      return {
        path,
        system,
        environment,
        region,
        layer,
        name: name.join('/'),
        providers: [...providers.keys()].filter((provider) => provider !== '').toSorted(),
        providerArguments,
        changes: changes.map(({ address, type, name: label, mode, provider, action, before, after, provisioners }) => ({
          address,
          type,
          name: label,
          mode,
          provider,
          action,
          before,
          after,
          provisioners,
        })),
      };
    }),
  };
}
