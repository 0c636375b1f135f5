import path from 'node:path';

import { propertyPlace, type Problem } from 'terrace';

import { administratorProblems, vmSizeProblems } from '../../modules/azure/checks';
import { mostWorkers } from './topology/cluster';
import { isSecretLiteral, productServices } from './topology/product';
import { swarmServices, type SwarmServiceFacts } from './topology/services';
import type { DevValues, ProdValues } from './values';

/** Where a setting stands in the source: `stacks/pro-mata/dev/env.ts:12`. */
export type PlaceOf = (setting: string) => string;

/** Everything that is wrong with the values of development; E25xx. */
export function devProblems(values: DevValues, placeOf: PlaceOf): readonly Problem[] {
  const { workerCount, adminCidrs } = values;
  return [
    ...vmSizeProblems(placeOf('vmSize'), values.vmSize),
    ...(adminCidrs === undefined ? [] : administratorProblems(placeOf('adminCidrs'), adminCidrs)),
    ...(Number.isInteger(workerCount) && workerCount >= 1 && workerCount <= mostWorkers
      ? []
      : [
          {
            code: 'E2503',
            title: 'number of workers out of range',
            place: placeOf('workerCount'),
            found: `workerCount is ${workerCount}`,
            expected: `1 to ${mostWorkers}`,
            todo: 'correct workerCount',
          },
        ]),
    ...settingProblems(values, placeOf),
  ];
}

/** E2504: a setting of a service that holds a secret, in either environment. */
export function settingProblems({ settings }: DevValues | ProdValues, placeOf: PlaceOf): readonly Problem[] {
  return productServices.flatMap((service) =>
    Object.entries(settings[service])
      .filter(([name, value]) => isSecretLiteral(name, value))
      .map(([name]) => ({
        code: 'E2504',
        title: 'secret in the source',
        place: placeOf(`settings.${service}.${name}`),
        found: `${name} of ${service} has a literal value`,
        expected: 'a secret of the vault, which the service mounts',
        todo: `take it out of the source, put it into the vault and name it in topology/services.ts; the value counts as known now`,
      })),
  );
}

const servicePlace = propertyPlace('stacks/pro-mata/topology/services.ts', path.join(__dirname, 'topology', 'services.ts'));

/** E2505: a service that mounts a secret which the vault does not hold. */
export function secretProblems(
  held: readonly string[],
  services: Readonly<Record<string, Pick<SwarmServiceFacts, 'secrets'>>> = swarmServices,
): readonly Problem[] {
  return Object.entries(services).flatMap(([service, { secrets }]) =>
    secrets
      .filter((secret) => !held.includes(secret))
      .map((secret) => ({
        code: 'E2505',
        title: 'secret missing',
        place: servicePlace(`${service}.secrets`),
        found: `${service} mounts ${secret}, which the Key Vault does not hold`,
        expected: held.join(', '),
        todo: 'add the secret to stacks/pro-mata/units/security/key-vault.ts, or take it from the service',
      })),
  );
}
