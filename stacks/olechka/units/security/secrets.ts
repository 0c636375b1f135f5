import { DataAwsSecretsmanagerSecret } from '@cdktf/provider-aws/lib/data-aws-secretsmanager-secret';
import { Password } from '@cdktf/provider-random/lib/password';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import { declareOutputs, text } from 'terrace';

import { service } from '../../../../envcommon/compute';
import { RotationFunction } from '../../../../modules/aws/rotation-function';
import { Secret, SecretValue } from '../../../../modules/aws/secret';
import type { SecretKind } from '../../names';
import { OlechkaUnit, type OlechkaRegion } from '../../olechka-unit';
import { KmsUnit } from './kms';

const arn = (kind: SecretKind) => text(`arn:aws:secretsmanager:eu-central-1:123456789012:secret:ai-tools-dev-${kind}-AbCdEf`);

const outputs = declareOutputs({
  databaseUrlArn: arn('database-url'),
  apiKeyArn: arn('api-key'),
  jwtSecretArn: arn('jwt-secret'),
  encryptionKeyArn: arn('encryption-key'),
});

type Kinds = Readonly<Record<SecretKind, string>>;

/**
 * The secrets of the services, under the region's key. `database-url` gets its value where the database is made. On the standby side of
 * disaster recovery they are replicas of the primary's, which only have to be found.
 */
export class SecretsUnit extends OlechkaUnit<typeof outputs> {
  constructor(region: OlechkaRegion, id: string) {
    super(region, id, outputs);
    const { recovery } = region.values;
    const arns = recovery?.side === 'standby' ? this.replicas(recovery.otherRegion) : this.originals();
    this.outputs({
      databaseUrlArn: arns['database-url'],
      apiKeyArn: arns['api-key'],
      jwtSecretArn: arns['jwt-secret'],
      encryptionKeyArn: arns['encryption-key'],
    });
  }

  /** The replicas that the primary region's unit made here. */
  private replicas(primaryRegion: string): Kinds {
    this.dependency(this.region.environment.region(primaryRegion).unit(SecretsUnit));
    const find = (kind: SecretKind) => new DataAwsSecretsmanagerSecret(this, `replica-${kind}`, { name: this.names.secret(kind) }).arn;
    return {
      'database-url': find('database-url'),
      'api-key': find('api-key'),
      'jwt-secret': find('jwt-secret'),
      'encryption-key': find('encryption-key'),
    };
  }

  private originals(): Kinds {
    new RandomProvider(this, 'random');
    const { keyArn } = this.dependency(this.region.unit(KmsUnit));
    const { recovery } = this.region.values;
    const copies =
      recovery === undefined
        ? {}
        : {
            replicas: [
              {
                region: recovery.otherRegion,
                kmsKeyArn: this.dependency(this.region.environment.region(recovery.otherRegion).unit(KmsUnit)).keyArn,
              },
            ],
          };
    const { recoveryWindowDays, rotation } = this.settings.secrets;
    const rotating = rotation === undefined ? undefined : this.rotation(keyArn);
    const secret = (kind: SecretKind, description: string, days?: number) =>
      new Secret(this, kind, {
        name: this.names.secret(kind),
        description,
        kmsKeyArn: keyArn,
        recoveryWindowDays,
        account: this.account,
        ...copies,
        ...(rotating === undefined || days === undefined ? {} : { rotation: { days, function: rotating } }),
      }).arn;
    const arns = {
      'database-url': secret('database-url', 'PostgreSQL URL of the database, with user and password', rotation?.databaseDays),
      'api-key': secret('api-key', 'API key that clients send'),
      'jwt-secret': secret('jwt-secret', 'Key that signs the sessions', rotation?.jwtDays),
      'encryption-key': secret('encryption-key', 'Key that encrypts fields in the database'),
    };
    for (const kind of ['api-key', 'jwt-secret', 'encryption-key'] as const)
      new SecretValue(this, `${kind}-value`, {
        secretArn: arns[kind],
        value: new Password(this, `${kind}-random`, { length: 64, special: false }).result,
      });
    return arns;
  }

  private rotation(kmsKeyArn: string): RotationFunction {
    const { names } = this;
    return new RotationFunction(this, 'rotation', {
      name: names.rotation,
      roleName: names.role('rotation'),
      account: this.account,
      region: this.awsRegion,
      secretArns: [names.secret('database-url'), names.secret('jwt-secret')].map(
        (name) => `arn:aws:secretsmanager:${this.awsRegion}:${this.account}:secret:${name}-??????`,
      ),
      clusterId: names.base,
      kmsKeyArn,
      logRetentionDays: service(this.settings.service).logDays,
      permissionsBoundary: names.serviceBoundaryArn,
    });
  }
}
