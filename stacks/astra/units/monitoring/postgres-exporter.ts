import { declareOutputs } from 'terrace';

import { chartVersions } from '../../../../envcommon/kubernetes';
import { PostgresExporter } from '../../../../modules/kubernetes/postgres-exporter';
import type { AstraRegion } from '../../astra-unit';
import { ClusterUnit } from '../../cluster-unit';
import { workloads } from '../../topology';
import { PostgresUnit } from '../data/postgres';
import { NetworkPoliciesUnit } from '../security/network-policies';

const outputs = declareOutputs({});

/** The database's metrics. */
export class PostgresExporterUnit extends ClusterUnit<typeof outputs> {
  constructor(region: AstraRegion, id: string) {
    super(region, id, outputs);
    this.useCluster({ helm: true });
    const { applicationsNamespace } = this.dependency(region.unit(NetworkPoliciesUnit));
    const { serviceName, credentialsName } = this.dependency(region.unit(PostgresUnit));
    new PostgresExporter(this, 'exporter', {
      namespace: applicationsNamespace,
      labels: this.labels,
      chartVersion: chartVersions['prometheus-postgres-exporter'],
      database: { host: serviceName, port: workloads.postgres.port, name: this.environment.database.name, secret: credentialsName },
    });
  }
}
