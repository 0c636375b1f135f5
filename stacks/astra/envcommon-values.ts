import type { HclValue } from 'terrace';

import { chartVersions, databaseServer, monitoringStack, webApplication } from '../../envcommon/kubernetes';
import type { AstraEnvironmentValues } from './values';

/** What `_envcommon/<layer>.hcl` says: the settings of each environment, for HCL that a team writes beside the tree. */
export function envcommonValues(
  environments: readonly AstraEnvironmentValues[],
): Readonly<Record<string, Readonly<Record<string, HclValue>>>> {
  const each = (values: (environment: AstraEnvironmentValues) => HclValue): HclValue =>
    Object.fromEntries(environments.map((environment) => [environment.environment, values(environment)]));
  return {
    network: { exposure: each(({ exposure }) => ({ ...exposure })) },
    compute: {
      frontend: each(({ frontend }) => webApplication(frontend)),
      backend: each(({ backend }) => webApplication(backend)),
      clusters: each(({ cluster }) => (cluster === 'existing' ? 'existing' : { name: cluster.name, nodes: { ...cluster.nodes } })),
    },
    storage: { database: each(({ database }) => databaseServer(database)) },
    monitoring: { stack: each(({ monitoring }) => ({ ...monitoringStack(monitoring) })), charts: { ...chartVersions } },
  };
}
