import { Password } from '@cdktf/provider-random/lib/password';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import { declareOutputs, text } from 'terrace';

import { CustomerKey } from '../../../../modules/aws/kms-key';
import { Secret, SecretValue } from '../../../../modules/aws/secret';
import { AwsUnit, type AwsRegion } from '../../aws-unit';
import { regionKeyPolicy } from '../../key-users';

const secretArn = (kind: string) => text(`arn:aws:secretsmanager:us-east-1:456789012345:secret:promata-prod-${kind}-AbCdEf`);

const outputs = declareOutputs({
  keyArn: text('arn:aws:kms:us-east-1:456789012345:key/11111111-1111-4111-8111-111111111111'),
  jwtSecretArn: secretArn('jwt-secret'),
  databaseUrlArn: secretArn('database-url'),
  redisTokenArn: secretArn('redis-auth-token'),
});

/**
 * Production's secrets and the key of all its data and logs. The URL of the database and the Password of the cache get their values
 * where these are made.
 */
export class SecretsUnit extends AwsUnit<typeof outputs> {
  constructor(region: AwsRegion, id: string) {
    super(region, id, outputs);
    new RandomProvider(this, 'random');
    const key = new CustomerKey(this, 'key', {
      description: `Encrypts data, logs and secrets of ${this.names.base}`,
      aliases: [this.names.base],
      deletionWindowDays: this.settings.keys.deletionWindowDays,
      preventDestroy: this.settings.protect,
      policy: regionKeyPolicy(this.names, this.awsRegion, this.operators()),
    });
    const secret = (kind: string, description: string): string =>
      new Secret(this, kind, {
        name: `${this.names.base}-${kind}`,
        description,
        kmsKeyArn: key.arn,
        recoveryWindowDays: this.settings.secrets.recoveryWindowDays,
        account: this.account,
      }).arn;
    const jwtSecretArn = secret('jwt-secret', 'Key that signs the sessions of the API');
    new SecretValue(this, 'jwt-secret-value', {
      secretArn: jwtSecretArn,
      value: new Password(this, 'jwt-secret-random', { length: 64, special: false }).result,
    });
    this.outputs({
      keyArn: key.arn,
      jwtSecretArn,
      databaseUrlArn: secret('database-url', 'PostgreSQL URL of the database, with user and password'),
      redisTokenArn: secret('redis-auth-token', 'Password of the cache'),
    });
  }

  /** Roles that people deploy with. */
  private operators(): readonly string[] {
    const { credentials } = this.region.environment;
    return credentials.kind === 'role' ? [credentials.roleArn] : [];
  }
}
