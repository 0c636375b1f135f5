import { Password } from '@cdktf/provider-random/lib/password';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import { declareOutputs, text } from 'terrace';

import { database } from '../../../../envcommon/storage';
import { AuroraCluster, type PrimaryRole, type SecondaryRole } from '../../../../modules/aws/aurora-cluster';
import { AuroraGlobal } from '../../../../modules/aws/aurora-global';
import { BackupPlan } from '../../../../modules/aws/backup-plan';
import { defined } from '../../../../modules/aws/defined';
import { ReservedDatabase } from '../../../../modules/aws/reserved-capacity';
import { SecretValue } from '../../../../modules/aws/secret';
import { OlechkaUnit, type OlechkaRegion } from '../../olechka-unit';
import { SecurityGroupsUnit } from '../network/security-groups';
import { VpcUnit } from '../network/vpc';
import { KmsUnit } from '../security/kms';
import { SecretsUnit } from '../security/secrets';

const outputs = declareOutputs({
  clusterId: text('ai-tools-dev'),
  writerEndpoint: text('ai-tools-dev.cluster-abcdefghijkl.eu-central-1.rds.amazonaws.com'),
  readerEndpoint: text('ai-tools-dev.cluster-ro-abcdefghijkl.eu-central-1.rds.amazonaws.com'),
  globalClusterId: text('ai-tools-dev'),
});

const databaseName = 'aitools';
const username = 'aitools_admin';

/** What the cluster's place among the regions gives: its role, and where the writer is found. */
interface Membership {
  readonly role: PrimaryRole | SecondaryRole;
  /** Name of the writer over all regions. @default the cluster's own endpoint */
  readonly writerEndpoint?: string;
}

/**
 * The region's Aurora PostgreSQL. Alone it is a plain cluster; the primary side of disaster recovery puts it into a global database,
 * which the standby side's cluster joins as secondary. Where it takes writes it fills the `database-url` secret.
 */
export class AuroraUnit extends OlechkaUnit<typeof outputs> {
  constructor(region: OlechkaRegion, id: string) {
    super(region, id, outputs);
    const vpc = this.dependency(region.unit(VpcUnit));
    const groups = this.dependency(region.unit(SecurityGroupsUnit));
    const kms = this.dependency(region.unit(KmsUnit));
    const settings = database(this.settings.database);
    const { names } = this;
    const { role, writerEndpoint } =
      region.values.recovery?.side === 'standby' ? this.secondary(region.values.recovery.otherRegion) : this.primary();
    const cluster = new AuroraCluster(this, 'aurora', {
      name: names.base,
      account: this.account,
      region: this.awsRegion,
      role,
      engineVersion: settings.engineVersion,
      instanceClass: settings.instanceClass,
      // A secondary has no writer of its own: all its instances are readers.
      instances: settings.readers + (role.kind === 'primary' ? 1 : 0),
      zones: region.values.availabilityZones,
      subnetIds: vpc.databaseSubnetIds,
      securityGroupId: groups.auroraGroupId,
      kmsKeyArn: kms.keyArn,
      backupRetentionDays: settings.backupDays,
      backupWindow: settings.backupWindow,
      maintenanceWindow: settings.maintenanceWindow,
      deletionProtection: settings.deletionProtection,
      preventDestroy: this.settings.preventDestroy,
      monitoringSeconds: settings.monitoringSeconds,
      monitoringRoleName: names.role('aurora-monitoring'),
      permissionsBoundary: names.serviceBoundaryArn,
      logRetentionDays: settings.logDays,
      ...defined({
        performanceInsightsDays: settings.performanceInsightsDays,
        finalSnapshot: settings.finalSnapshot ? `${names.base}-final` : undefined,
      }),
      // AWS scales no readers of a secondary.
      ...(settings.readerScaling === undefined || role.kind === 'secondary'
        ? {}
        : {
            readerScaling: {
              minReaders: settings.readerScaling.min,
              maxReaders: settings.readerScaling.max,
              cpuTarget: settings.readerCpuTarget,
            },
          }),
    });
    if (settings.vaultDays !== undefined)
      new BackupPlan(this, 'backups', {
        name: `${names.base}-database`,
        account: this.account,
        region: this.awsRegion,
        roleName: names.role('database-backup'),
        permissionsBoundary: names.serviceBoundaryArn,
        kmsKeyArn: kms.keyArn,
        clusterArns: [cluster.arn],
        schedule: settings.vaultSchedule,
        keepDays: settings.vaultDays,
      });
    const writer = writerEndpoint ?? cluster.endpoint;
    if (role.kind === 'primary') this.fillUrl(role.password, writer, cluster);
    if (this.settings.reservedCapacity)
      new ReservedDatabase(this, 'reserved', {
        name: `${names.base}-database`,
        size: settings.instanceClass,
        count: cluster.instances.length,
      });
    this.outputs({
      clusterId: cluster.clusterId,
      writerEndpoint: writer,
      readerEndpoint: cluster.readerEndpoint,
      globalClusterId: role.globalClusterId ?? '',
    });
  }

  private primary(): Membership {
    new RandomProvider(this, 'random');
    const password = new Password(this, 'password', { length: 48, special: false }).result;
    const role = { kind: 'primary', databaseName, username, password } as const;
    if (this.region.values.recovery === undefined) return { role };
    const settings = database(this.settings.database);
    const global = new AuroraGlobal(this, 'global', {
      name: this.names.base,
      engineVersion: settings.engineVersion,
      databaseName,
      deletionProtection: settings.deletionProtection,
      preventDestroy: this.settings.preventDestroy,
    });
    return { role: { ...role, globalClusterId: global.globalClusterId }, writerEndpoint: global.writerEndpoint };
  }

  private secondary(primaryRegion: string): Membership {
    const primary = this.dependency(this.region.environment.region(primaryRegion).unit(AuroraUnit));
    return {
      role: { kind: 'secondary', globalClusterId: primary.globalClusterId, sourceRegion: primaryRegion },
      writerEndpoint: primary.writerEndpoint,
    };
  }

  private fillUrl(password: string, writer: string, cluster: AuroraCluster): void {
    const secrets = this.dependency(this.region.unit(SecretsUnit));
    new SecretValue(this, 'url', {
      secretArn: secrets.databaseUrlArn,
      value: `postgresql://${username}:${password}@${writer}:${cluster.port}/${databaseName}?sslmode=require`,
    });
  }
}
