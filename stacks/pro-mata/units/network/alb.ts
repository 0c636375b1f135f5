import { DataAwsElbServiceAccount } from '@cdktf/provider-aws/lib/data-aws-elb-service-account';
import { declareOutputs, text } from 'terrace';

import { loadBalancer, webHealth } from '../../../../envcommon/network';
import { accessLogDays } from '../../../../envcommon/storage';
import { Bucket } from '../../../../modules/aws/bucket';
import { LoadBalancer } from '../../../../modules/aws/load-balancer';
import { Aliases } from '../../../../modules/aws/public-zone';
import { AwsUnit, type AwsRegion } from '../../aws-unit';
import { product, productServices, type ProductService } from '../../topology/product';
import { ZoneUnit } from '../dns/zone';
import { SecurityGroupsUnit } from './security-groups';
import { VpcUnit } from './vpc';

const targetGroup = (name: string) => ({
  arn: text(`arn:aws:elasticloadbalancing:us-east-1:456789012345:targetgroup/promata-prod-${name}/0123456789abcdef`),
  suffix: text(`targetgroup/promata-prod-${name}/0123456789abcdef`),
});

const outputs = declareOutputs({
  dnsName: text('promata-prod-123456789.us-east-1.elb.amazonaws.com'),
  arnSuffix: text('app/promata-prod/0123456789abcdef'),
  frontendTargetGroupArn: targetGroup('frontend').arn,
  backendTargetGroupArn: targetGroup('backend').arn,
  frontendTargetGroupSuffix: targetGroup('frontend').suffix,
  backendTargetGroupSuffix: targetGroup('backend').suffix,
});

/** Production's load balancer: 80 → 443, each public name to its service over HTTPS, and the names themselves. */
export class AlbUnit extends AwsUnit<typeof outputs> {
  constructor(region: AwsRegion, id: string) {
    super(region, id, outputs);
    const vpc = this.dependency(region.unit(VpcUnit));
    const groups = this.dependency(region.unit(SecurityGroupsUnit));
    const zone = this.dependency(region.unit(ZoneUnit));
    const settings = loadBalancer(this.settings.loadBalancer);
    const { domains } = this.settings;
    const host: Readonly<Record<ProductService, string>> = { frontend: domains.site, backend: domains.api };
    const balancer = new LoadBalancer(this, 'alb', {
      name: this.names.base,
      vpcId: vpc.vpcId,
      subnetIds: vpc.publicSubnetIds,
      securityGroupId: groups.albGroupId,
      certificateArn: zone.certificateArn,
      targetPrefix: this.names.base,
      targets: productServices.map((name, index) => ({
        name,
        port: product[name].port,
        protocol: 'HTTPS',
        match: { hosts: [host[name]] },
        priority: 100 * (index + 1),
        healthCheck: webHealth(product[name].healthPath),
      })),
      fallback: { status: '404', body: 'not found' },
      deletionProtection: settings.deletionProtection,
      deregistrationDelaySeconds: settings.deregistrationSeconds,
      ...(settings.accessLogs ? { accessLogs: this.accessLogs() } : {}),
    });
    new Aliases(this, 'names', {
      zoneId: zone.zoneId,
      names: [domains.site, domains.api],
      target: { dnsName: balancer.dnsName, zoneId: balancer.zoneId },
    });
    const frontend = balancer.targetGroup('frontend');
    const backend = balancer.targetGroup('backend');
    this.outputs({
      dnsName: balancer.dnsName,
      arnSuffix: balancer.arnSuffix,
      frontendTargetGroupArn: frontend.arn,
      backendTargetGroupArn: backend.arn,
      frontendTargetGroupSuffix: frontend.arnSuffix,
      backendTargetGroupSuffix: backend.arnSuffix,
    });
  }

  /** The bucket that the region's load balancing account writes to. */
  private accessLogs() {
    const delivery = new DataAwsElbServiceAccount(this, 'log-delivery', {});
    const prefix = 'alb';
    const logs = new Bucket(this, 'access-logs', {
      name: this.names.bucket('alb-logs'),
      ages: { expireDays: accessLogDays, noncurrentDays: 1 },
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
