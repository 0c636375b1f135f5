import { System, settingPlace, type TreeApp, type UnitTable } from 'terrace';

import { StateBackendUnit } from '../../backend/state-unit';
import { addArtifacts } from './artifacts';
import { AwsRegion, ProdEnvironment } from './aws-unit';
import { AzureRegion, DevEnvironment } from './azure-unit';
import { devProblems, settingProblems } from './checks';
import { env as devValues } from './dev/env';
import { region as eastus2 } from './dev/eastus2/region';
import { envcommonValues } from './envcommon-values';
import { env as prodValues } from './prod/env';
import { region as usEast1 } from './prod/us-east-1/region';
import { ci } from './ci';
import { root } from './root';
import { EcrUnit } from './units/compute/ecr';
import { EcsClusterUnit } from './units/compute/ecs-cluster';
import { EcsServiceBackendUnit, EcsServiceFrontendUnit } from './units/compute/ecs-service';
import { SwarmUnit } from './units/compute/swarm';
import { DuckdnsUnit } from './units/dns/duckdns';
import { ZoneUnit } from './units/dns/zone';
import { CloudwatchUnit } from './units/monitoring/cloudwatch';
import { AlbUnit } from './units/network/alb';
import { SecurityGroupsUnit } from './units/network/security-groups';
import { VnetUnit } from './units/network/vnet';
import { VpcUnit } from './units/network/vpc';
import { AdminAccessUnit } from './units/security/admin-access';
import { KeyVaultUnit } from './units/security/key-vault';
import { SecretsUnit } from './units/security/secrets';
import { BackupsUnit } from './units/storage/backups';
import { RdsUnit } from './units/storage/rds';
import { RedisUnit } from './units/storage/redis';
import type { AwsRegionValues, AzureRegionValues, DevValues, ProdValues } from './values';

/** Development on Azure. */
const azureUnits: UnitTable = {
  'network/vnet': VnetUnit,
  'security/key-vault': KeyVaultUnit,
  'compute/swarm': SwarmUnit,
  'storage/backups': BackupsUnit,
  'dns/duckdns': DuckdnsUnit,
};

/** Production on AWS. */
const awsUnits: UnitTable = {
  'backend/state': StateBackendUnit,
  'network/vpc': VpcUnit,
  'network/security-groups': SecurityGroupsUnit,
  'network/alb': AlbUnit,
  'dns/zone': ZoneUnit,
  'security/secrets': SecretsUnit,
  'security/admin-access': AdminAccessUnit,
  'storage/rds': RdsUnit,
  'storage/redis': RedisUnit,
  'compute/ecr': EcrUnit,
  'compute/ecs-cluster': EcsClusterUnit,
  'compute/ecs-service-frontend': EcsServiceFrontendUnit,
  'compute/ecs-service-backend': EcsServiceBackendUnit,
  'monitoring/cloudwatch': CloudwatchUnit,
};

/** The values that a system of this shape is made from; tests build it with others. */
export interface ProMataValues {
  readonly dev: { readonly env: DevValues; readonly region: AzureRegionValues };
  readonly prod: { readonly env: ProdValues; readonly region: AwsRegionValues };
}

export const usualValues: ProMataValues = {
  dev: { env: devValues, region: eastus2 },
  prod: { env: prodValues, region: usEast1 },
};

export function proMata(app: TreeApp, { dev, prod }: ProMataValues = usualValues): System {
  const system = new System(app, { ...root, ci });
  for (const [layer, settings] of Object.entries(envcommonValues(dev.env, prod.env))) system.envcommon.set(layer, settings);
  const development = new DevEnvironment(system, dev.env);
  const azure = new AzureRegion(development, dev.region, azureUnits);
  const production = new ProdEnvironment(system, prod.env);
  new AwsRegion(production, prod.region, awsUnits);
  const problems = [
    ...devProblems(dev.env, settingPlace(development, __dirname)),
    ...settingProblems(prod.env, settingPlace(production, __dirname)),
  ];
  for (const problem of problems) app.report(problem);
  if (problems.length === 0) addArtifacts(azure);
  return system;
}
