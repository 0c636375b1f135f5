import { System, type TreeApp, type UnitTable } from 'terrace';

import { StateBackendUnit } from '../../backend/state-unit';
import { env as dev } from './dev/env';
import { region as devAp } from './dev/ap-southeast-1/region';
import { region as devEu } from './dev/eu-central-1/region';
import { region as devGlobal } from './dev/global/region';
import { envcommonValues } from './envcommon-values';
import { OlechkaEnvironment, OlechkaGlobal, OlechkaRegion } from './olechka-unit';
import { env as production } from './production/env';
import { region as productionAp } from './production/ap-southeast-1/region';
import { region as productionEu } from './production/eu-central-1/region';
import { region as productionGlobal } from './production/global/region';
import { root } from './root';
import { env as staging } from './staging/env';
import { region as stagingAp } from './staging/ap-southeast-1/region';
import { region as stagingEu } from './staging/eu-central-1/region';
import { region as stagingGlobal } from './staging/global/region';
import { EcrUnit } from './units/compute/ecr';
import { EcsClusterUnit } from './units/compute/ecs-cluster';
import { EcsServiceApiUnit, EcsServiceWorkerUnit } from './units/compute/ecs-service';
import { GithubOidcUnit } from './units/iam/github-oidc';
import { CloudwatchUnit } from './units/monitoring/cloudwatch';
import { XrayUnit } from './units/monitoring/xray';
import { AlbUnit } from './units/network/alb';
import { EndpointsUnit } from './units/network/endpoints';
import { SecurityGroupsUnit } from './units/network/security-groups';
import { VpcUnit } from './units/network/vpc';
import { KmsUnit } from './units/security/kms';
import { SecretsUnit } from './units/security/secrets';
import { WafUnit } from './units/security/waf';
import { AuroraUnit } from './units/storage/aurora';
import { ElasticacheUnit } from './units/storage/elasticache';
import { S3ArtifactsUnit } from './units/storage/s3-artifacts';
import { S3ModelsUnit } from './units/storage/s3-models';

/** The units of every region. */
const regionUnits: UnitTable<OlechkaRegion> = {
  'backend/state': StateBackendUnit,
  'network/vpc': VpcUnit,
  'network/security-groups': SecurityGroupsUnit,
  'network/endpoints': EndpointsUnit,
  'network/alb': AlbUnit,
  'security/kms': KmsUnit,
  'security/secrets': SecretsUnit,
  'security/waf': WafUnit,
  'storage/aurora': AuroraUnit,
  'storage/elasticache': ElasticacheUnit,
  'storage/s3-artifacts': S3ArtifactsUnit,
  'storage/s3-models': S3ModelsUnit,
  'compute/ecr': EcrUnit,
  'compute/ecs-cluster': EcsClusterUnit,
  'compute/ecs-service-api': EcsServiceApiUnit,
  'compute/ecs-service-worker': EcsServiceWorkerUnit,
  'monitoring/cloudwatch': CloudwatchUnit,
  'monitoring/xray': XrayUnit,
};

/** The units that an environment has once. */
const globalUnits: UnitTable<OlechkaGlobal> = {
  'iam/github-oidc': GithubOidcUnit,
};

export function olechka(app: TreeApp): System {
  const system = new System(app, root);
  for (const [layer, values] of Object.entries(envcommonValues([dev, staging, production]))) system.envcommon.set(layer, values);
  for (const [values, global, ...regions] of [
    [dev, devGlobal, devEu, devAp],
    [staging, stagingGlobal, stagingEu, stagingAp],
    [production, productionGlobal, productionEu, productionAp],
  ] as const) {
    const environment = new OlechkaEnvironment(system, values);
    new OlechkaGlobal(environment, global, globalUnits);
    for (const region of regions) new OlechkaRegion(environment, region, regionUnits);
  }
  return system;
}
