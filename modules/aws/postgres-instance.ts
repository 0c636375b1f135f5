import { DbInstance } from '@cdktf/provider-aws/lib/db-instance';
import { DbParameterGroup } from '@cdktf/provider-aws/lib/db-parameter-group';
import { DbSubnetGroup } from '@cdktf/provider-aws/lib/db-subnet-group';
import { Construct } from 'constructs';

import { defined } from './defined';
import { LogGroup } from './log-group';
import { ServiceRole } from './service-role';

export interface PostgresInstanceProps {
  /** Unique per account and region, at most 63 characters. */
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** PostgreSQL version: a major one (`17`), which follows AWS's minor releases. */
  readonly engineVersion: string;
  readonly instanceClass: string;
  /** GiB now, and how far storage may grow by itself. */
  readonly storage: { readonly size: number; readonly most: number };
  readonly databaseName: string;
  readonly username: string;
  /** A reference, never a literal. */
  readonly password: string;
  /** A standby in another zone takes over by itself. */
  readonly multiAz: boolean;
  readonly subnetIds: string[];
  readonly securityGroupId: string;
  /** Key of storage, logs, Performance Insights. */
  readonly kmsKeyArn: string;
  readonly backupDays: number;
  readonly backupWindow: string;
  readonly maintenanceWindow: string;
  /** AWS and terraform refuse to delete it. */
  readonly protect: boolean;
  /** Name of the snapshot that a destroy leaves behind. @default none is made */
  readonly finalSnapshot?: string;
  /** Days that Performance Insights keeps: 7, 31 × n, or 731. */
  readonly performanceInsightsDays: number;
  /** Seconds between samples of Enhanced Monitoring: 1, 5, 10, 15, 30 or 60. */
  readonly monitoringSeconds: number;
  readonly monitoringRoleName: string;
  readonly permissionsBoundary?: string;
  readonly logDays: number;
}

/**
 * A PostgreSQL instance of RDS: encrypted, never public, TLS only (`rds.force_ssl`), IAM authentication possible, statements over a
 * second and all DDL logged to a group with a retention. It writes no secret.
 */
export class PostgresInstance extends Construct {
  readonly arn: string;
  readonly identifier: string;
  readonly address: string;
  readonly port = 5432;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PostgresInstanceProps,
  ) {
    super(scope, id);
    const { name, kmsKeyArn, protect, storage } = props;
    const subnets = new DbSubnetGroup(this, 'subnets', { name, description: `subnets of ${name}`, subnetIds: props.subnetIds });
    const logs = new LogGroup(this, 'logs', { name: `/aws/rds/instance/${name}/postgresql`, retentionDays: props.logDays, kmsKeyArn });
    const instance = new DbInstance(this, 'instance', {
      identifier: name,
      engine: 'postgres',
      engineVersion: props.engineVersion,
      instanceClass: props.instanceClass,
      allocatedStorage: storage.size,
      maxAllocatedStorage: storage.most,
      storageType: 'gp3',
      storageEncrypted: true,
      kmsKeyId: kmsKeyArn,
      dbName: props.databaseName,
      username: props.username,
      password: props.password,
      port: this.port,
      multiAz: props.multiAz,
      publiclyAccessible: false,
      dbSubnetGroupName: subnets.name,
      parameterGroupName: this.addParameters().name,
      vpcSecurityGroupIds: [props.securityGroupId],
      iamDatabaseAuthenticationEnabled: true,
      caCertIdentifier: 'rds-ca-rsa2048-g1',
      backupRetentionPeriod: props.backupDays,
      backupWindow: props.backupWindow,
      maintenanceWindow: props.maintenanceWindow,
      autoMinorVersionUpgrade: true,
      copyTagsToSnapshot: true,
      deletionProtection: protect,
      skipFinalSnapshot: props.finalSnapshot === undefined,
      ...defined({ finalSnapshotIdentifier: props.finalSnapshot }),
      enabledCloudwatchLogsExports: ['postgresql'],
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: kmsKeyArn,
      performanceInsightsRetentionPeriod: props.performanceInsightsDays,
      monitoringInterval: props.monitoringSeconds,
      monitoringRoleArn: this.addMonitoringRole().arn,
      applyImmediately: false,
      ...(protect ? { lifecycle: { preventDestroy: true } } : {}),
      dependsOn: [logs.group],
    });
    this.arn = instance.arn;
    this.identifier = instance.identifier;
    this.address = instance.address;
  }

  private addParameters(): DbParameterGroup {
    const { name, engineVersion } = this.props;
    const [major = ''] = engineVersion.split('.');
    return new DbParameterGroup(this, 'parameters', {
      name: `${name}-postgres${major}`,
      family: `postgres${major}`,
      description: `parameters of ${name}`,
      parameter: [
        { name: 'rds.force_ssl', value: '1' },
        { name: 'log_statement', value: 'ddl' },
        { name: 'log_min_duration_statement', value: '1000' },
      ],
      // A new major version needs its group before the old one can go.
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private addMonitoringRole(): ServiceRole {
    const { account, region, monitoringRoleName, permissionsBoundary } = this.props;
    const group = `arn:aws:logs:${region}:${account}:log-group:RDSOSMetrics`;
    return new ServiceRole(this, 'monitoring-role', {
      name: monitoringRoleName,
      account,
      services: ['monitoring.rds.amazonaws.com'],
      statements: [
        { sid: 'MakeGroup', actions: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy'], resources: [group, `${group}:*`] },
        {
          sid: 'WriteMetrics',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams', 'logs:GetLogEvents'],
          resources: [`${group}:log-stream:*`],
        },
      ],
      ...defined({ permissionsBoundary }),
    });
  }
}
