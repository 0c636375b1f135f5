import { afterAll, expect, test } from '@jest/globals';

import { fromJson } from '../../../terrace/sandbox/providers/protocol/json';
import { isObject, type ObjectValue } from '../../../terrace/sandbox/providers/protocol/value';
import { typeOfBlock } from '../../../terrace/sandbox/providers/schema/schema';
import { localProvider } from '../../_helpers/simulated-provider';

const google = localProvider('google', { project: 'shop', region: 'europe-west1' });
afterAll(() => google.remove());

test('addresses inside are the first free ones of the subnet, addresses outside are of the block for documentation', async () => {
  const inside = await google.create('google_compute_address', { name: 'in', address_type: 'INTERNAL' });
  expect(inside).toMatchObject({
    address: '10.132.0.2',
    users: [],
    subnetwork: expect.stringMatching(/europe-west1\/subnetworks\/default$/),
  });
  const machine = await google.create('google_compute_instance', {
    name: 'web',
    machine_type: 'e2-small',
    zone: 'europe-west1-b',
    boot_disk: [{ initialize_params: [{ image: 'debian-12' }] }],
    network_interface: [{ network: 'default', access_config: [{}] }],
  });
  expect(machine).toMatchObject({
    current_status: 'RUNNING',
    instance_id: expect.stringMatching(/^\d{19}$/),
    network_interface: [
      { name: 'nic0', network_ip: '10.132.0.3', access_config: [{ nat_ip: expect.stringMatching(/^203\.0\.113\.\d+$/) }] },
    ],
  });
  const outside = await google.create('google_compute_address', { name: 'out' });
  expect(outside['address']).toMatch(/^203\.0\.113\.\d+$/);
  expect(await google.read('google_compute_address', { name: 'out' })).toMatchObject({ address: outside['address'], status: 'RESERVED' });
});

test('a zone has the four servers of one group, a project no bill and no folder that nobody gave it, a network the subnets that are in it', async () => {
  const zone = await google.create('google_dns_managed_zone', { name: 'z', dns_name: 'example.com.' });
  expect(zone['name_servers']).toEqual(
    [1, 2, 3, 4].map((at) => expect.stringMatching(new RegExp(`^ns-cloud-[a-e]${at}\\.googledomains\\.com\\.$`))),
  );
  expect(await google.read('google_project')).toMatchObject({
    project_id: 'shop',
    name: 'shop',
    billing_account: '',
    folder_id: '',
    org_id: '',
  });
  const { subnetworks_self_links: links } = await google.read('google_compute_network', { name: 'default' });
  expect(links).toContain('https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west1/subnetworks/default');
});

test('what exists without the label of the provider is not changed for it', () => {
  const block = google.provider.context.schemas.resource('google_secret_manager_secret')?.block ?? {};
  const value = (json: object): ObjectValue => {
    const made = fromJson(json, typeOfBlock(block));
    return isObject(made) ? made : {};
  };
  const prior = value({ secret_id: 'old', labels: { env: 'dev' }, effective_labels: { env: 'dev' }, terraform_labels: { env: 'dev' } });
  const config = value({ secret_id: 'old', labels: { env: 'test' } });
  const { state } = google.provider.plan(
    'google_secret_manager_secret',
    google.settings({ project: 'shop', region: 'europe-west1' }),
    config,
    { ...prior, labels: { env: 'test' } },
    prior,
  );
  expect(state).toMatchObject({ effective_labels: { env: 'test' }, terraform_labels: { env: 'test' } });
  expect(Object.keys(state['effective_labels'] ?? {})).toEqual(['env']);
});

test('labels of a resource are its own, those of the provider and the one that the provider adds, and lists find by them', async () => {
  const labelled = google.over({ project: 'shop', region: 'europe-west1', default_labels: { team: 'till' } });
  for (const [name, env] of [
    ['a', 'prod'],
    ['b', 'dev'],
  ] as const)
    await labelled.create('google_secret_manager_secret', { secret_id: name, labels: { env }, replication: [{ auto: [{}] }] });
  const found = await google.read('google_secret_manager_secrets', { filter: 'labels.env=prod' });
  expect(found['secrets']).toMatchObject([{ secret_id: 'a' }]);
  expect((await google.read('google_secret_manager_secrets', { filter: 'labels.team=till' }))['secrets']).toHaveLength(2);
  expect(await google.read('google_secret_manager_secret', { secret_id: 'a' })).toMatchObject({
    effective_labels: { env: 'prod', team: 'till', 'goog-terraform-provisioned': 'true' },
  });
});

test('a cluster is reached by a name of its own, and the ranges of its pods and services are said where nobody gave them', async () => {
  const made = await google.create('google_container_cluster', { name: 'till', location: 'europe-west1', initial_node_count: 1 });
  const dns = { endpoint: expect.stringMatching(/^gke-[0-9a-f]{36}-\d{12}\.europe-west1\.gke\.goog$/), allow_external_traffic: false };
  const reached = [{ dns_endpoint_config: [dns], ip_endpoints_config: [{ enabled: true }] }];
  expect(made).toMatchObject({
    control_plane_endpoints_config: reached,
    master_auth: [{ cluster_ca_certificate: expect.stringMatching(/^LS0t/) }],
    ip_allocation_policy: [{ services_ipv4_cidr_block: '34.118.224.0/20', stack_type: 'IPV4' }],
    private_cluster_config: [{ private_endpoint: '172.16.0.2', enable_private_nodes: false }],
  });
  expect(await google.read('google_container_cluster', { name: 'till', location: 'europe-west1' })).toMatchObject({
    control_plane_endpoints_config: made['control_plane_endpoints_config'],
  });
  const closed = await google.create('google_container_cluster', {
    name: 'closed',
    location: 'europe-west1',
    initial_node_count: 1,
    control_plane_endpoints_config: [
      { dns_endpoint_config: [{ allow_external_traffic: true }], ip_endpoints_config: [{ enabled: false }] },
    ],
  });
  expect(closed['control_plane_endpoints_config']).toMatchObject([
    { dns_endpoint_config: [{ ...dns, allow_external_traffic: true }], ip_endpoints_config: [{ enabled: false }] },
  ]);
  const within = await google.create('google_container_cluster', {
    name: 'within',
    location: 'europe-west1',
    initial_node_count: 1,
    private_cluster_config: [{ enable_private_nodes: true, master_ipv4_cidr_block: '172.16.0.0/28' }],
  });
  expect(within['private_cluster_config']).toMatchObject([{ enable_private_nodes: true, enable_private_endpoint: null }]);
});
