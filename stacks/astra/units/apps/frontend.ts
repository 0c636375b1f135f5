import { declareOutputs, text } from 'terrace';

import { webApplication } from '../../../../envcommon/kubernetes';
import { WebApplication } from '../../../../modules/kubernetes/web-application';
import type { AstraRegion } from '../../astra-unit';
import { ClusterUnit } from '../../cluster-unit';
import { serviceImage } from '../../image-variable';
import { workloads } from '../../topology';
import { NetworkPoliciesUnit } from '../security/network-policies';
import { BackendUnit } from './backend';

const outputs = declareOutputs({ serviceName: text(workloads.frontend.service) });

/** The Next.js frontend. */
export class FrontendUnit extends ClusterUnit<typeof outputs> {
  constructor(region: AstraRegion, id: string) {
    super(region, id, outputs);
    this.useCluster({ helm: false });
    const { applicationsNamespace } = this.dependency(region.unit(NetworkPoliciesUnit));
    const backend = this.dependency(region.unit(BackendUnit));
    const { port, service } = workloads.frontend;
    const frontend = new WebApplication(this, 'application', {
      name: 'frontend',
      place: { namespace: applicationsNamespace, labels: this.labels },
      image: serviceImage(this, 'frontend'),
      port,
      service: { name: service, exposure: this.environment.exposure.frontend },
      probes: { liveness: { path: '/', delay: 15 }, readiness: { path: '/', delay: 5 } },
      ...webApplication(this.environment.frontend),
      user: { user: 1000, group: 1000 },
      settings: { NEXT_PUBLIC_BACKEND_URL: `http://${backend.serviceName}:${workloads.backend.port}` },
      writable: ['/app/.next/cache'],
    });
    this.outputs({ serviceName: frontend.service.name });
  }
}
