import { Password } from '@cdktf/provider-random/lib/password';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import { declareOutputs, text } from 'terrace';

import { postgresInstance } from '../../../../envcommon/storage';
import { PostgresInstance } from '../../../../modules/aws/postgres-instance';
import { SecretValue } from '../../../../modules/aws/secret';
import { AwsUnit, type AwsRegion } from '../../aws-unit';
import { database } from '../../topology/product';
import { SecurityGroupsUnit } from '../network/security-groups';
import { VpcUnit } from '../network/vpc';
import { SecretsUnit } from '../security/secrets';

const outputs = declareOutputs({
  identifier: text('promata-prod'),
  address: text('promata-prod.abcdefghijkl.us-east-1.rds.amazonaws.com'),
});

/** Production's PostgreSQL, with a standby in the other zone; it fills the secret with its URL. */
export class RdsUnit extends AwsUnit<typeof outputs> {
  constructor(region: AwsRegion, id: string) {
    super(region, id, outputs);
    new RandomProvider(this, 'random');
    const vpc = this.dependency(region.unit(VpcUnit));
    const groups = this.dependency(region.unit(SecurityGroupsUnit));
    const secrets = this.dependency(region.unit(SecretsUnit));
    const password = new Password(this, 'password', { length: 48, special: false }).result;
    const { names } = this;
    const { storageGb: _, ...settings } = postgresInstance(this.settings.database);
    const instance = new PostgresInstance(this, 'postgres', {
      ...settings,
      name: names.base,
      account: this.account,
      region: this.awsRegion,
      databaseName: database.name,
      username: database.user,
      password,
      subnetIds: vpc.privateSubnetIds,
      securityGroupId: groups.databaseGroupId,
      kmsKeyArn: secrets.keyArn,
      monitoringRoleName: names.role('rds-monitoring'),
      permissionsBoundary: names.serviceBoundaryArn,
      ...(settings.protect ? { finalSnapshot: `${names.base}-final` } : {}),
    });
    new SecretValue(this, 'url', {
      secretArn: secrets.databaseUrlArn,
      value: `postgresql://${database.user}:${password}@${instance.address}:${instance.port}/${database.name}?sslmode=require`,
    });
    this.outputs({ identifier: instance.identifier, address: instance.address });
  }
}
