import type { Brought, ProviderKind } from '../../engine/context';

/** Second octet pairs of the subnets that a network in auto mode has in each region (Google, "Auto mode VPC networks"). */
export const autoRanges: Readonly<Record<string, string>> = {
  'asia-east1': '10.140.0.0/20',
  'asia-northeast1': '10.146.0.0/20',
  'asia-south1': '10.160.0.0/20',
  'asia-southeast1': '10.148.0.0/20',
  'australia-southeast1': '10.152.0.0/20',
  'europe-central2': '10.186.0.0/20',
  'europe-north1': '10.166.0.0/20',
  'europe-southwest1': '10.204.0.0/20',
  'europe-west1': '10.132.0.0/20',
  'europe-west2': '10.154.0.0/20',
  'europe-west3': '10.156.0.0/20',
  'europe-west4': '10.164.0.0/20',
  'europe-west6': '10.172.0.0/20',
  'europe-west8': '10.198.0.0/20',
  'europe-west9': '10.200.0.0/20',
  'northamerica-northeast1': '10.162.0.0/20',
  'southamerica-east1': '10.158.0.0/20',
  'us-central1': '10.128.0.0/20',
  'us-east1': '10.142.0.0/20',
  'us-east4': '10.150.0.0/20',
  'us-west1': '10.138.0.0/20',
  'us-west2': '10.168.0.0/20',
};

/** The subnets of a network in auto mode, one in each region. */
export function autoSubnets(project: string, name: string, network: string): readonly Brought[] {
  return Object.entries(autoRanges).map(([region, range]) => {
    const id = `projects/${project}/regions/${region}/subnetworks/${name}`;
    return {
      type: 'google_compute_subnetwork',
      id,
      values: {
        id,
        name,
        region,
        project,
        network,
        ip_cidr_range: range,
        self_link: `https://www.googleapis.com/compute/v1/${id}`,
        private_ip_google_access: false,
        secondary_ip_range: [],
      },
    };
  });
}

/** The network `default` that a new project has, in auto mode (Google, "VPC networks"); made when one is first asked for. */
export const furnishGoogle: NonNullable<ProviderKind['furnish']> = (
  { cloud, name: provider },
  { scope, values: { project = '' } },
  type,
) => {
  if (!/^google_compute_(network|subnetwork)$/.test(type) || project === '') return;
  const id = `projects/${project}/global/networks/default`;
  const link = `https://www.googleapis.com/compute/v1/${id}`;
  const common = { version: 1, provider, scope, created: 0 } as const;
  const values = {
    id,
    name: 'default',
    project,
    self_link: link,
    description: 'Default network for the project',
    auto_create_subnetworks: true,
    routing_mode: 'REGIONAL',
    mtu: 1460,
  };
  if (cloud.create({ ...common, type: 'google_compute_network', id, values }, true) === undefined) return;
  const owner = cloud.keyOfId(provider, scope, 'google_compute_network', id);
  for (const subnet of autoSubnets(project, 'default', link)) cloud.create({ ...common, ...subnet, hidden: { owner } }, true);
};
