import type { HclValue } from 'terrace';

import { dumpDays, secretsDays } from './topology/backup';
import { capacity, sizesOf } from './topology/capacity';
import { alertRouting, logs, metrics } from './topology/observability';
import type { AstralerEnvironmentValues, AstralerRootValues } from './values';

/** What `_envcommon/<layer>.hcl` says: the settings of each environment, for HCL that a team writes beside the tree. */
export function envcommonValues(
  root: AstralerRootValues,
  environments: readonly AstralerEnvironmentValues[],
): Readonly<Record<string, Readonly<Record<string, HclValue>>>> {
  const each = (values: (env: AstralerEnvironmentValues) => HclValue): HclValue =>
    Object.fromEntries(environments.map((env) => [env.environment, values(env)]));
  return {
    network: { hostnames: each(({ hostname }) => hostname), rate_limits_per_minute: { ...root.rateLimits }, zone_plan: root.zonePlan },
    storage: {
      capacity: each((env) => ({ ...capacity[env.capacity] })),
      pool_sizes: each((env) => sizesOf(env.capacity).poolSize),
      database_sizes: each((env) => env.instanceSize ?? sizesOf(env.capacity).instanceSize),
      backup_days: { ...dumpDays, secrets: secretsDays },
    },
    monitoring: {
      thresholds: Object.fromEntries(Object.entries(metrics).map(([name, { threshold, unit }]) => [name, `${threshold} ${unit}`])),
      log_days: Object.fromEntries(Object.entries(logs).map(([name, { days }]) => [name, days])),
      alert_routing: Object.fromEntries(
        Object.entries(alertRouting()).map(([severity, route]) => [severity, { ...route, channels: [...route.channels] }]),
      ),
    },
  };
}
