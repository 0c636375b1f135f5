import { ElasticacheParameterGroup } from '@cdktf/provider-aws/lib/elasticache-parameter-group';
import { ElasticacheReplicationGroup } from '@cdktf/provider-aws/lib/elasticache-replication-group';
import { ElasticacheSubnetGroup } from '@cdktf/provider-aws/lib/elasticache-subnet-group';
import { Construct } from 'constructs';

import { defined } from './defined';
import { LogGroup } from './log-group';

export interface RedisProps {
  /** Unique per account and region, at most 40 characters. */
  readonly name: string;
  readonly nodeType: string;
  /** The primary and its replicas. */
  readonly nodes: number;
  /** A replica takes over by itself; needs two nodes. */
  readonly automaticFailover: boolean;
  /** Nodes lie in different zones; needs automatic failover. */
  readonly multiAz: boolean;
  /** Redis version, as in `7.1`. */
  readonly engineVersion: string;
  readonly subnetIds: string[];
  readonly securityGroupId: string;
  readonly kmsKeyArn: string;
  /** Password of all clients; a reference, never a literal. @default none: the security group alone decides */
  readonly authToken?: string;
  /** Days that daily snapshots are kept. */
  readonly snapshotDays: number;
  /** Name of the snapshot that a destroy leaves behind. @default none is made */
  readonly finalSnapshot?: string;
  readonly logRetentionDays: number;
}

/**
 * A Redis replication group without shards: encrypted at rest and, always, in transit. Slow and engine logs go to a group with a
 * retention. Raises an error for failover or several zones with one node, which AWS refuses only at apply.
 */
export class Redis extends Construct {
  readonly primaryEndpoint: string;
  readonly readerEndpoint: string;
  readonly port = 6379;
  readonly replicationGroupId: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: RedisProps) {
    super(scope, id);
    if (props.automaticFailover && props.nodes < 2)
      throw new Error(`cache ${props.name}: automatic failover needs at least 2 nodes, there is ${props.nodes}`);
    if (props.multiAz && !props.automaticFailover) throw new Error(`cache ${props.name}: several zones need automatic failover`);
    const subnets = new ElasticacheSubnetGroup(this, 'subnets', {
      name: props.name,
      description: `subnets of ${props.name}`,
      subnetIds: props.subnetIds,
    });
    const [major = ''] = props.engineVersion.split('.');
    const parameters = new ElasticacheParameterGroup(this, 'parameters', {
      name: `${props.name}-redis${major}`,
      family: `redis${major}`,
      description: `parameters of ${props.name}`,
      // Sessions and results all carry an expiry; without memory the ones nearest to it go first.
      parameter: [{ name: 'maxmemory-policy', value: 'volatile-ttl' }],
    });
    const logs = new LogGroup(this, 'logs', {
      name: `/elasticache/${props.name}`,
      retentionDays: props.logRetentionDays,
      kmsKeyArn: props.kmsKeyArn,
    });
    const group = new ElasticacheReplicationGroup(this, 'group', {
      replicationGroupId: props.name,
      description: `cache ${props.name}`,
      engine: 'redis',
      engineVersion: props.engineVersion,
      nodeType: props.nodeType,
      numCacheClusters: props.nodes,
      automaticFailoverEnabled: props.automaticFailover,
      multiAzEnabled: props.multiAz,
      port: 6379,
      parameterGroupName: parameters.name,
      subnetGroupName: subnets.name,
      securityGroupIds: [props.securityGroupId],
      atRestEncryptionEnabled: 'true',
      kmsKeyId: props.kmsKeyArn,
      transitEncryptionEnabled: true,
      transitEncryptionMode: 'required',
      ...defined({ authToken: props.authToken, finalSnapshotIdentifier: props.finalSnapshot }),
      ...(props.authToken === undefined ? {} : { authTokenUpdateStrategy: 'ROTATE' }),
      snapshotRetentionLimit: props.snapshotDays,
      snapshotWindow: '01:00-02:00',
      maintenanceWindow: 'sun:05:00-sun:06:00',
      autoMinorVersionUpgrade: 'true',
      applyImmediately: false,
      logDeliveryConfiguration: [
        { destination: logs.name, destinationType: 'cloudwatch-logs', logFormat: 'json', logType: 'slow-log' },
        { destination: logs.name, destinationType: 'cloudwatch-logs', logFormat: 'json', logType: 'engine-log' },
      ],
    });
    this.primaryEndpoint = group.primaryEndpointAddress;
    this.readerEndpoint = group.readerEndpointAddress;
    this.replicationGroupId = group.replicationGroupId;
    this.arn = group.arn;
  }
}
