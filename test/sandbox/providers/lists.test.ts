import { afterAll, expect, test } from '@jest/globals';

import { localProvider, type LocalProvider } from '../../_helpers/simulated-provider';
import { relatedAttribute, relatedList } from '../../../terrace/sandbox/providers/engine/related';
import { fitsSelector } from '../../../terrace/sandbox/providers/engine/matching';

const made: LocalProvider[] = [];
const provider = (name: string, config = {}): LocalProvider => {
  const one = localProvider(name, config);
  made.push(one);
  return one;
};
afterAll(() => made.forEach((one) => one.remove()));

test('lists of aws hold what fits arguments, tags and filters of the connection, and are empty where nothing does', async () => {
  const aws = provider('aws', { region: 'eu-west-3' });
  const vpc = await aws.create('aws_vpc', { cidr_block: '10.9.0.0/16', tags: { Name: 'main', env: 'dev' } });
  const subnets = [];
  for (const net of [0, 1])
    subnets.push(await aws.create('aws_subnet', { vpc_id: vpc['id'], cidr_block: `10.9.${net}.0/24`, tags: { tier: `t${net}` } }));
  const ids = subnets.map(({ id }) => id);
  const by = async (name: string, value: unknown): Promise<unknown> =>
    (await aws.read('aws_subnets', { filter: [{ name, values: [value] }] }))['ids'];
  expect(await by('vpc-id', vpc['id'])).toEqual(ids);
  expect(await by('tag:tier', 't*')).toEqual(ids);
  expect(await by('tag:tier', 't1')).toEqual([ids[1]]);
  expect(await by('cidr-block', '10.9.0.?/24')).toEqual([ids[0]]);
  expect(await by('vpc-id', 'vpc-none')).toEqual([]);
  expect(await by('availabilityZone', subnets[0]?.['availability_zone'])).toEqual(expect.arrayContaining(ids));
  expect((await aws.read('aws_vpcs', { tags: { env: 'dev' } }))['ids']).toEqual([vpc['id']]);
  await aws.create('aws_secretsmanager_secret', { name: 'shop/db' });
  expect((await aws.read('aws_secretsmanager_secrets', { filter: [{ name: 'name', values: ['shop'] }] }))['names']).toEqual(['shop/db']);
  await expect(by('colour', 'blue')).rejects.toThrow('does not know the filter "colour" of aws_subnet, and does not guess');
  const other = aws.over({ region: 'eu-west-1' });
  expect((await other.read('aws_vpcs', { tags: { env: 'dev' } }))['ids']).toEqual([]);
});

test('the main route table of a VPC is listed for those who filter', async () => {
  const aws = provider('aws', { region: 'eu-west-3' });
  const vpc = await aws.create('aws_vpc', { cidr_block: '10.8.0.0/16' });
  const list = async (filter: object): Promise<unknown> => (await aws.read('aws_route_tables', { vpc_id: vpc['id'], ...filter }))['ids'];
  expect(await list({})).toEqual([]);
  expect(await list({ filter: [{ name: 'association.main', values: ['true'] }] })).toEqual([vpc['main_route_table_id']]);
  const own = await aws.create('aws_route_table', { vpc_id: vpc['id'] });
  expect(await list({})).toEqual([own['id']]);
});

test('each list takes the attribute that its name stands for', async () => {
  const aws = provider('aws', { region: 'eu-west-3' });
  await aws.create('aws_db_instance', {
    identifier: 'one',
    engine: 'postgres',
    instance_class: 'db.t4g.micro',
    allocated_storage: 20,
    username: 'u',
    password: 'pppppppp',
    skip_final_snapshot: true,
  });
  expect(await aws.read('aws_db_instances', {})).toMatchObject({
    instance_identifiers: ['one'],
    instance_arns: ['arn:aws:rds:eu-west-3:111122223333:db:one'],
  });
  await aws.create('aws_iam_role', { name: 'deploy', path: '/ci/', assume_role_policy: '{}' });
  expect((await aws.read('aws_iam_roles', { name_regex: '^dep' }))['names']).toEqual(['deploy']);
  expect((await aws.read('aws_iam_roles', { path_prefix: '/ci' }))['names']).toEqual(['deploy']);
  expect((await aws.read('aws_iam_roles', { name_regex: '^nobody$' }))['names']).toEqual([]);
  const eip = await aws.create('aws_eip', { tags: { a: 'b' } });
  expect(await aws.read('aws_eips', { tags: { a: 'b' } })).toMatchObject({ allocation_ids: [eip['id']], public_ips: [eip['public_ip']] });
  for (const [type, list] of [
    ['aws_ebs_volumes', 'ids'],
    ['aws_lambda_functions', 'function_names'],
    ['aws_lbs', 'arns'],
    ['aws_autoscaling_groups', 'names'],
    ['aws_eks_clusters', 'names'],
    ['aws_ecr_repositories', 'names'],
    ['aws_cloudwatch_log_groups', 'log_group_names'],
  ] as const)
    expect([type, (await aws.read(type))[list]]).toEqual([type, []]);
});

test('hcloud lists servers as objects by label selector, azurerm by group and prefix, google by project, cloudflare by zone', async () => {
  const hcloud = provider('hcloud');
  const server = await hcloud.create('hcloud_server', { name: 'a', server_type: 'cx22', image: 'debian-12', labels: { env: 'prod' } });
  const found = await hcloud.read('hcloud_servers', { with_selector: 'env=prod,!old' });
  expect(found['servers']).toMatchObject([{ id: Number(server['id']), name: 'a', labels: { env: 'prod' } }]);
  expect((await hcloud.read('hcloud_servers', { with_selector: 'env=dev' }))['servers']).toEqual([]);
  expect((await hcloud.read('hcloud_firewalls'))['firewalls']).toEqual([]);

  const azurerm = provider('azurerm');
  await azurerm.create('azurerm_resource_group', { name: 'rg', location: 'westeurope' });
  await azurerm.create('azurerm_public_ip', {
    name: 'web-1',
    resource_group_name: 'rg',
    location: 'westeurope',
    allocation_method: 'Static',
  });
  const ips = await azurerm.read('azurerm_public_ips', { resource_group_name: 'rg', name_prefix: 'web-' });
  expect(ips['public_ips']).toMatchObject([{ name: 'web-1' }]);
  expect((await azurerm.read('azurerm_public_ips', { resource_group_name: 'other' }))['public_ips']).toEqual([]);

  const google = provider('google', { project: 'shop' });
  await google.create('google_storage_bucket', { name: 'files', location: 'EU' });
  expect((await google.read('google_storage_buckets', { prefix: 'fi' }))['buckets']).toMatchObject([{ name: 'files' }]);
  expect((await google.read('google_storage_buckets', { prefix: 'x' }))['buckets']).toEqual([]);
  expect((await google.read('google_storage_buckets'))['buckets']).toMatchObject([{ name: 'files' }]);

  const cloudflare = provider('cloudflare');
  const zone = await cloudflare.create('cloudflare_zone', { name: 'example.com', account: { id: 'acc' } });
  await cloudflare.create('cloudflare_dns_record', {
    zone_id: zone['id'],
    name: 'www.example.com',
    type: 'A',
    content: '192.0.2.1',
    ttl: 1,
  });
  const records = await cloudflare.read('cloudflare_dns_records', { zone_id: zone['id'], name: { startswith: 'www' } });
  expect(records['result']).toMatchObject([{ name: 'www.example.com', content: '192.0.2.1' }]);
});

test("a resource that names another by its path is found by the other's name", async () => {
  const google = provider('google', { project: 'shop' });
  const secret = await google.create('google_secret_manager_secret', { secret_id: 'key', replication: [{ auto: [{}] }] });
  await google.create('google_secret_manager_secret_version', { secret: secret['id'], secret_data: 'one' });
  const second = await google.create('google_secret_manager_secret_version', { secret: secret['id'], secret_data: 'two' });
  expect(second).toMatchObject({ id: 'projects/shop/secrets/key/versions/2', version: '2' });
  expect(await google.read('google_secret_manager_secret_version', { secret: 'key', version: '1' })).toMatchObject({ secret_data: 'one' });
  expect(await google.read('google_secret_manager_secret_version_access', { secret: 'key' })).toMatchObject({ secret_data: 'two' });
});

test('lists of what terraform never makes are empty until somebody makes one known, and the reason of a refusal is said', async () => {
  const aws = provider('aws', { region: 'eu-west-3' });
  expect(await aws.read('aws_outposts_outposts')).toMatchObject({ ids: [], arns: [], region: 'eu-west-3', availability_zone: null });
  expect(await aws.read('aws_guardduty_finding_ids', { detector_id: 'd' })).toMatchObject({ finding_ids: [], has_findings: false });
  await expect(aws.read('aws_ec2_coip_pool', { pool_id: 'p' })).rejects.toThrow('terraform makes no such object');
  await expect(aws.read('aws_polly_voices')).rejects.toThrow('answered from tables, and there is none of this');
  await expect(aws.read('aws_msk_broker_nodes', { cluster_arn: 'c' })).rejects.toThrow('the service makes it of other resources');
  expect(await provider('cloudflare').read('cloudflare_page_shield_scripts_list', { zone_id: 'z' })).toMatchObject({ result: [] });
  expect(await provider('google').read('google_artifact_registry_docker_images', { location: 'eu', repository_id: 'r' })).toMatchObject({
    docker_images: [],
  });
});

test('a data source behind which nothing stands is refused, not answered', async () => {
  const aws = provider('aws', { region: 'eu-west-3' });
  await expect(aws.read('aws_pricing_product', { service_code: 'x', filters: [] })).rejects.toThrow('not simulated');
  await expect(provider('github').read('github_ip_ranges')).rejects.toThrow('not simulated');
});

test('names of data sources are related to attributes by the words of the type', () => {
  const block = {
    attributes: Object.fromEntries(
      ['id', 'arn', 'identifier', 'cluster', 'db_name'].map((name) => [name, { type: 'string' as const, computed: true }]),
    ),
  };
  expect(relatedAttribute('aws_db_instance', block, 'db_instance_identifier')).toBe('identifier');
  expect(relatedList('aws_db_instance', block, 'instance_arns')).toBe('arn');
  expect(relatedAttribute('aws_ecs_service', block, 'cluster_arn')).toBe('cluster');
  expect(relatedAttribute('aws_route_table', block, 'subnet_id')).toBeUndefined();
});

test('label selectors know equality, sets and existence', () => {
  const tags = { env: 'prod', app: 'a' };
  expect(
    ['env=prod', 'env!=dev', 'app in (a,b)', 'app notin (c)', 'env', '!gone', 'env==prod,app=a'].map((one) => fitsSelector(tags, one)),
  ).toEqual(Array(7).fill(true));
  expect(['env=dev', 'app in (b)', 'gone', '!env', 'env=prod,app=b'].map((one) => fitsSelector(tags, one))).toEqual(Array(5).fill(false));
});
