import { RdsGlobalCluster } from '@cdktf/provider-aws/lib/rds-global-cluster';
import { Construct } from 'constructs';

export interface AuroraGlobalProps {
  /** Unique per account. */
  readonly name: string;
  readonly engineVersion: string;
  readonly databaseName: string;
  readonly deletionProtection: boolean;
  /** Terraform refuses to destroy the global database. @default false */
  readonly preventDestroy?: boolean;
}

/**
 * A global Aurora PostgreSQL database: an empty frame that the clusters join, the primary first. Its writer endpoint follows a
 * switchover to another region. It fails over only when told to.
 */
export class AuroraGlobal extends Construct {
  readonly globalClusterId: string;
  /** Name that always leads to the writer, in whichever region it is. */
  readonly writerEndpoint: string;

  constructor(scope: Construct, id: string, props: AuroraGlobalProps) {
    super(scope, id);
    const global = new RdsGlobalCluster(this, 'global', {
      globalClusterIdentifier: props.name,
      engine: 'aurora-postgresql',
      engineVersion: props.engineVersion,
      databaseName: props.databaseName,
      storageEncrypted: true,
      deletionProtection: props.deletionProtection,
      ...(props.preventDestroy ? { lifecycle: { preventDestroy: true } } : {}),
    });
    this.globalClusterId = global.id;
    this.writerEndpoint = global.endpoint;
  }
}
