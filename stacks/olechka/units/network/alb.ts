import { DataAwsElbServiceAccount } from '@cdktf/provider-aws/lib/data-aws-elb-service-account';
import { declareOutputs, text } from 'terrace';

import { loadBalancer } from '../../../../envcommon/network';
import { accessLogDays } from '../../../../envcommon/storage';
import { Bucket } from '../../../../modules/aws/bucket';
import { LoadBalancer } from '../../../../modules/aws/load-balancer';
import { serviceNames, services } from '../../names';
import { OlechkaUnit, type OlechkaRegion } from '../../olechka-unit';
import { S3ArtifactsUnit } from '../storage/s3-artifacts';
import { SecurityGroupsUnit } from './security-groups';
import { VpcUnit } from './vpc';

const outputs = declareOutputs({
  arn: text('arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/ai-tools-alb-dev/0123456789abcdef'),
  arnSuffix: text('app/ai-tools-alb-dev/0123456789abcdef'),
  dnsName: text('ai-tools-alb-dev-123456789.eu-central-1.elb.amazonaws.com'),
  zoneId: text('Z215JYRZR1TBD5'),
  apiTargetGroupArn: text('arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/ai-tools-dev-api/0123456789abcdef'),
  workerTargetGroupArn: text('arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/ai-tools-dev-worker/0123456789abcdef'),
  apiTargetGroupSuffix: text('targetgroup/ai-tools-dev-api/0123456789abcdef'),
  workerTargetGroupSuffix: text('targetgroup/ai-tools-dev-worker/0123456789abcdef'),
});

/** Application load balancer of one region: 80 → 443, target groups `api` and `worker`, access logs where the environment keeps them. */
export class AlbUnit extends OlechkaUnit<typeof outputs> {
  constructor(region: OlechkaRegion, id: string) {
    super(region, id, outputs);
    const vpc = this.dependency(region.unit(VpcUnit));
    const groups = this.dependency(region.unit(SecurityGroupsUnit));
    const settings = loadBalancer(this.settings.loadBalancer);
    const certificate = this.variable('certificate_arn', {
      description: 'ARN of the TLS certificate for the public name, in the same region',
    });
    const balancer = new LoadBalancer(this, 'alb', {
      name: this.names.loadBalancer,
      vpcId: vpc.vpcId,
      subnetIds: vpc.publicSubnetIds,
      securityGroupId: groups.albGroupId,
      certificateArn: certificate.stringValue,
      targetPrefix: this.names.base,
      targets: serviceNames.map((name) => ({
        name,
        port: services[name].port,
        match: { paths: [...services[name].paths] },
        priority: services[name].priority,
        healthCheck: settings.healthCheck,
      })),
      fallback: { status: '200', body: 'ai-tools' },
      deletionProtection: settings.deletionProtection,
      deregistrationDelaySeconds: settings.deregistrationSeconds,
      ...(settings.accessLogs ? { accessLogs: this.accessLogs() } : {}),
    });
    const api = balancer.targetGroup('api');
    const worker = balancer.targetGroup('worker');
    this.outputs({
      arn: balancer.arn,
      arnSuffix: balancer.arnSuffix,
      dnsName: balancer.dnsName,
      zoneId: balancer.zoneId,
      apiTargetGroupArn: api.arn,
      workerTargetGroupArn: worker.arn,
      apiTargetGroupSuffix: api.arnSuffix,
      workerTargetGroupSuffix: worker.arnSuffix,
    });
  }

  /** The bucket that the region's load balancing account writes to. */
  private accessLogs() {
    const delivery = new DataAwsElbServiceAccount(this, 'log-delivery', {});
    const prefix = 'alb';
    const logs = new Bucket(this, 'access-logs', {
      name: this.names.bucket('alb-logs'),
      ages: { expireDays: accessLogDays, noncurrentDays: 1 },
      accessLogs: { bucket: this.dependency(this.region.unit(S3ArtifactsUnit)).logBucketName, prefix: 'alb-logs/' },
      statements: (arn) => [
        {
          sid: 'LoadBalancerLogs',
          principals: { aws: [delivery.arn] },
          actions: ['s3:PutObject'],
          resources: [`${arn}/${prefix}/AWSLogs/${this.account}/*`],
        },
      ],
    });
    return { bucket: logs.name, prefix, after: logs.policy };
  }
}
