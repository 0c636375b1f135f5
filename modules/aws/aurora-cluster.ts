import { DbSubnetGroup } from '@cdktf/provider-aws/lib/db-subnet-group';
import { RdsCluster } from '@cdktf/provider-aws/lib/rds-cluster';
import { RdsClusterInstance } from '@cdktf/provider-aws/lib/rds-cluster-instance';
import { RdsClusterParameterGroup } from '@cdktf/provider-aws/lib/rds-cluster-parameter-group';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { ReaderScaling, type ReaderScalingProps } from './aurora-scaling';
import { defined } from './defined';
import { LogGroup } from './log-group';
import { ServiceRole } from './service-role';

/** A cluster that takes writes; the secondary of a global database has neither user nor database of its own. */
export interface PrimaryRole {
  readonly kind: 'primary';
  readonly databaseName: string;
  readonly username: string;
  /** A reference, never a literal. Later changes belong to the rotation and are ignored here. */
  readonly password: string;
  /** Member of this global database. @default a cluster of one region */
  readonly globalClusterId?: string;
}

export interface SecondaryRole {
  readonly kind: 'secondary';
  readonly globalClusterId: string;
  /** Region of the primary. */
  readonly sourceRegion: string;
}

export interface AuroraClusterProps {
  /** Unique per account and region, at most 60 characters. */
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly role: PrimaryRole | SecondaryRole;
  /** Aurora PostgreSQL version, as in `15.4`. */
  readonly engineVersion: string;
  readonly instanceClass: string;
  /** Instances of the cluster: the writer and its readers, or the readers of a secondary. */
  readonly instances: number;
  /** Zones of the instances, used in turn. */
  readonly zones: readonly string[];
  readonly subnetIds: string[];
  readonly securityGroupId: string;
  /** Key of storage, logs, Performance Insights. */
  readonly kmsKeyArn: string;
  readonly backupRetentionDays: number;
  readonly backupWindow: string;
  readonly maintenanceWindow: string;
  readonly deletionProtection: boolean;
  /** Name of the snapshot that a destroy leaves behind. @default none is made */
  readonly finalSnapshot?: string;
  /** Days that Performance Insights keeps: 7, 31 × n, or 731. @default off */
  readonly performanceInsightsDays?: number;
  /** Seconds between samples of Enhanced Monitoring: 1, 5, 10, 15, 30 or 60. */
  readonly monitoringSeconds: number;
  readonly monitoringRoleName: string;
  readonly permissionsBoundary?: string;
  readonly logRetentionDays: number;
  /** @default a fixed number of instances */
  readonly readerScaling?: Omit<ReaderScalingProps, 'clusterId' | 'after'>;
  /** Terraform refuses to destroy the cluster. @default false */
  readonly preventDestroy?: boolean;
  /** What the cluster must wait for. */
  readonly after?: readonly ITerraformDependable[];
}

const port = 5432;

/**
 * An Aurora PostgreSQL cluster: encrypted, TLS only (`rds.force_ssl`), IAM authentication possible, statements over a second and all DDL
 * logged to a group with a retention. Its instances lie in different zones and are never public. It writes no secret.
 */
export class AuroraCluster extends Construct {
  readonly arn: string;
  readonly clusterId: string;
  readonly endpoint: string;
  readonly readerEndpoint: string;
  readonly port = port;
  readonly instances: readonly RdsClusterInstance[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AuroraClusterProps,
  ) {
    super(scope, id);
    const subnets = new DbSubnetGroup(this, 'subnets', {
      name: props.name,
      description: `subnets of ${props.name}`,
      subnetIds: props.subnetIds,
    });
    const monitoring = this.addMonitoringRole();
    const cluster = this.addCluster(subnets.name, this.addParameters().name);
    this.instances = Array.from({ length: props.instances }, (_, index) => this.addInstance(index, cluster, subnets.name, monitoring.arn));
    const [first] = this.instances;
    if (props.readerScaling !== undefined && first !== undefined)
      new ReaderScaling(this, 'scaling', { ...props.readerScaling, clusterId: cluster.clusterIdentifier, after: this.instances });
    this.arn = cluster.arn;
    this.clusterId = cluster.clusterIdentifier;
    this.endpoint = cluster.endpoint;
    this.readerEndpoint = cluster.readerEndpoint;
  }

  private addCluster(subnetGroup: string, parameterGroup: string): RdsCluster {
    const { props } = this;
    const logs = new LogGroup(this, 'logs', {
      name: `/aws/rds/cluster/${props.name}/postgresql`,
      retentionDays: props.logRetentionDays,
      kmsKeyArn: props.kmsKeyArn,
    });
    return new RdsCluster(this, 'cluster', {
      clusterIdentifier: props.name,
      engine: 'aurora-postgresql',
      engineVersion: props.engineVersion,
      ...membership(props.role),
      dbSubnetGroupName: subnetGroup,
      dbClusterParameterGroupName: parameterGroup,
      vpcSecurityGroupIds: [props.securityGroupId],
      port,
      storageEncrypted: true,
      kmsKeyId: props.kmsKeyArn,
      backupRetentionPeriod: props.backupRetentionDays,
      preferredBackupWindow: props.backupWindow,
      preferredMaintenanceWindow: props.maintenanceWindow,
      copyTagsToSnapshot: true,
      deletionProtection: props.deletionProtection,
      skipFinalSnapshot: props.finalSnapshot === undefined,
      ...defined({ finalSnapshotIdentifier: props.finalSnapshot }),
      enabledCloudwatchLogsExports: ['postgresql'],
      iamDatabaseAuthenticationEnabled: true,
      applyImmediately: false,
      lifecycle: { ignoreChanges: ignoredChanges(props.role), ...(props.preventDestroy ? { preventDestroy: true } : {}) },
      dependsOn: [logs.group, ...(props.after ?? [])],
    });
  }

  private addInstance(index: number, cluster: RdsCluster, subnetGroup: string, monitoringRoleArn: string): RdsClusterInstance {
    const { props } = this;
    const zone = props.zones[index % props.zones.length];
    return new RdsClusterInstance(this, `instance-${index + 1}`, {
      identifier: `${props.name}-${index + 1}`,
      clusterIdentifier: cluster.id,
      engine: 'aurora-postgresql',
      engineVersion: cluster.engineVersion,
      instanceClass: props.instanceClass,
      ...defined({ availabilityZone: zone }),
      dbSubnetGroupName: subnetGroup,
      publiclyAccessible: false,
      promotionTier: index,
      autoMinorVersionUpgrade: true,
      copyTagsToSnapshot: true,
      monitoringInterval: props.monitoringSeconds,
      monitoringRoleArn,
      ...(props.performanceInsightsDays === undefined
        ? { performanceInsightsEnabled: false }
        : {
            performanceInsightsEnabled: true,
            performanceInsightsKmsKeyId: props.kmsKeyArn,
            performanceInsightsRetentionPeriod: props.performanceInsightsDays,
          }),
    });
  }

  private addParameters(): RdsClusterParameterGroup {
    const { name, engineVersion } = this.props;
    return new RdsClusterParameterGroup(this, 'parameters', {
      name,
      family: `aurora-postgresql${engineVersion.split('.')[0]}`,
      description: `parameters of ${name}`,
      parameter: [
        { name: 'rds.force_ssl', value: '1' },
        { name: 'log_statement', value: 'ddl' },
        { name: 'log_min_duration_statement', value: '1000' },
      ],
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

function membership(role: PrimaryRole | SecondaryRole) {
  return role.kind === 'primary'
    ? {
        databaseName: role.databaseName,
        masterUsername: role.username,
        masterPassword: role.password,
        ...defined({ globalClusterIdentifier: role.globalClusterId }),
      }
    : { globalClusterIdentifier: role.globalClusterId, sourceRegion: role.sourceRegion };
}

/** A rotation changes the password outside; a secondary's source is set by the global database. */
function ignoredChanges(role: PrimaryRole | SecondaryRole): string[] {
  return role.kind === 'primary' ? ['master_password'] : ['replication_source_identifier'];
}
