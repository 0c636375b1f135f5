import type { Bucket } from '../../modules/aws/bucket';
import { BucketReplication } from '../../modules/aws/bucket-replication';
import type { OlechkaUnit } from './olechka-unit';

/** Objects that must survive the loss of a region; the rest can be made again. */
const criticalPrefix = 'critical/';

export interface CopyNeeds {
  readonly source: Bucket;
  readonly keyArn: string;
  /** Outputs of the same unit in the other region. */
  readonly target: { readonly bucketArn: string };
  /** Outputs of the other region's key. */
  readonly targetKey: { readonly keyArn: string };
  readonly otherRegion: string;
}

/** Copies what is critical in a bucket to its counterpart in the other region. */
export function replicate(unit: OlechkaUnit, kind: 'artifacts' | 'models', needs: CopyNeeds): void {
  new BucketReplication(unit, `${kind}-replication`, {
    source: needs.source,
    sourceKeyArn: needs.keyArn,
    sourceRegion: unit.awsRegion,
    targetBucketArn: needs.target.bucketArn,
    targetKeyArn: needs.targetKey.keyArn,
    targetRegion: needs.otherRegion,
    roleName: unit.names.role(`${kind}-replication`),
    permissionsBoundary: unit.names.serviceBoundaryArn,
    prefix: criticalPrefix,
    storageClass: 'STANDARD_IA',
  });
}
