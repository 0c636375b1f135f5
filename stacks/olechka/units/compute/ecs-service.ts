import { declareOutputs, text } from 'terrace';

import { containerHealth, service } from '../../../../envcommon/compute';
import { cache } from '../../../../envcommon/storage';
import { FargateService } from '../../../../modules/aws/fargate-service';
import type { Statement } from '../../../../modules/aws/policy';
import { services, type ServiceName } from '../../names';
import { OlechkaUnit, type OlechkaRegion } from '../../olechka-unit';
import { AlbUnit } from '../network/alb';
import { EndpointsUnit } from '../network/endpoints';
import { SecurityGroupsUnit } from '../network/security-groups';
import { VpcUnit } from '../network/vpc';
import { KmsUnit } from '../security/kms';
import { SecretsUnit } from '../security/secrets';
import { AuroraUnit } from '../storage/aurora';
import { ElasticacheUnit } from '../storage/elasticache';
import { S3ArtifactsUnit } from '../storage/s3-artifacts';
import { S3ModelsUnit } from '../storage/s3-models';
import { EcrUnit } from './ecr';
import { EcsClusterUnit } from './ecs-cluster';

const outputs = declareOutputs({
  serviceName: text('ai-tools-api'),
  logGroupName: text('/ecs/ai-tools-api'),
});

/** One service of the region on Fargate, with everything it reaches: database, cache, buckets, secrets, traces. */
abstract class EcsServiceUnit extends OlechkaUnit<typeof outputs> {
  constructor(region: OlechkaRegion, id: string, name: ServiceName) {
    super(region, id, outputs);
    const { names } = this;
    const settings = service(this.settings.service);
    const vpc = this.dependency(region.unit(VpcUnit));
    const groups = this.dependency(region.unit(SecurityGroupsUnit));
    const alb = this.dependency(region.unit(AlbUnit));
    const cluster = this.dependency(region.unit(EcsClusterUnit));
    const images = this.dependency(region.unit(EcrUnit));
    const kms = this.dependency(region.unit(KmsUnit));
    // Secrets and images come through the endpoints: a task that starts before them fails.
    this.dependency(region.unit(EndpointsUnit));
    const { port } = services[name];
    const fargate = new FargateService(this, name, {
      name: names.service(name),
      container: name,
      account: this.account,
      region: this.awsRegion,
      clusterArn: cluster.clusterArn,
      clusterName: cluster.clusterName,
      namespaceId: cluster.namespaceId,
      image: `${images[`${name}Url`]}:${this.settings.images[name]}`,
      repositoryArn: images[`${name}Arn`],
      port,
      size: settings.size,
      capacity: settings.capacity,
      scaling: settings.scaling,
      minHealthyPercent: settings.minHealthyPercent,
      environment: this.environment(port),
      secrets: this.secrets(),
      health: containerHealth(port),
      sidecar: settings.sidecar,
      logs: { group: names.serviceLogs[name], retentionDays: settings.logDays },
      kmsKeyArn: kms.keyArn,
      subnetIds: vpc.privateSubnetIds,
      securityGroupId: groups[`${name}GroupId`],
      targetGroupArn: alb[`${name}TargetGroupArn`],
      roles: { execution: names.role(`${name}-execution`), task: names.role(`${name}-task`) },
      permissionsBoundary: names.serviceBoundaryArn,
      taskStatements: this.taskStatements(kms.keyArn),
    });
    this.outputs({ serviceName: fargate.serviceName, logGroupName: fargate.logGroupName });
  }

  private environment(port: number): Record<string, string> {
    const { region } = this;
    const aurora = this.dependency(region.unit(AuroraUnit));
    const redis = this.dependency(region.unit(ElasticacheUnit));
    return {
      ENVIRONMENT: region.environment.name,
      PORT: String(port),
      METRIC_NAMESPACE: this.names.metricNamespace,
      AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
      DATABASE_READER_HOST: aurora.readerEndpoint,
      REDIS_HOST: redis.primaryEndpoint,
      REDIS_PORT: '6379',
      REDIS_TLS: 'true',
      ARTIFACTS_BUCKET: this.dependency(region.unit(S3ArtifactsUnit)).bucketName,
      MODELS_BUCKET: this.dependency(region.unit(S3ModelsUnit)).bucketName,
    };
  }

  private secrets(): Record<string, string> {
    const secrets = this.dependency(this.region.unit(SecretsUnit));
    const redis = this.dependency(this.region.unit(ElasticacheUnit));
    return {
      DATABASE_URL: secrets.databaseUrlArn,
      API_KEY: secrets.apiKeyArn,
      JWT_SECRET: secrets.jwtSecretArn,
      ENCRYPTION_KEY: secrets.encryptionKeyArn,
      ...(cache(this.settings.cache).authToken ? { REDIS_AUTH_TOKEN: redis.authTokenSecretArn } : {}),
    };
  }

  private taskStatements(keyArn: string): readonly Statement[] {
    const buckets = [
      this.dependency(this.region.unit(S3ArtifactsUnit)).bucketArn,
      this.dependency(this.region.unit(S3ModelsUnit)).bucketArn,
    ];
    return [
      { sid: 'ListBuckets', actions: ['s3:ListBucket'], resources: buckets },
      { sid: 'UseObjects', actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], resources: buckets.map((arn) => `${arn}/*`) },
      {
        sid: 'UseKeyOfObjects',
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `s3.${this.awsRegion}.amazonaws.com` } },
      },
      {
        sid: 'CountThings',
        // cloudwatch:PutMetricData has no resource; the namespace narrows it.
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': this.names.metricNamespace } },
      },
    ];
  }
}

/** The service that answers requests: `/api/*` and `/v1/*`, port 8080. */
export class EcsServiceApiUnit extends EcsServiceUnit {
  constructor(region: OlechkaRegion, id: string) {
    super(region, id, 'api');
  }
}

/** The service that works on jobs: `/worker/*` and `/jobs/*`, port 8081. */
export class EcsServiceWorkerUnit extends EcsServiceUnit {
  constructor(region: OlechkaRegion, id: string) {
    super(region, id, 'worker');
  }
}
