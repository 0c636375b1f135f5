import { Password } from '@cdktf/provider-random/lib/password';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import { declareOutputs, number, text } from 'terrace';

import { cache } from '../../../../envcommon/storage';
import { defined } from '../../../../modules/aws/defined';
import { Redis } from '../../../../modules/aws/redis';
import { ReservedCache } from '../../../../modules/aws/reserved-capacity';
import { Secret, SecretValue } from '../../../../modules/aws/secret';
import { OlechkaUnit, type OlechkaRegion } from '../../olechka-unit';
import { SecurityGroupsUnit } from '../network/security-groups';
import { VpcUnit } from '../network/vpc';
import { KmsUnit } from '../security/kms';

const outputs = declareOutputs({
  primaryEndpoint: text('master.ai-tools-dev.abcdef.euc1.cache.amazonaws.com'),
  port: number(6379),
  replicationGroupId: text('ai-tools-dev'),
  /** Empty where clients need no password. */
  authTokenSecretArn: text('arn:aws:secretsmanager:eu-central-1:123456789012:secret:ai-tools-dev-redis-auth-token-AbCdEf'),
});

/** The region's Redis, TLS only; with a password where the environment asks for one, which it keeps in a secret of its own. */
export class ElasticacheUnit extends OlechkaUnit<typeof outputs> {
  constructor(region: OlechkaRegion, id: string) {
    super(region, id, outputs);
    const vpc = this.dependency(region.unit(VpcUnit));
    const groups = this.dependency(region.unit(SecurityGroupsUnit));
    const kms = this.dependency(region.unit(KmsUnit));
    const settings = cache(this.settings.cache);
    const token = settings.authToken ? this.token(kms.keyArn) : undefined;
    const redis = new Redis(this, 'redis', {
      name: this.names.base,
      nodeType: settings.nodeType,
      nodes: settings.nodes,
      automaticFailover: settings.automaticFailover,
      multiAz: settings.multiAz,
      engineVersion: settings.engineVersion,
      subnetIds: vpc.cacheSubnetIds,
      securityGroupId: groups.cacheGroupId,
      kmsKeyArn: kms.keyArn,
      snapshotDays: settings.snapshotDays,
      logRetentionDays: settings.logDays,
      ...defined({ authToken: token?.value, finalSnapshot: settings.finalSnapshot ? `${this.names.base}-final` : undefined }),
    });
    if (this.settings.reservedCapacity)
      new ReservedCache(this, 'reserved', { name: `${this.names.base}-cache`, size: settings.nodeType, count: settings.nodes });
    this.outputs({
      primaryEndpoint: redis.primaryEndpoint,
      port: redis.port,
      replicationGroupId: redis.replicationGroupId,
      authTokenSecretArn: token?.secretArn ?? '',
    });
  }

  private token(kmsKeyArn: string): { readonly value: string; readonly secretArn: string } {
    new RandomProvider(this, 'random');
    const value = new Password(this, 'auth-token-random', { length: 64, special: false }).result;
    const secret = new Secret(this, 'auth-token', {
      name: this.names.cacheTokenSecret,
      description: 'Password of the cache',
      kmsKeyArn,
      recoveryWindowDays: this.settings.secrets.recoveryWindowDays,
      account: this.account,
    });
    new SecretValue(this, 'auth-token-value', { secretArn: secret.arn, value });
    return { value, secretArn: secret.arn };
  }
}
