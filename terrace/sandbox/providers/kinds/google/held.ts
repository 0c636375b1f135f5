import type { CloudRecord } from '../../cloud/record';
import { isList, isObject, type ObjectValue, type Value } from '../../protocol/value';
import type { Born, DataBehaviour, ProviderKind, ResourceBehaviour } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import { RandomStream } from '../../values/random-stream';
import { cluster } from './clusters';
import { nodePool } from './node-pools';
import { autoRanges, autoSubnets } from './default-network';
import { googleOffers } from './offers';
import { projectNumber } from './project-number';
import { serviceIdentity } from './service-agents';

/** Letters of zones where they are not a, b and c. */
const zoneLetters: Readonly<Record<string, string>> = { 'europe-west1': 'bcd', 'us-central1': 'abcf', 'us-east1': 'bcd' };

/** Families of public images: project, and how a version is named (Google, "Operating system details"). */
const images: Readonly<Record<string, readonly [string, string]>> = {
  'debian-11': ['debian-cloud', 'debian-11-bullseye-v20251014'],
  'debian-12': ['debian-cloud', 'debian-12-bookworm-v20251014'],
  'debian-13': ['debian-cloud', 'debian-13-trixie-v20251014'],
  'ubuntu-2204-lts': ['ubuntu-os-cloud', 'ubuntu-2204-jammy-v20251023'],
  'ubuntu-2404-lts-amd64': ['ubuntu-os-cloud', 'ubuntu-2404-noble-amd64-v20251021'],
  'cos-stable': ['cos-cloud', 'cos-stable-121-18867-199-88'],
  'rocky-linux-9': ['rocky-linux-cloud', 'rocky-linux-9-v20251014'],
  'rhel-9': ['rhel-cloud', 'rhel-9-v20251014'],
  'windows-2022': ['windows-cloud', 'windows-server-2022-dc-v20251014'],
};

/** Versions of a secret are counted (Google, "Add a secret version"). */
const secretVersion: ResourceBehaviour = {
  create: ({ provider: { cloud, name: provider }, type, settings: { scope } }, planned) => {
    const before = cloud.list(provider, type, scope).filter(({ record: { values } }) => values['secret'] === planned['secret']);
    const version = String(1 + Math.max(0, ...before.map(({ record: { values } }) => Number(values['version']))));
    return { ...planned, name: `${String(planned['secret'])}/versions/${version}`, version };
  },
};

/** A network in auto mode brings a subnet in each region; services act by accounts of their own. */
export const googleResources: Readonly<Record<string, ResourceBehaviour>> = {
  google_container_cluster: cluster,
  google_container_node_pool: nodePool,
  google_project_service_identity: serviceIdentity,
  google_secret_manager_secret_version: secretVersion,
  google_secret_manager_regional_secret_version: secretVersion,
  google_compute_network: {
    brings: ({ settings: { values } }, state) => {
      if (state['auto_create_subnetworks'] === false) return [];
      const project = values['project'] ?? '';
      const name = String(state['name'] ?? '');
      return autoSubnets(project, name, String(state['self_link'] ?? state['id'] ?? ''));
    },
  },
};

/** The boot disk of an instance. */
export const googleBorn: readonly Born[] = [
  {
    of: /^google_compute_instance$/,
    path: /^boot_disk\.source$/,
    type: 'google_compute_disk',
    form: 'https://www.googleapis.com/compute/v1/projects/{project}/zones/{zone}/disks/{name}',
    values: {
      id: 'projects/{project}/zones/{zone}/disks/{name}',
      name: '{name}',
      zone: '{zone}',
      project: '{project}',
      self_link: '{child}',
      size: 10,
      type: 'pd-standard',
    },
  },
];

/** Public images, found by family or name in their projects. */
export const ownedByGoogle: NonNullable<ProviderKind['owned']> = ({ values: { project: own = '' } }, type, config) =>
  type === 'google_project'
    ? [projectOf(own)]
    : type !== 'google_compute_image'
      ? []
      : Object.entries(images)
          .filter(([, [project]]) => (config['project'] ?? project) === project)
          .map(([family, [project, name]]) => {
            const id = `projects/${project}/global/images/${name}`;
            return {
              id,
              values: {
                id,
                name,
                family,
                project,
                self_link: `https://www.googleapis.com/compute/v1/${id}`,
                disk_size_gb: 10,
                status: 'READY',
                image_id: new RandomStream(`image ${name}`).digits(19),
                creation_timestamp: '2025-10-14T00:00:00.000-07:00',
                labels: {},
              },
            };
          });

/** The project of a connection: whoever is connected sees it. */
function projectOf(name: string): Pick<CloudRecord, 'id' | 'values'> {
  const id = `projects/${name}`;
  return { id, values: { id: name, project_id: name, name, number: projectNumber(name), lifecycle_state: 'ACTIVE', labels: {} } };
}

const account =
  (email: (number: string, project: string) => string, title: string): DataBehaviour =>
  ({ settings: { values } }, config) => {
    const project = String(config['project'] ?? values['project'] ?? '');
    const address = email(projectNumber(project), project);
    const id = `projects/${project}/serviceAccounts/${address}`;
    return {
      id,
      name: id,
      project,
      email: address,
      email_address: address,
      member: `serviceAccount:${address}`,
      display_name: title,
      unique_id: new RandomStream(address).digits(21),
    };
  };

/** Data sources of Google that follow from the project, their arguments and tables. */
export const googleFacts: Readonly<Record<string, DataBehaviour>> = {
  ...googleOffers,
  google_compute_regions: ({ settings: { values } }) => ({ id: `projects/${values['project'] ?? ''}`, names: Object.keys(autoRanges) }),
  google_compute_zones: ({ type, settings: { values } }, config) => {
    const wanted = String(config['region'] ?? values['region'] ?? '');
    if (autoRanges[wanted] === undefined)
      throw new Refusal(
        `reading ${type}`,
        `the table has no region ${JSON.stringify(wanted)}; it has ${Object.keys(autoRanges).join(', ')}`,
        'region',
      );
    return {
      id: `projects/${values['project'] ?? ''}/regions/${wanted}`,
      names: Array.from(zoneLetters[wanted] ?? 'abc').map((letter) => `${wanted}-${letter}`),
    };
  },
  google_compute_default_service_account: account(
    (number) => `${number}-compute@developer.gserviceaccount.com`,
    'Compute Engine default service account',
  ),
  google_app_engine_default_service_account: account(
    (_, project) => `${project}@appspot.gserviceaccount.com`,
    'App Engine default service account',
  ),
  google_storage_project_service_account: account((number) => `service-${number}@gs-project-accounts.iam.gserviceaccount.com`, ''),
  google_bigquery_default_service_account: account((number) => `bq-${number}@bigquery-encryption.iam.gserviceaccount.com`, ''),
  google_client_openid_userinfo: ({ settings: { values } }) => ({
    id: 'sandbox',
    email: `sandbox@${values['project'] ?? ''}.iam.gserviceaccount.com`,
  }),
  // Ranges that Google documents as fixed: private access and health checks (Google, "Private Google Access", "Health checks overview").
  google_netblock_ip_ranges: ({ type }, config) => {
    const ranges: Readonly<Record<string, readonly string[]>> = {
      'private-googleapis': ['199.36.153.8/30'],
      'restricted-googleapis': ['199.36.153.4/30'],
      'dns-forwarders': ['35.199.192.0/19'],
      'iap-forwarders': ['35.235.240.0/20'],
      'health-checkers': ['35.191.0.0/16', '130.211.0.0/22'],
      'legacy-health-checkers': ['35.191.0.0/16', '209.85.152.0/22', '209.85.204.0/22'],
    };
    const wanted = String(config['range_type'] ?? 'cloud-netblocks');
    const found = ranges[wanted];
    if (found === undefined)
      throw new Refusal(`reading ${type}`, `the table has no ${wanted}; it has ${Object.keys(ranges).join(', ')}`, 'range_type');
    return { id: `netblock-ip-ranges-${wanted}`, cidr_blocks: found, cidr_blocks_ipv4: found, cidr_blocks_ipv6: [] };
  },
  google_iam_policy: (_, config) => {
    const bindings = objects(config['binding']).map((one) => ({
      ...(objects(one['condition']).length === 0 ? {} : { condition: objects(one['condition'])[0] }),
      members: texts(one['members']).sort(),
      role: String(one['role'] ?? ''),
    }));
    const audits = objects(config['audit_config']).map((one) => ({
      auditLogConfigs: objects(one['audit_log_configs']).map((log) => ({
        logType: String(log['log_type'] ?? ''),
        ...(texts(log['exempted_members']).length === 0 ? {} : { exemptedMembers: texts(log['exempted_members']).sort() }),
      })),
      service: String(one['service'] ?? ''),
    }));
    const policy = JSON.stringify({
      ...(audits.length === 0 ? {} : { auditConfigs: audits }),
      bindings: bindings.sort((left, right) => left.role.localeCompare(right.role)),
    });
    return { id: new RandomStream(policy).digits(10), policy_data: policy };
  },
};

function objects(value: Value | undefined): ObjectValue[] {
  return isList(value) ? value.filter(isObject) : [];
}

function texts(value: Value | undefined): string[] {
  return isList(value) ? value.filter((one) => typeof one === 'string') : [];
}
