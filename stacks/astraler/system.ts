import { System, type TreeApp, type UnitTable } from 'terrace';

import { StateBackendUnit } from '../../backend/state-unit';
import { addArtifacts } from './artifacts';
import { AstralerEnvironment, AstralerRegion } from './astraler-unit';
import { environmentProblems, rootProblems } from './checks';
import { envcommonValues } from './envcommon-values';
import { env as preview } from './preview/env';
import { region as previewGlobal } from './preview/global/region';
import { env as production } from './production/env';
import { region as productionGlobal } from './production/global/region';
import { ci } from './ci';
import { root } from './root';
import { env as staging } from './staging/env';
import { region as stagingGlobal } from './staging/global/region';
import { DatabaseBackupUnit } from './units/backup/database';
import { FilesBackupUnit } from './units/backup/files';
import { SecretsBackupUnit } from './units/backup/secrets';
import { RepositoryUnit } from './units/ci/repository';
import { PostgresUnit } from './units/data/postgres';
import { RedisUnit } from './units/data/redis';
import { StorageUnit } from './units/data/storage';
import { DnsUnit } from './units/edge/dns';
import { WafUnit } from './units/edge/waf';
import { WorkersUnit } from './units/edge/workers';
import { ZoneUnit } from './units/edge/zone';
import { AlertingUnit } from './units/monitoring/alerting';
import { ErrorsUnit } from './units/monitoring/errors';
import { LogsUnit } from './units/monitoring/logs';
import { UptimeUnit } from './units/monitoring/uptime';
import type { AstralerEnvironmentValues, AstralerRegionValues, AstralerRootValues } from './values';

/** What every environment has. */
const everywhere: UnitTable = {
  'edge/dns': DnsUnit,
  'edge/workers': WorkersUnit,
  'data/postgres': PostgresUnit,
  'data/redis': RedisUnit,
  'data/storage': StorageUnit,
};

/** What an environment that lasts has beside that. */
const lasting: UnitTable = {
  ...everywhere,
  'monitoring/alerting': AlertingUnit,
  'monitoring/errors': ErrorsUnit,
  'monitoring/logs': LogsUnit,
  'monitoring/uptime': UptimeUnit,
  'backup/database': DatabaseBackupUnit,
  'backup/files': FilesBackupUnit,
  'backup/secrets': SecretsBackupUnit,
};

/** Production also has what exists once: states, zone, the zone's rules, the repository. */
const once: UnitTable = {
  ...lasting,
  'backend/state': StateBackendUnit,
  'edge/zone': ZoneUnit,
  'edge/waf': WafUnit,
  'ci/repository': RepositoryUnit,
};

interface EnvironmentAndRegion {
  readonly env: AstralerEnvironmentValues;
  readonly global: AstralerRegionValues;
}

/** The values that a system of this shape is made from; tests build it with others. */
export interface AstralerValues {
  readonly root: AstralerRootValues;
  readonly preview: EnvironmentAndRegion;
  readonly staging: EnvironmentAndRegion;
  readonly production: EnvironmentAndRegion;
}

export const usualValues: AstralerValues = {
  root,
  preview: { env: preview, global: previewGlobal },
  staging: { env: staging, global: stagingGlobal },
  production: { env: production, global: productionGlobal },
};

export function astraler(app: TreeApp, values: AstralerValues = usualValues): System<AstralerRootValues> {
  const system = new System(app, { ci, ...values.root });
  for (const problem of rootProblems(values.root)) app.report(problem);
  const environments = [values.production, values.staging, values.preview];
  for (const [layer, settings] of Object.entries(
    envcommonValues(
      values.root,
      environments.map(({ env }) => env),
    ),
  ))
    system.envcommon.set(layer, settings);
  for (const [{ env, global }, units] of [
    [values.production, once],
    [values.staging, lasting],
    [values.preview, everywhere],
  ] as const) {
    const environment = new AstralerEnvironment(system, env);
    new AstralerRegion(environment, global, units);
    for (const problem of environmentProblems(env)) app.report(problem);
    addArtifacts(environment);
  }
  return system;
}
