import type { HclValue } from 'terrace';

import { service, swarmService } from '../../envcommon/compute';
import { hostWatch, monitoring } from '../../envcommon/monitoring';
import { loadBalancer, traffic } from '../../envcommon/network';
import { cache, postgresContainer, postgresInstance } from '../../envcommon/storage';
import { product } from './topology/product';
import type { DevValues, ProdValues } from './values';

/** What `_envcommon/<layer>.hcl` says: the settings of each environment, for HCL that a team writes beside the tree. */
export function envcommonValues(dev: DevValues, prod: ProdValues): Readonly<Record<string, Readonly<Record<string, HclValue>>>> {
  const services = Object.fromEntries(
    Object.entries(product).map(([name, { port, healthPath }]) => [name, { port, health_path: healthPath }]),
  );
  return {
    network: {
      services,
      dev: { domain: dev.domain },
      prod: plain({ ...traffic(prod.traffic), load_balancer: loadBalancer(prod.loadBalancer), domains: prod.domains }),
    },
    compute: {
      dev: plain({
        vm_size: dev.vmSize,
        workers: dev.workerCount,
        frontend: swarmService(dev.containers.frontend),
        backend: swarmService(dev.containers.backend),
      }),
      prod: plain(service(prod.service)),
    },
    storage: {
      dev: { database: plain(postgresContainer(dev.database)) },
      prod: { database: plain(postgresInstance(prod.database)), cache: plain(cache(prod.cache)) },
    },
    monitoring: { dev: plain(hostWatch(dev.watch)), prod: plain(monitoring(prod.monitoring)) },
  };
}

/** As JSON would carry it: fields that are undefined are gone. */
function plain(settings: object): HclValue {
  return JSON.parse(JSON.stringify(settings));
}
