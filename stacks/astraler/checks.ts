import path from 'node:path';

import { propertyPlace, type Problem } from 'terrace';

import { hostnameProblems } from '../../modules/cloudflare/edge-application';
import { poolProblems } from '../../modules/supabase/postgres';
import { zoneName } from './root';
import { sizesOf } from './topology/capacity';
import type { AstralerEnvironmentValues } from './values';

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
