import type { CiValues } from '../tree/ci-values';
import { backendOf, defaultNames } from '../state/backend-names';
import { defaultKeyTemplate } from '../state/state-key';
import type { Model } from '../model/model';
import { deliveryOf, type SystemDelivery } from './delivery';

/** A system as `terrace init` writes it. */
export interface FirstSystem {
  readonly system: string;
  readonly environment: string;
  readonly region: string;
  readonly account: string;
}

/** The delivery of a system that has nothing yet but the unit of its states: what building its tree would give, before it can be built. */
export function firstDelivery({ system, environment, region, account }: FirstSystem, values: CiValues): SystemDelivery {
  const id = `${environment}/${region}/backend/state`;
  const model: Model = {
    version: 1,
    commit: null,
    dirty: false,
    systems: [
      {
        name: system,
        project: system,
        lock: 'dynamodb',
        liveTree: 'ignored',
        keyPrefix: '',
        environments: [{ name: environment, stateAccount: account, credentials: { kind: 'ambient' } }],
      },
    ],
    units: [
      {
        path: `${system}/${id}`,
        system,
        environment,
        region,
        layer: 'backend',
        name: 'state',
        stackId: `${system}-${id.replaceAll('/', '-')}`,
        wave: 0,
        dependencies: [],
        outputs: [],
        variables: [],
        backend: backendOf({
          names: defaultNames,
          keyPrefix: '',
          place: { account, region, system, environment },
          unit: `${system}/${id}`,
          lock: 'dynamodb',
        }),
        bootstrap: true,
        appliedByBootstrap: true,
      },
    ],
  };
  return deliveryOf(system, values, model, defaultKeyTemplate);
}
