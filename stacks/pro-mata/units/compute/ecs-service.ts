import { declareOutputs, text } from 'terrace';

import { containerHealth, service } from '../../../../envcommon/compute';
import { FargateService } from '../../../../modules/aws/fargate-service';
import { AwsUnit, type AwsRegion } from '../../aws-unit';
import { cache, product, type ProductService } from '../../topology/product';
import { AlbUnit } from '../network/alb';
import { SecurityGroupsUnit } from '../network/security-groups';
import { VpcUnit } from '../network/vpc';
import { SecretsUnit } from '../security/secrets';
import { RdsUnit } from '../storage/rds';
import { RedisUnit } from '../storage/redis';
import { EcrUnit } from './ecr';
import { EcsClusterUnit } from './ecs-cluster';

const outputs = declareOutputs({ serviceName: text('promata-backend'), logGroupName: text('/ecs/promata-backend') });

/**
 * One of the product's services on Fargate, behind the load balancer, over TLS: an image makes a certificate of its own when it starts
 * with `TLS=self-signed`. An apply waits until the new tasks answer.
 */
abstract class EcsServiceUnit extends AwsUnit<typeof outputs> {
  constructor(region: AwsRegion, id: string, name: ProductService) {
    super(region, id, outputs);
    const { names } = this;
    const settings = service(this.settings.service);
    const vpc = this.dependency(region.unit(VpcUnit));
    const groups = this.dependency(region.unit(SecurityGroupsUnit));
    const alb = this.dependency(region.unit(AlbUnit));
    const cluster = this.dependency(region.unit(EcsClusterUnit));
    const images = this.dependency(region.unit(EcrUnit));
    const { keyArn } = this.dependency(region.unit(SecretsUnit));
    const { port, healthPath } = product[name];
    const needs = this.needs();
    const fargate = new FargateService(this, `${name}-service`, {
      name: names.service(name),
      container: name,
      account: this.account,
      region: this.awsRegion,
      clusterArn: cluster.clusterArn,
      clusterName: cluster.clusterName,
      image: `${images[`${name}Url`]}:${this.settings.images[name]}`,
      repositoryArn: images[`${name}Arn`],
      port,
      size: settings.size,
      capacity: settings.capacity,
      scaling: settings.scaling,
      minHealthyPercent: settings.minHealthyPercent,
      environment: { PORT: String(port), TLS: 'self-signed', ...needs.environment, ...this.settings.settings[name] },
      secrets: needs.secrets,
      health: containerHealth(port, healthPath, 'https'),
      logs: { group: names.serviceLogs(name), retentionDays: settings.logDays },
      kmsKeyArn: keyArn,
      subnetIds: vpc.privateSubnetIds,
      securityGroupId: groups[`${name}GroupId`],
      targetGroupArn: alb[`${name}TargetGroupArn`],
      roles: { execution: names.role(`${name}-execution`), task: names.role(`${name}-task`) },
      permissionsBoundary: names.serviceBoundaryArn,
      waitForSteadyState: true,
      taskStatements: [],
    });
    this.outputs({ serviceName: fargate.serviceName, logGroupName: fargate.logGroupName });
  }

  /** Variables and secrets beside those that every service has. */
  protected abstract needs(): {
    readonly environment: Readonly<Record<string, string>>;
    readonly secrets: Readonly<Record<string, string>>;
  };
}

/** The site. */
export class EcsServiceFrontendUnit extends EcsServiceUnit {
  constructor(region: AwsRegion, id: string) {
    super(region, id, 'frontend');
  }

  protected needs() {
    return { environment: {}, secrets: {} };
  }
}

/** The API, with the database and the cache. */
export class EcsServiceBackendUnit extends EcsServiceUnit {
  constructor(region: AwsRegion, id: string) {
    super(region, id, 'backend');
  }

  protected needs() {
    const secrets = this.dependency(this.region.unit(SecretsUnit));
    const redis = this.dependency(this.region.unit(RedisUnit));
    // The URL is in the secret once the database is made.
    this.dependency(this.region.unit(RdsUnit));
    return {
      environment: { REDIS_URL: `rediss://${redis.primaryEndpoint}:${cache.port}` },
      secrets: { JWT_SECRET: secrets.jwtSecretArn, DATABASE_URL: secrets.databaseUrlArn, REDIS_PASSWORD: secrets.redisTokenArn },
    };
  }
}
