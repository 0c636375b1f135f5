import { Password } from '@cdktf/provider-random/lib/password';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import { declareOutputs, text } from 'terrace';

import { cache } from '../../../../envcommon/storage';
import { defined } from '../../../../modules/aws/defined';
import { Redis } from '../../../../modules/aws/redis';
import { SecretValue } from '../../../../modules/aws/secret';
import { AwsUnit, type AwsRegion } from '../../aws-unit';
import { SecurityGroupsUnit } from '../network/security-groups';
import { VpcUnit } from '../network/vpc';
import { SecretsUnit } from '../security/secrets';

const outputs = declareOutputs({
  primaryEndpoint: text('master.promata-prod.abcdef.use1.cache.amazonaws.com'),
  replicationGroupId: text('promata-prod'),
});

/** Production's Redis for sessions, in both zones; it fills the secret with its password. */
export class RedisUnit extends AwsUnit<typeof outputs> {
  constructor(region: AwsRegion, id: string) {
    super(region, id, outputs);
    new RandomProvider(this, 'random');
    const vpc = this.dependency(region.unit(VpcUnit));
    const groups = this.dependency(region.unit(SecurityGroupsUnit));
    const secrets = this.dependency(region.unit(SecretsUnit));
    const settings = cache(this.settings.cache);
    const authToken = new Password(this, 'auth-token-random', { length: 64, special: false }).result;
    const redis = new Redis(this, 'redis', {
      name: this.names.base,
      nodeType: settings.nodeType,
      nodes: settings.nodes,
      automaticFailover: settings.automaticFailover,
      multiAz: settings.multiAz,
      engineVersion: settings.engineVersion,
      subnetIds: vpc.privateSubnetIds,
      securityGroupId: groups.redisGroupId,
      kmsKeyArn: secrets.keyArn,
      authToken,
      snapshotDays: settings.snapshotDays,
      logRetentionDays: settings.logDays,
      ...defined({ finalSnapshot: settings.finalSnapshot ? `${this.names.base}-final` : undefined }),
    });
    new SecretValue(this, 'auth-token-value', { secretArn: secrets.redisTokenArn, value: authToken });
    this.outputs({ primaryEndpoint: redis.primaryEndpoint, replicationGroupId: redis.replicationGroupId });
  }
}
