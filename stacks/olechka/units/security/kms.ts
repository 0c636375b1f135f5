import { declareOutputs, text } from 'terrace';

import { defined } from '../../../../modules/aws/defined';
import { CustomerKey, ReplicaKey } from '../../../../modules/aws/kms-key';
import { regionKeyPolicy } from '../../key-users';
import { OlechkaUnit, type OlechkaRegion } from '../../olechka-unit';

const outputs = declareOutputs({
  keyArn: text('arn:aws:kms:eu-central-1:123456789012:key/11111111-1111-4111-8111-111111111111'),
});

/** The key of a region's data, logs, secrets and topics. On the standby side of disaster recovery it is a replica of the primary's. */
export class KmsUnit extends OlechkaUnit<typeof outputs> {
  constructor(region: OlechkaRegion, id: string) {
    super(region, id, outputs);
    const { settings, names } = this;
    const { recovery } = region.values;
    const { credentials } = region.environment;
    const common = {
      description: `Encrypts data, logs and secrets of ${names.regional}`,
      aliases: [names.base, names.regional],
      deletionWindowDays: settings.keys.deletionWindowDays,
      preventDestroy: settings.preventDestroy,
      policy: regionKeyPolicy({
        environment: region.environment.name,
        account: this.account,
        region: this.awsRegion,
        operators: credentials.kind === 'role' ? [credentials.roleArn] : [],
        // Replicas of secrets are rotated where their original is.
        rotates: settings.secrets.rotation !== undefined && recovery?.side !== 'standby',
        vault: settings.database.vaultDays !== undefined,
        ...defined({ recovery }),
      }),
    };
    const key =
      recovery?.side === 'standby'
        ? new ReplicaKey(this, 'key', {
            ...common,
            primaryKeyArn: this.dependency(region.environment.region(recovery.otherRegion).unit(KmsUnit)).keyArn,
          })
        : new CustomerKey(this, 'key', { ...common, multiRegion: settings.keys.multiRegion });
    this.outputs({ keyArn: key.arn });
  }
}
