import { declareOutputs, text } from 'terrace';

import { service } from '../../../../envcommon/compute';
import { loadBalancer } from '../../../../envcommon/network';
import { WebAcl } from '../../../../modules/aws/web-acl';
import { OlechkaUnit, type OlechkaRegion } from '../../olechka-unit';
import { AlbUnit } from '../network/alb';
import { KmsUnit } from './kms';

const outputs = declareOutputs({
  webAclArn: text('arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/ai-tools-dev/11111111-1111-4111-8111-111111111111'),
});

/** The web ACL before the region's load balancer: rate limit and managed rules. */
export class WafUnit extends OlechkaUnit<typeof outputs> {
  constructor(region: OlechkaRegion, id: string) {
    super(region, id, outputs);
    const alb = this.dependency(region.unit(AlbUnit));
    const kms = this.dependency(region.unit(KmsUnit));
    const settings = loadBalancer(this.settings.loadBalancer);
    const acl = new WebAcl(this, 'waf', {
      name: this.names.webAcl,
      account: this.account,
      region: this.awsRegion,
      resourceArn: alb.arn,
      managedRuleGroups: settings.managedRuleGroups,
      rateLimit: settings.rateLimit,
      logRetentionDays: service(this.settings.service).logDays,
      kmsKeyArn: kms.keyArn,
    });
    this.outputs({ webAclArn: acl.arn });
  }
}
