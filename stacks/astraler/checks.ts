import path from 'node:path';

import { propertyPlace, type Problem } from 'terrace';

import { hostnameProblems } from '../../modules/cloudflare/edge-application';
import { rateLimitProblems } from '../../modules/cloudflare/rate-limits';
import { poolProblems } from '../../modules/supabase/postgres';
import { zoneName } from './root';
import { sizesOf } from './topology/capacity';
import { limitsOf } from './topology/limits';
import type { AstralerEnvironmentValues, AstralerRootValues } from './values';

/** Everything that is wrong with what all environments share: E2905, at the plan of the zone. */
export function rootProblems({ zonePlan, rateLimits }: AstralerRootValues): readonly Problem[] {
  const place = propertyPlace('stacks/astraler/root.ts', path.join(__dirname, 'root.ts'))('zonePlan');
  return rateLimitProblems(zonePlan, limitsOf(rateLimits, 'true')).map((problem) => ({ ...problem, place }));
}

/** Everything that is wrong with the values of an environment; E2904 and E2906. */
export function environmentProblems(values: AstralerEnvironmentValues): readonly Problem[] {
  const placeOf = propertyPlace(`stacks/astraler/${values.environment}/env.ts`, path.join(__dirname, values.environment, 'env.ts'));
  const { poolSize, instanceSize } = sizesOf(values.capacity);
  return [
    ...hostnameProblems(values.hostname, zoneName).map((problem) => ({ ...problem, place: placeOf('hostname') })),
    ...poolProblems(
      placeOf(values.instanceSize === undefined ? 'capacity' : 'instanceSize'),
      values.instanceSize ?? instanceSize,
      poolSize,
    ),
  ];
}
