import { DataAwsElasticacheReservedCacheNodeOffering } from '@cdktf/provider-aws/lib/data-aws-elasticache-reserved-cache-node-offering';
import { DataAwsRdsReservedInstanceOffering } from '@cdktf/provider-aws/lib/data-aws-rds-reserved-instance-offering';
import { ElasticacheReservedCacheNode } from '@cdktf/provider-aws/lib/elasticache-reserved-cache-node';
import { RdsReservedInstance } from '@cdktf/provider-aws/lib/rds-reserved-instance';
import { Construct } from 'constructs';

export interface ReservationProps {
  /** Instance class or node type. */
  readonly size: string;
  readonly count: number;
  /** Unique per account and region. */
  readonly name: string;
}

/** One year without an upfront payment, the shortest and least binding offer there is. */
const year = 31_536_000;
const offeringType = 'No Upfront';

/** Reserved Aurora instances for a year. Applying it spends money, destroying it gives none back. */
export class ReservedDatabase extends Construct {
  constructor(scope: Construct, id: string, props: ReservationProps) {
    super(scope, id);
    const offer = new DataAwsRdsReservedInstanceOffering(this, 'offer', {
      dbInstanceClass: props.size,
      duration: year,
      multiAz: false,
      offeringType,
      productDescription: 'aurora-postgresql',
    });
    new RdsReservedInstance(this, 'reservation', { offeringId: offer.offeringId, instanceCount: props.count, reservationId: props.name });
  }
}

/** Reserved cache nodes for a year. Applying it spends money, destroying it gives none back. */
export class ReservedCache extends Construct {
  constructor(scope: Construct, id: string, props: ReservationProps) {
    super(scope, id);
    const offer = new DataAwsElasticacheReservedCacheNodeOffering(this, 'offer', {
      cacheNodeType: props.size,
      duration: 'P1Y',
      offeringType,
      productDescription: 'redis',
    });
    new ElasticacheReservedCacheNode(this, 'reservation', {
      id: props.name,
      reservedCacheNodesOfferingId: offer.offeringId,
      cacheNodeCount: props.count,
    });
  }
}
