import type { HclValue } from 'terrace';

import { service } from '../../envcommon/compute';
import { monitoring } from '../../envcommon/monitoring';
import { loadBalancer, traffic } from '../../envcommon/network';
import { bucket, cache, database } from '../../envcommon/storage';
import type { OlechkaEnvironmentValues } from './values';

/** The merged settings of each layer by environment, for HCL that a team writes beside the tree (`_envcommon/<layer>.hcl`). */
export function envcommonValues(
  environments: readonly OlechkaEnvironmentValues[],
): Readonly<Record<string, Readonly<Record<string, HclValue>>>> {
  const byEnvironment = (settings: (values: OlechkaEnvironmentValues) => HclValue) =>
    Object.fromEntries(environments.map((values) => [values.environment, settings(values)]));
  return {
    network: byEnvironment((values) => ({ ...traffic(values.traffic), load_balancer: loadBalancer(values.loadBalancer) })),
    compute: byEnvironment((values) => plain(service(values.service))),
    storage: byEnvironment((values) => ({
      database: plain(database(values.database)),
      cache: plain(cache(values.cache)),
      bucket: plain(bucket(values.buckets)),
    })),
    monitoring: byEnvironment((values) => plain(monitoring(values.monitoring))),
  };
}

/** As JSON would carry it: fields that are undefined are gone. */
function plain(settings: object): HclValue {
  return JSON.parse(JSON.stringify(settings));
}
