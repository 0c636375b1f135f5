import { System, type TreeApp, type UnitTable } from 'terrace';

import { StateBackendUnit } from '../../backend/state-unit';
import { AstraEnvironment, AstraRegion } from './astra-unit';
import { environmentProblems } from './checks';
import { env as development } from './development/env';
import { region as developmentRegion } from './development/europe-west1/region';
import { region as developmentGlobal } from './development/global/region';
import { envcommonValues } from './envcommon-values';
import { env as production } from './production/env';
import { region as productionRegion } from './production/europe-west1/region';
import { ci } from './ci';
import { withExistingCluster } from './region';
import { root } from './root';
import { env as staging } from './staging/env';
import { region as stagingRegion } from './staging/europe-west1/region';
import { BackendUnit } from './units/apps/backend';
import { FrontendUnit } from './units/apps/frontend';
import { GkeUnit } from './units/cluster/gke';
import { PostgresUnit } from './units/data/postgres';
import { IngressUnit } from './units/edge/ingress';
import { PostgresExporterUnit } from './units/monitoring/postgres-exporter';
import { PrometheusStackUnit } from './units/monitoring/prometheus-stack';
import { NetworkPoliciesUnit } from './units/security/network-policies';
import type { AstraEnvironmentValues, AstraRegionValues } from './values';

/** What development has for all environments: the bucket of their states. */
const globalUnits: UnitTable = { 'backend/state': StateBackendUnit };

/** The units of an environment: what it decides says which it needs. */
function unitsOf({ cluster, exposure, postgresExporter }: AstraEnvironmentValues): UnitTable {
  return {
    ...(cluster === 'existing' ? {} : { 'cluster/gke': GkeUnit }),
    'security/network-policies': NetworkPoliciesUnit,
    'data/postgres': PostgresUnit,
    'apps/backend': BackendUnit,
    'apps/frontend': FrontendUnit,
    'monitoring/prometheus-stack': PrometheusStackUnit,
    ...(postgresExporter === true ? { 'monitoring/postgres-exporter': PostgresExporterUnit } : {}),
    ...(Object.values(exposure).includes('ingress') ? { 'edge/ingress': IngressUnit } : {}),
  };
}

/** One environment and the region of its cluster. */
interface EnvironmentAndRegion {
  readonly env: AstraEnvironmentValues;
  readonly region: AstraRegionValues;
}

/** The values that a system of this shape is made from; tests build it with others. */
export interface AstraValues {
  readonly development: EnvironmentAndRegion & { readonly global: AstraRegionValues };
  readonly staging: EnvironmentAndRegion;
  readonly production: EnvironmentAndRegion;
}

export const usualValues: AstraValues = {
  development: { env: development, global: developmentGlobal, region: developmentRegion },
  staging: { env: staging, region: stagingRegion },
  production: { env: production, region: productionRegion },
};

export function astra(app: TreeApp, values: AstraValues = usualValues): System {
  const system = new System(app, { ...root, ci });
  const environments = [values.development, values.staging, values.production];
  for (const [layer, settings] of Object.entries(envcommonValues(environments.map(({ env }) => env))))
    system.envcommon.set(layer, settings);
  for (const problem of environmentProblems(environments.map(({ env }) => env))) app.report(problem);
  for (const one of environments) {
    const environment = new AstraEnvironment(system, one.env);
    if (one === values.development) new AstraRegion(environment, values.development.global, globalUnits);
    const region = one.env.cluster === 'existing' ? withExistingCluster(one.region) : one.region;
    new AstraRegion(environment, region, unitsOf(one.env));
  }
  return system;
}
