import { clusterRegion, clusterZone, stateRegion } from './root';
import type { AstraRegionValues } from './values';

/** The region of an environment's cluster; its network is a /16, of which pods take the second half. */
export function clusterRegionOf(block: number): AstraRegionValues {
  const addresses = {
    network: `10.${block}.0.0/16`,
    nodes: `10.${block}.0.0/20`,
    services: `10.${block}.16.0/20`,
    controlPlane: `10.${block}.32.0/28`,
    pods: `10.${block}.128.0/17`,
  };
  return {
    region: clusterRegion,
    stateRegion,
    place: { region: clusterRegion, zone: clusterZone, addresses },
    networks: [
      {
        unit: 'cluster/gke',
        cidr: addresses.network,
        subnets: (['nodes', 'services', 'controlPlane', 'pods'] as const).map((name) => ({ name, cidr: addresses[name] })),
      },
    ],
  };
}

/** The same region where the cluster is somebody else's: neither its place nor its addresses are decided here, so none can overlap. */
export function withExistingCluster({ region, stateRegion: states }: AstraRegionValues): AstraRegionValues {
  return { region, stateRegion: states };
}
