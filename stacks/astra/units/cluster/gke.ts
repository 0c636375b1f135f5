import { declareOutputs, text } from 'terrace';

import { GkeCluster } from '../../../../modules/google/gke-cluster';
import { AstraUnit, type AstraRegion } from '../../astra-unit';

const outputs = declareOutputs({
  endpoint: text('https://203.0.113.20'),
  authority: text('-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'),
  clusterName: text('development-cluster'),
});

/** The cluster of the environment, in a network of its own. */
export class GkeUnit extends AstraUnit<typeof outputs> {
  constructor(region: AstraRegion, id: string) {
    super(region, id, outputs);
    const { cluster, account } = this.environment;
    if (cluster === 'existing') throw new RangeError(`${region.path}: the cluster is there already`);
    this.useGoogle();
    const gke = new GkeCluster(this, 'gke', {
      ...region.place,
      ...cluster,
      project: account.id,
      administrators: this.variable('cluster_admin_cidrs', {
        type: 'list(string)',
        description: 'CIDRs of administrators and pipelines, which may reach the Kubernetes API server',
      }),
      labels: this.googleLabels,
    });
    this.outputs({ endpoint: gke.endpoint, authority: gke.authority, clusterName: gke.cluster.name });
  }
}
