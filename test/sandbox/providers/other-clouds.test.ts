import { afterAll, expect, test } from '@jest/globals';

import { localProvider, type LocalProvider } from '../../_helpers/simulated-provider';

const made: LocalProvider[] = [];
const provider = (name: string, config = {}): LocalProvider => {
  const one = localProvider(name, config);
  made.push(one);
  return one;
};
afterAll(() => made.forEach((one) => one.remove()));

test('Azure: a private endpoint brings its interface, built-in roles are found by name, locations come from a table', async () => {
  const azurerm = provider('azurerm');
  await azurerm.create('azurerm_resource_group', { name: 'rg', location: 'westeurope' });
  const endpoint = await azurerm.create('azurerm_private_endpoint', {
    name: 'pe',
    resource_group_name: 'rg',
    location: 'westeurope',
    subnet_id: '/s',
  });
  const [face] = endpoint['network_interface'] as readonly Record<string, string>[];
  const found = await azurerm.read('azurerm_network_interface', {
    name: String(face?.['id']).split('/').at(-1),
    resource_group_name: 'rg',
  });
  expect(found['id']).toBe(face?.['id']);
  await expect(azurerm.destroy('azurerm_network_interface', { id: face?.['id'] })).rejects.toThrow(
    'it belongs to azurerm_private_endpoint',
  );
  expect(await azurerm.read('azurerm_role_definition', { name: 'AcrPull' })).toMatchObject({
    role_definition_id: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
  });
  expect(await azurerm.read('azurerm_location', { location: 'West Europe' })).toMatchObject({ display_name: 'West Europe' });
  await expect(azurerm.read('azurerm_location', { location: 'moon' })).rejects.toThrow('the table has no location "moon"');
});

test('Google: a network in auto mode brings subnets, public images are found by family, zones and accounts follow from the project', async () => {
  const google = provider('google', { project: 'shop', region: 'europe-west1' });
  const network = await google.create('google_compute_network', { name: 'auto', auto_create_subnetworks: true });
  expect(await google.read('google_compute_subnetwork', { name: 'auto', region: 'europe-west1' })).toMatchObject({
    ip_cidr_range: '10.132.0.0/20',
  });
  await google.destroy('google_compute_network', network);
  const left = google.cloud.list('google', 'google_compute_subnetwork').map(({ record }) => record.values['name']);
  expect(new Set(left)).toEqual(new Set(['default']));
  expect(await google.read('google_compute_image', { family: 'debian-12', project: 'debian-cloud' })).toMatchObject({
    name: expect.stringMatching(/^debian-12-bookworm-v/),
  });
  expect((await google.read('google_compute_zones'))['names']).toEqual(['europe-west1-b', 'europe-west1-c', 'europe-west1-d']);
  expect(await google.read('google_compute_default_service_account')).toMatchObject({
    email: expect.stringMatching(/^\d{12}-compute@developer\.gserviceaccount\.com$/),
  });
  await expect(google.read('google_netblock_ip_ranges', { range_type: 'google-netblocks' })).rejects.toThrow(
    'the table has no google-netblocks',
  );
});

test('Hetzner: a server brings its primary IPs, images and data centers come from tables', async () => {
  const hcloud = provider('hcloud');
  const server = await hcloud.create('hcloud_server', { name: 'a', server_type: 'cx22', image: 'debian-12', location: 'fsn1' });
  const ips = (await hcloud.read('hcloud_primary_ips'))['primary_ips'] as readonly Record<string, unknown>[];
  expect(ips.map(({ type, ip_address: address }) => [type, address])).toEqual([
    ['ipv4', server['ipv4_address']],
    ['ipv6', server['ipv6_address']],
  ]);
  await hcloud.destroy('hcloud_server', server);
  expect((await hcloud.read('hcloud_primary_ips'))['primary_ips']).toEqual([]);
  expect((await hcloud.read('hcloud_datacenters'))['names']).toContain('fsn1-dc14');
  const images = (await hcloud.read('hcloud_images', { with_architecture: ['arm'] }))['images'] as readonly Record<string, unknown>[];
  expect(images.map(({ name }) => name)).toContain('ubuntu-24.04');
});

test('Kubernetes: a cluster has its namespaces, and a namespace its service account', async () => {
  const kubernetes = provider('kubernetes');
  await kubernetes.create('kubernetes_namespace', { metadata: [{ name: 'shop' }] });
  expect((await kubernetes.read('kubernetes_all_namespaces'))['namespaces']).toEqual(
    expect.arrayContaining(['shop', 'kube-system', 'default']),
  );
  expect(await kubernetes.read('kubernetes_service_account', { metadata: [{ name: 'default', namespace: 'shop' }] })).toMatchObject({
    id: 'shop/default',
  });
});

test('functions of providers give what the real ones give', () => {
  const call = (name: string, one: string, ...args: readonly string[]): unknown =>
    provider(name, name === 'aws' ? { region: 'eu-west-1' } : {}).provider.callFunction(one, args);
  expect(call('aws', 'arn_parse', 'arn:aws:iam::123456789012:role/a/b')).toEqual({
    partition: 'aws',
    service: 'iam',
    region: '',
    account_id: '123456789012',
    resource: 'role/a/b',
  });
  expect(call('aws', 'arn_build', 'aws', 's3', '', '', 'bucket')).toBe('arn:aws:s3:::bucket');
  expect(call('aws', 'trim_iam_role_path', 'arn:aws:iam::123456789012:role/a/b')).toBe('arn:aws:iam::123456789012:role/b');
  expect(call('google', 'region_from_zone', 'europe-west1-b')).toBe('europe-west1');
  expect(call('hcloud', 'idna', 'münchen.de')).toBe('xn--mnchen-3ya.de');
  expect(call('hcloud', 'txt_record', 'a'.repeat(300))).toBe(`"${'a'.repeat(255)}" "${'a'.repeat(45)}"`);
  expect(call('time', 'rfc3339_parse', '2026-01-01T10:00:00Z')).toMatchObject({ year: 2026, weekday_name: 'Thursday', iso_week: 1 });
  expect(() => call('sentry', 'op_and')).toThrow('not simulated');
});

test('a site has the same certificates whenever they are asked for', async () => {
  const tls = provider('tls');
  const [one, two, other] = await Promise.all(
    ['https://a.example/x', 'https://a.example', 'https://b.example'].map((url) => tls.read('tls_certificate', { url })),
  );
  const prints = (answer: unknown): unknown =>
    (answer as { certificates: readonly Record<string, unknown>[] }).certificates.map(({ sha1_fingerprint: print, subject, is_ca: ca }) => [
      print,
      subject,
      ca,
    ]);
  expect(prints(one)).toEqual(prints(two));
  expect(prints(other)).not.toEqual(prints(one));
  expect((prints(one) as unknown[][]).map(([, ...rest]) => rest)).toEqual([
    [expect.stringContaining('Terrace sandbox root'), true],
    ['CN=a.example', false],
  ]);
});

test('Google: a project has the network default with a subnet in each region, and ids and links have the form of their service', async () => {
  const google = provider('google', { project: 'shop', region: 'europe-west3' });
  const network = await google.read('google_compute_network', { name: 'default' });
  expect(network['id']).toBe('projects/shop/global/networks/default');
  expect(await google.read('google_compute_subnetwork', { name: 'default', region: 'europe-west3' })).toMatchObject({
    ip_cidr_range: '10.156.0.0/20',
  });
  const machine = { machine_type: 'e2-small', disk: [], network_interface: [] };
  expect(await google.create('google_compute_instance_template', { name: 'web', ...machine })).toMatchObject({
    id: 'projects/shop/global/instanceTemplates/web',
    self_link: 'https://www.googleapis.com/compute/v1/projects/shop/global/instanceTemplates/web',
  });
  expect(await google.create('google_sql_database_instance', { name: 'db', database_version: 'POSTGRES_16' })).toMatchObject({
    connection_name: 'shop:europe-west3:db',
    self_link: 'https://sqladmin.googleapis.com/sql/v1beta4/projects/shop/instances/db',
  });
});

test('Azure: a list of texts that a resource does not hold itself names the resources that name it', async () => {
  const azurerm = provider('azurerm');
  await azurerm.create('azurerm_resource_group', { name: 'rg', location: 'westeurope' });
  const place = { resource_group_name: 'rg', location: 'westeurope' };
  await azurerm.create('azurerm_virtual_network', { name: 'net', ...place, address_space: ['10.0.0.0/16'] });
  const subnet = { name: 'web', resource_group_name: 'rg', virtual_network_name: 'net', address_prefixes: ['10.0.1.0/24'] };
  const names = async (): Promise<unknown> =>
    (await azurerm.read('azurerm_virtual_network', { name: 'net', resource_group_name: 'rg' }))['subnets'];
  expect(await names()).toEqual([]);
  await azurerm.create('azurerm_subnet', subnet);
  expect(await names()).toEqual(['web']);
});

test('Hetzner: a server stands in the data center of its location, tables list whole objects, and no system image has labels', async () => {
  const hcloud = provider('hcloud');
  const server = { name: 'web', server_type: 'cx22', image: 'debian-12', location: 'nbg1' };
  expect(await hcloud.create('hcloud_server', server)).toMatchObject({ datacenter: 'nbg1-dc3' });
  const { locations } = await hcloud.read('hcloud_locations');
  expect(locations).toContainEqual(expect.objectContaining({ name: 'fsn1', city: 'Falkenstein', network_zone: 'eu-central' }));
  const { server_types: types } = await hcloud.read('hcloud_server_types');
  expect(types).toContainEqual(expect.objectContaining({ name: 'cax11', architecture: 'arm', cores: 2, memory: 4, disk: 40 }));
  await expect(hcloud.read('hcloud_image', { with_selector: 'role=web' })).rejects.toThrow('no image found for selector: role=web');
});

test('Hetzner: a server in a network has the first free address of its subnet, and what is tied to nothing says so', async () => {
  const hcloud = provider('hcloud');
  const server = await hcloud.create('hcloud_server', { name: 'web', server_type: 'cx22', image: 'debian-12' });
  expect(server['ipv6_network']).toBe(String(server['ipv6_address']).replace('::1', '::/64'));
  const network = Number((await hcloud.create('hcloud_network', { name: 'n', ip_range: '10.0.0.0/16' }))['id']);
  const subnet = { type: 'cloud', network_zone: 'eu-central', ip_range: '10.0.1.0/24' };
  await hcloud.create('hcloud_network_subnet', { network_id: network, ...subnet });
  expect(await hcloud.create('hcloud_server_network', { server_id: Number(server['id']), network_id: network })).toMatchObject({
    ip: '10.0.1.2',
  });
  expect(await hcloud.create('hcloud_volume', { name: 'v', size: 10, location: 'fsn1' })).toMatchObject({ server_id: null });
});

test('Kubernetes: what belongs to the cluster itself has no namespace in its id', async () => {
  const kubernetes = provider('kubernetes');
  expect((await kubernetes.create('kubernetes_cluster_role_v1', { metadata: [{ name: 'reader' }], rule: [] }))['id']).toBe('reader');
  expect((await kubernetes.create('kubernetes_config_map_v1', { metadata: [{ name: 'settings' }] }))['id']).toBe('default/settings');
});

test('Kubernetes: a cluster has the API server as a service and its certificate in every namespace', async () => {
  const kubernetes = provider('kubernetes');
  const service = await kubernetes.read('kubernetes_service_v1', { metadata: [{ name: 'kubernetes', namespace: 'default' }] });
  expect(service['spec']).toMatchObject([{ type: 'ClusterIP', port: [{ name: 'https', port: 443 }] }]);
  const root = await kubernetes.read('kubernetes_config_map_v1', { metadata: [{ name: 'kube-root-ca.crt', namespace: 'kube-system' }] });
  expect(root['id']).toBe('kube-system/kube-root-ca.crt');
});

test('a data source that is told a name in a block answers the rest of the block: labels and uid of an object of Kubernetes', async () => {
  const kubernetes = provider('kubernetes');
  await kubernetes.create('kubernetes_namespace_v1', { metadata: [{ name: 'labelled', labels: { team: 'till' } }] });
  const { metadata } = await kubernetes.read('kubernetes_namespace_v1', { metadata: [{ name: 'labelled' }] });
  expect(metadata).toMatchObject([{ name: 'labelled', labels: { team: 'till' }, uid: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
  expect(await kubernetes.read('kubernetes_namespace', { metadata: [{ name: 'kube-system' }] })).toMatchObject({
    metadata: [{ labels: { 'kubernetes.io/metadata.name': 'kube-system' }, uid: expect.stringMatching(/^[0-9a-f-]{36}$/) }],
  });
});
