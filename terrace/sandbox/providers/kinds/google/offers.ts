import type { DataBehaviour } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import { textOf } from '../../protocol/value';
import { RandomStream } from '../../values/random-stream';
import { projectNumber } from './project-number';

/** Versions of GKE's channels: what new clusters get, and what clusters are upgraded to (GKE release notes, January 2026). */
const channels: Readonly<Record<string, readonly [string, string]>> = {
  RAPID: ['1.35.0-gke.1403000', '1.34.1-gke.3971000'],
  REGULAR: ['1.33.5-gke.2072000', '1.33.5-gke.2072000'],
  STABLE: ['1.33.5-gke.1956000', '1.33.5-gke.1956000'],
  EXTENDED: ['1.33.5-gke.2072000', '1.30.14-gke.1855000'],
};
/** Without a channel: the default first. */
const versions = ['1.33.5-gke.2072000', '1.33.5-gke.1956000', '1.30.14-gke.1855000'];

const healthChecks = ['130.211.0.0/22', '35.191.0.0/16'];

/** What Google offers in every project: versions of GKE, ranges of load balancers (Google Cloud, "Health checks overview"), accounts of services. */
export const googleOffers: Readonly<Record<string, DataBehaviour>> = {
  google_container_engine_versions: ({ type, settings: { values } }, config) => {
    const prefix = textOf(config['version_prefix']) ?? '';
    const found = versions.filter((one) => one.startsWith(prefix));
    if (found.length === 0)
      throw new Refusal(
        `reading ${type}`,
        `the table has no version ${JSON.stringify(prefix)}; it has ${versions.join(', ')}`,
        'version_prefix',
      );
    const of = (index: 0 | 1): Record<string, string> =>
      Object.fromEntries(Object.entries(channels).map(([name, pair]) => [name, pair[index]]));
    return {
      id: `projects/${textOf(config['project']) ?? values['project'] ?? ''}/locations/${textOf(config['location']) ?? values['region'] ?? ''}`,
      default_cluster_version: versions[0] ?? '',
      latest_master_version: found[0] ?? '',
      latest_node_version: found[0] ?? '',
      valid_master_versions: found,
      valid_node_versions: found,
      release_channel_default_version: of(0),
      release_channel_latest_version: of(0),
      release_channel_upgrade_target_version: of(1),
    };
  },
  google_compute_lb_ip_ranges: () => ({
    id: 'compute-lb-ip-ranges',
    http_ssl_tcp_internal: healthChecks,
    network: ['209.85.152.0/22', '209.85.204.0/22', '35.191.0.0/16'],
  }),
  google_storage_transfer_project_service_account: ({ settings: { values } }, config) => {
    const project = textOf(config['project']) ?? values['project'] ?? '';
    const email = `project-${projectNumber(project)}@storage-transfer-service.iam.gserviceaccount.com`;
    return { id: email, project, email, member: `serviceAccount:${email}`, subject_id: new RandomStream(email).digits(21) };
  },
};
