import { afterAll, expect, test } from '@jest/globals';

import { localProvider } from '../../_helpers/simulated-provider';

const aws = localProvider('aws', { region: 'eu-west-3' });
const azurerm = localProvider('azurerm', { features: [{}], subscription_id: '11111111-2222-3333-4444-555555555555' });
const google = localProvider('google', { project: 'shop', region: 'europe-west3' });
const kubernetes = localProvider('kubernetes', { host: 'https://cluster.example' });
const cloudflare = localProvider('cloudflare');
const helm = localProvider('helm');
afterAll(() => [aws, azurerm, google, kubernetes, cloudflare, helm].forEach((one) => one.remove()));

const account = '0123456789abcdef0123456789abcdef';

test('a route table is found with its routes and associations, those that resources of their own make too', async () => {
  const vpc = await aws.create('aws_vpc', { cidr_block: '10.0.0.0/16' });
  const subnet = await aws.create('aws_subnet', { vpc_id: vpc['id'], cidr_block: '10.0.1.0/24' });
  const gateway = await aws.create('aws_internet_gateway', { vpc_id: vpc['id'] });
  const table = await aws.create('aws_route_table', { vpc_id: vpc['id'] });
  await aws.create('aws_route', { route_table_id: table['id'], destination_cidr_block: '0.0.0.0/0', gateway_id: gateway['id'] });
  const tied = await aws.create('aws_route_table_association', { route_table_id: table['id'], subnet_id: subnet['id'] });
  expect(await aws.read('aws_route_table', { route_table_id: table['id'] })).toMatchObject({
    routes: [{ cidr_block: '0.0.0.0/0', gateway_id: gateway['id'] }],
    associations: [{ route_table_association_id: tied['id'], subnet_id: subnet['id'], main: false }],
  });
  const own = await aws.read('aws_vpc', { default: true });
  const main = await aws.read('aws_route_table', { vpc_id: own['id'], filter: [{ name: 'association.main', values: ['true'] }] });
  expect(main['routes']).toMatchObject([{ cidr_block: '0.0.0.0/0', gateway_id: expect.stringMatching(/^igw-/) }]);
});

test('a service-linked role has the name of its service, an endpoint that of the service it leads to, a gateway none', async () => {
  const role = await aws.create('aws_iam_service_linked_role', { aws_service_name: 'autoscaling.amazonaws.com', custom_suffix: 'till' });
  expect(role).toMatchObject({
    name: 'AWSServiceRoleForAutoScaling_till',
    arn: 'arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling_till',
  });
  const vpc = await aws.create('aws_vpc', { cidr_block: '10.0.0.0/16' });
  const to = (service: string, type: string): Promise<Readonly<Record<string, unknown>>> =>
    aws.create('aws_vpc_endpoint', {
      vpc_id: vpc['id'],
      service_name: `com.amazonaws.eu-west-3.${service}`,
      vpc_endpoint_type: type,
      private_dns_enabled: type === 'Interface',
    });
  expect((await to('ecr.api', 'Interface'))['dns_entry']).toMatchObject([
    { dns_name: expect.stringMatching(/^vpce-[0-9a-f]{17}-[a-z0-9]{8}\.api\.ecr\.eu-west-3\.vpce\.amazonaws\.com$/) },
    { dns_name: 'api.ecr.eu-west-3.amazonaws.com' },
  ]);
  expect((await to('s3', 'Gateway'))['dns_entry']).toEqual([]);
});

test('keys of AWS say of what kind they are and whether they wait for their material', async () => {
  const pair = await aws.create('aws_key_pair', { key_name: 'till', public_key: 'ssh-ed25519 AAAA till' });
  expect(pair).toMatchObject({ key_type: 'ed25519', key_pair_id: expect.stringMatching(/^key-[0-9a-f]{17}$/) });
  expect(await aws.create('aws_kms_external_key', {})).toMatchObject({ key_state: 'PendingImport', expiration_model: '' });
  expect(await aws.create('aws_kms_external_key', { key_material_base64: 'AAAA', enabled: true })).toMatchObject({
    key_state: 'Enabled',
    expiration_model: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
  });
  const bucket = await aws.create('aws_s3_directory_bucket', { bucket: 'carts--euw3-az1--x-s3', location: [{ name: 'euw3-az1' }] });
  expect(bucket['arn']).toBe('arn:aws:s3express:eu-west-3:111122223333:bucket/carts--euw3-az1--x-s3');
});

test('a storage account and a bus of Azure have connection strings with their own keys, a private endpoint the address of its interface', async () => {
  const group = { resource_group_name: 'shop', location: 'westeurope' };
  await azurerm.create('azurerm_resource_group', { name: 'shop', location: 'westeurope' });
  const store = await azurerm.create('azurerm_storage_account', {
    ...group,
    name: 'carts',
    account_tier: 'Standard',
    account_replication_type: 'LRS',
  });
  expect(store).toMatchObject({
    primary_connection_string: `DefaultEndpointsProtocol=https;AccountName=carts;AccountKey=${String(store['primary_access_key'])};EndpointSuffix=core.windows.net`,
    primary_queue_host: 'carts.queue.core.windows.net',
    secondary_location: '',
  });
  const bus = await azurerm.create('azurerm_servicebus_namespace', { ...group, name: 'till', sku: 'Standard' });
  expect(bus['default_primary_connection_string']).toBe(
    `Endpoint=sb://till.servicebus.windows.net/;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=${String(bus['default_primary_key'])}`,
  );
  await azurerm.create('azurerm_virtual_network', { ...group, name: 'net', address_space: ['10.0.0.0/16'] });
  const subnet = await azurerm.create('azurerm_subnet', {
    resource_group_name: 'shop',
    virtual_network_name: 'net',
    name: 'app',
    address_prefixes: ['10.0.1.0/24'],
  });
  const endpoint = await azurerm.create('azurerm_private_endpoint', {
    ...group,
    name: 'store',
    subnet_id: subnet['id'],
    private_service_connection: [{ name: 'blob', private_connection_resource_id: store['id'], is_manual_connection: false }],
  });
  const [face] = endpoint['network_interface'] as readonly { readonly name: string }[];
  expect(face?.name).toMatch(/^store\.nic\.[0-9a-f-]{36}$/);
  expect(endpoint['private_service_connection']).toMatchObject([{ private_ip_address: '10.0.1.4' }]);
  expect(await azurerm.read('azurerm_network_interface', { name: face?.name, resource_group_name: 'shop' })).toMatchObject({
    private_ip_address: '10.0.1.4',
  });
});

test('a service of Kubernetes has one address and the ports of its pods, and stands behind none unless it is a load balancer', async () => {
  const service = (name: string, type: string): Promise<Readonly<Record<string, unknown>>> =>
    kubernetes.create('kubernetes_service_v1', {
      metadata: [{ name, namespace: 'default' }],
      spec: [{ type, port: [{ port: 80 }] }],
    });
  const inside = await service('web', 'ClusterIP');
  const [spec] = inside['spec'] as readonly { readonly cluster_ip: string; readonly cluster_ips: readonly string[] }[];
  expect(spec?.cluster_ip).toMatch(/^10\.96\.\d+\.\d+$/);
  expect(spec).toMatchObject({ cluster_ips: [spec?.cluster_ip], port: [{ port: 80, target_port: '80' }] });
  expect(inside['status']).toEqual([{ load_balancer: [{ ingress: [] }] }]);
  expect((await service('edge', 'LoadBalancer'))['status']).toMatchObject([
    { load_balancer: [{ ingress: [{ hostname: '', ip: expect.stringMatching(/^203\.0\.113\.\d+$/) }] }] },
  ]);
});

test('Cloudflare says the name of a queue, when a certificate ends and that nothing is connected, Google finds accounts by a prefix', async () => {
  const queue = await cloudflare.create('cloudflare_queue', { account_id: account, queue_name: 'orders' });
  expect(queue).toMatchObject({ consumers: [], producers: [] });
  await cloudflare.create('cloudflare_r2_bucket', { account_id: account, name: 'carts' });
  const told = await cloudflare.create('cloudflare_r2_bucket_event_notification', {
    account_id: account,
    bucket_name: 'carts',
    queue_id: queue['queue_id'],
    rules: [{ actions: ['PutObject'] }],
  });
  expect(told['queue_name']).toBe('orders');
  const tunnel = await cloudflare.create('cloudflare_zero_trust_tunnel_cloudflared', { account_id: account, name: 'till' });
  expect(tunnel).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{8}-/), account_tag: account, connections: [], status: 'inactive' });
  for (const name of ['runner', 'reader']) await google.create('google_service_account', { account_id: name });
  expect((await google.read('google_service_accounts', { prefix: 'run' }))['accounts']).toMatchObject([
    { email: 'runner@shop.iam.gserviceaccount.com' },
  ]);
  expect((await helm.create('helm_release', { name: 'web', chart: 'oci://charts/nginx' }))['metadata']).toMatchObject({
    name: 'web',
    chart: 'nginx',
    revision: 1,
  });
});
