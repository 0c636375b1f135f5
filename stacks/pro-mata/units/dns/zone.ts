import { declareOutputs, list, text } from 'terrace';

import { PublicZone } from '../../../../modules/aws/public-zone';
import { AwsUnit, type AwsRegion } from '../../aws-unit';

const outputs = declareOutputs({
  zoneId: text('Z0123456789ABCDEFGHIJ'),
  /** Where the university's zone has to delegate the domain to. */
  nameServers: list(['ns-1.awsdns-01.org', 'ns-2.awsdns-02.com', 'ns-3.awsdns-03.net', 'ns-4.awsdns-04.co.uk']),
  certificateArn: text('arn:aws:acm:us-east-1:456789012345:certificate/11111111-1111-4111-8111-111111111111'),
});

/** Production's zone, and the certificate of its names. */
export class ZoneUnit extends AwsUnit<typeof outputs> {
  constructor(region: AwsRegion, id: string) {
    super(region, id, outputs);
    const { domains, protect } = this.settings;
    const zone = new PublicZone(this, 'public', { domain: domains.site, names: [domains.api], protect });
    this.outputs({ zoneId: zone.zoneId, nameServers: zone.nameServers, certificateArn: zone.certificateArn });
  }
}
