import { declareOutputs, text } from 'terrace';

import { AllowedEdge } from '../../../../modules/kubernetes/allowed-edge';
import { IsolatedNamespace } from '../../../../modules/kubernetes/isolated-namespace';
import type { AstraRegion } from '../../astra-unit';
import { ClusterUnit } from '../../cluster-unit';
import { edgesOf, namespaces, podsOf } from '../../topology';

const outputs = declareOutputs({ applicationsNamespace: text(namespaces.applications), monitoringNamespace: text(namespaces.monitoring) });

/**
 * The namespaces, closed to everything, and one policy for each connection that is allowed. It comes before all workloads: there is no
 * moment in which they are open.
 */
export class NetworkPoliciesUnit extends ClusterUnit<typeof outputs> {
  constructor(region: AstraRegion, id: string) {
    super(region, id, outputs);
    this.useCluster({ helm: false });
    const { labels } = this;
    const applications = new IsolatedNamespace(this, 'applications', {
      name: namespaces.applications,
      labels,
      podSecurity: 'restricted',
    });
    // node-exporter looks at the node itself: its network, its processes, its disks.
    const monitoring = new IsolatedNamespace(this, 'monitoring', { name: namespaces.monitoring, labels, podSecurity: 'privileged' });
    for (const { from, to, port } of edgesOf(this.environment))
      new AllowedEdge(this, `${from}-to-${to}`, {
        name: `${from}-to-${to}`,
        namespace: applications.name,
        labels,
        to: podsOf[to],
        from: from === 'anywhere' ? from : podsOf[from],
        ports: [port],
      });
    this.outputs({ applicationsNamespace: applications.name, monitoringNamespace: monitoring.name });
  }
}
