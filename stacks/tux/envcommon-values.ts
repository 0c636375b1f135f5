import type { HclValue } from 'terrace';

import { image } from './root';
import { retention } from './topology/backup';
import { exporters } from './topology/monitoring';
import type { TuxEnvironmentValues, TuxPlace } from './values';

/** What `_envcommon/<layer>.hcl` says: the settings of each environment, for HCL that a team writes beside the tree. */
export function envcommonValues(
  environments: readonly { readonly env: TuxEnvironmentValues; readonly place: TuxPlace }[],
): Readonly<Record<string, Readonly<Record<string, HclValue>>>> {
  const each = (values: (env: TuxEnvironmentValues, place: TuxPlace) => HclValue): HclValue =>
    Object.fromEntries(environments.map(({ env, place }) => [env.environment, values(env, place)]));
  return {
    network: {
      networks: each((_env, { network, publicSubnet, privateSubnet, networkZone }) => ({
        network,
        public: publicSubnet,
        private: privateSubnet,
        zone: networkZone,
      })),
      load_balancers: each(({ loadBalancerType }) => loadBalancerType),
      hostnames: each(({ hostname }) => hostname),
    },
    compute: {
      image,
      locations: each((_env, { location }) => location),
      server_types: each(({ serverTypes }) => ({ ...serverTypes })),
      protected: each(({ protect }) => protect),
    },
    storage: { volumes_gb: each(({ volumes }) => ({ ...volumes })), backup_retention: { ...retention } },
    monitoring: { exporter_ports: Object.fromEntries(exporters.map(({ name, port }) => [name, port])) },
  };
}
