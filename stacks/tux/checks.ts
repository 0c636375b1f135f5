import type { Problem } from 'terrace';

import { addressProblems, serverTypeProblems, zoneProblems, routeProblems } from '../../modules/hetzner/checks';
import { hostCalled, mostDatabaseReplicas } from './topology/hosts';
import { planOf } from './tux-unit';
import type { TuxEnvironmentValues, TuxPlace } from './values';

/** Hetzner's limits of a volume, GB. */
const volumeSizes = { least: 10, most: 10_240 };

/** Everything that is wrong with the values of an environment and its place; E24xx. */
export function placeProblems(environment: TuxEnvironmentValues, place: TuxPlace): readonly Problem[] {
  const file = `stacks/tux/${environment.environment}/env.ts`;
  const replicas = environment.databaseReplicas ?? 0;
  if (!Number.isInteger(replicas) || replicas < 0 || replicas > mostDatabaseReplicas)
    return [
      {
        code: 'E2412',
        title: 'number of standbys out of range',
        place: file,
        found: `databaseReplicas is ${replicas}`,
        expected: `0 to ${mostDatabaseReplicas}`,
        todo: 'correct databaseReplicas',
      },
    ];
  const plan = planOf(environment, place);
  const region = `stacks/tux/${environment.environment}/${place.networkZone}/region.ts`;
  return [
    ...zoneProblems(region, place.location, place.networkZone),
    ...plan.hosts.flatMap((host) =>
      serverTypeProblems(file, { name: host.name, serverType: environment.serverTypes[host.role], location: place.location }),
    ),
    ...addressProblems(region, [
      { name: 'load balancer', location: place.location, address: plan.loadBalancer, subnet: place.publicSubnet },
      ...plan.hosts.map(({ name, address, subnet }) => ({ name, location: place.location, address, subnet: plan.subnets[subnet] })),
    ]),
    ...routeProblems(region, place.network, hostCalled(plan, 'bastion').address),
    ...Object.entries(environment.volumes).flatMap(([name, size]): readonly Problem[] =>
      Number.isInteger(size) && size >= volumeSizes.least && size <= volumeSizes.most
        ? []
        : [
            {
              code: 'E2411',
              title: 'volume size out of range',
              place: file,
              found: `${name}: ${size} GB`,
              expected: `whole GB, ${volumeSizes.least} to ${volumeSizes.most}`,
              todo: 'correct volumes',
            },
          ],
    ),
  ];
}
