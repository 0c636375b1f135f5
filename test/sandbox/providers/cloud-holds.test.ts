import { afterAll, expect, test } from '@jest/globals';

import { localProvider, type LocalProvider } from '../../_helpers/simulated-provider';

const made: LocalProvider[] = [];
const inRegion = (region: string): LocalProvider => {
  const one = localProvider('aws', { region });
  made.push(one);
  return one;
};
afterAll(() => made.forEach((one) => one.remove()));

test('a fresh account has a default VPC with its network in each region, which default = true finds among others', async () => {
  const aws = inRegion('ap-south-1');
  const mine = await aws.create('aws_vpc', { cidr_block: '10.0.0.0/16' });
  const found = await aws.read('aws_vpc', { default: true });
  expect(found).toMatchObject({ cidr_block: '172.31.0.0/16', default: true });
  expect(found['id']).not.toBe(mine['id']);
  expect((await aws.read('aws_subnets', { filter: [{ name: 'vpc-id', values: [found['id']] }] }))['ids']).toHaveLength(3);
  expect(await aws.read('aws_internet_gateway', { filter: [{ name: 'attachment.vpc-id', values: [found['id']] }] })).toMatchObject({
    owner_id: '111122223333',
  });
  expect(await aws.read('aws_security_group', { vpc_id: found['id'], name: 'default' })).toMatchObject({
    description: 'default VPC security group',
  });
  const elsewhere = await aws.over({ region: 'eu-west-1' }).read('aws_vpc', { default: true });
  expect(elsewhere['id']).not.toBe(found['id']);
  // A list that asks for nothing leaves out what nobody took into care; one that asks finds it.
  expect((await aws.read('aws_vpcs'))['ids']).toEqual([mine['id']]);
  expect((await aws.read('aws_vpcs', { filter: [{ name: 'is-default', values: ['true'] }] }))['ids']).toEqual([found['id']]);
  expect(await aws.create('aws_default_vpc', {})).toMatchObject({ id: found['id'], cidr_block: '172.31.0.0/16' });
  expect((await aws.read('aws_vpcs'))['ids']).toEqual([found['id'], mine['id']]);
});

test('more than one match is an error, most_recent takes the latest, a default VPC that was removed stays removed', async () => {
  const aws = inRegion('eu-west-1');
  await aws.create('aws_vpc', { cidr_block: '10.0.0.0/16', tags: { a: 'b' } });
  await aws.create('aws_vpc', { cidr_block: '10.1.0.0/16', tags: { a: 'b' } });
  await expect(aws.read('aws_vpc', { tags: { a: 'b' } })).rejects.toThrow('multiple aws_vpc matched');
  const name = [{ name: 'name', values: ['al2023-ami-2023*-x86_64'] }];
  await expect(aws.read('aws_ami', { owners: ['amazon'], filter: name })).rejects.toThrow('multiple aws_ami matched');
  const image = await aws.read('aws_ami', { owners: ['amazon'], filter: name, most_recent: true });
  expect(image).toMatchObject({
    name: expect.stringMatching(/^al2023-ami-2023\.9\..*-x86_64$/),
    architecture: 'x86_64',
    owner_id: '137112412989',
  });
  const first = aws.cloud.list('aws', 'aws_vpc', '111122223333/eu-west-1').find(({ record }) => record.hidden?.['default'] === true);
  aws.cloud.remove(first?.key ?? '');
  await expect(aws.read('aws_vpc', { default: true })).rejects.toThrow('no matching aws_vpc found');
});

test('what a resource brings with it is found, cannot be deleted alone, and goes with it', async () => {
  const aws = inRegion('eu-west-1');
  const database = {
    identifier: 'd',
    engine: 'postgres',
    instance_class: 'db.t4g.micro',
    allocated_storage: 20,
    username: 'u',
    skip_final_snapshot: true,
  };
  const plain = await aws.create('aws_db_instance', { ...database, identifier: 'plain', password: 'pppppppp' });
  expect(plain['master_user_secret']).toEqual([]);
  const managed = await aws.create('aws_db_instance', { ...database, manage_master_user_password: true });
  const [secret] = managed['master_user_secret'] as readonly Record<string, string>[];
  const arn = secret?.['secret_arn'] ?? '';
  expect(arn).toMatch(/^arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!db-[0-9a-f-]{36}-\w{6}$/);
  expect(await aws.read('aws_secretsmanager_secret', { arn })).toMatchObject({
    name: arn.replace(/^.*:secret:/, '').replace(/-\w{6}$/, ''),
  });
  const version = await aws.read('aws_secretsmanager_secret_version', { secret_id: arn });
  expect(JSON.parse(String(version['secret_string']))).toMatchObject({ username: 'u' });
  await expect(aws.destroy('aws_secretsmanager_secret', { id: arn })).rejects.toThrow('it belongs to aws_db_instance');
  await aws.destroy('aws_db_instance', managed);
  expect(aws.cloud.list('aws', 'aws_secretsmanager_secret')).toEqual([]);
});

test('a VPC brings its main route table, network ACL and default security group', async () => {
  const aws = inRegion('eu-west-1');
  const vpc = await aws.create('aws_vpc', { cidr_block: '10.9.0.0/16' });
  expect(await aws.read('aws_route_table', { route_table_id: vpc['main_route_table_id'] })).toMatchObject({ vpc_id: vpc['id'] });
  expect((await aws.read('aws_network_acls', { vpc_id: vpc['id'] }))['ids']).toEqual([vpc['default_network_acl_id']]);
  expect((await aws.read('aws_security_group', { vpc_id: vpc['id'], name: 'default' }))['id']).toBe(vpc['default_security_group_id']);
  await aws.destroy('aws_vpc', vpc);
  expect(aws.cloud.list('aws', 'aws_security_group').filter(({ record }) => record.values['vpc_id'] === vpc['id'])).toEqual([]);
});

test('a reference may name another type of the same kind of thing', async () => {
  const aws = inRegion('eu-west-1');
  const key = await aws.create('aws_kms_external_key', {});
  expect(await aws.create('aws_kms_alias', { name: 'alias/e', target_key_id: key['id'] })).toMatchObject({ id: 'alias/e' });
  expect(await aws.read('aws_kms_key', { key_id: 'alias/e' })).toMatchObject({ id: key['id'], origin: 'EXTERNAL' });
  await expect(aws.create('aws_kms_alias', { name: 'alias/f', target_key_id: 'nothing' })).rejects.toThrow('does not exist');
});

test('what AWS owns answers by form', async () => {
  const aws = inRegion('eu-west-1');
  expect(await aws.read('aws_iam_policy', { name: 'AdministratorAccess' })).toMatchObject({
    arn: 'arn:aws:iam::aws:policy/AdministratorAccess',
  });
  const unknown = await aws.read('aws_iam_policy', { arn: 'arn:aws:iam::aws:policy/service-role/AWSNobodyKnowsRole' });
  expect(JSON.parse(String(unknown['policy']))).toMatchObject({ Statement: [{ Sid: 'TerraceSandboxStandIn' }] });
  await expect(aws.read('aws_iam_policy', { name: 'mine' })).rejects.toThrow('no matching aws_iam_policy found');
  const [alias, key] = [
    await aws.read('aws_kms_alias', { name: 'alias/aws/s3' }),
    await aws.read('aws_kms_key', { key_id: 'alias/aws/s3' }),
  ];
  expect(alias['target_key_arn']).toBe(key['arn']);
  expect(
    await aws.read('aws_ssm_parameter', { name: '/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id' }),
  ).toMatchObject({ value: expect.stringMatching(/^ami-[0-9a-f]{17}$/) });
  await expect(aws.read('aws_ssm_parameter', { name: '/mine' })).rejects.toThrow('no matching aws_ssm_parameter found');
  expect(await aws.read('aws_cloudfront_cache_policy', { name: 'Managed-CachingOptimized' })).toMatchObject({
    id: '658327ea-f89d-4fab-a63d-7e88639e58f6',
  });
  expect((await aws.read('aws_prefix_list', { name: 'com.amazonaws.eu-west-1.s3' }))['cidr_blocks']).toHaveLength(6);
});

test('pure sources are computed or looked up, and refused where the table has nothing', async () => {
  const aws = inRegion('eu-west-1');
  expect(await aws.read('aws_arn', { arn: 'arn:aws:rds:eu-west-1:123456789012:db:x' })).toMatchObject({
    service: 'rds',
    account: '123456789012',
    resource: 'db:x',
  });
  expect(await aws.read('aws_service', { service_id: 's3' })).toMatchObject({
    dns_name: 's3.eu-west-1.amazonaws.com',
    reverse_dns_name: 'com.amazonaws.eu-west-1.s3',
  });
  expect(await aws.read('aws_service_principal', { service_name: 'ec2' })).toMatchObject({ name: 'ec2.amazonaws.com' });
  expect(await aws.read('aws_region', {})).toMatchObject({ description: 'Europe (Ireland)' });
  expect((await aws.read('aws_ip_ranges', { regions: ['eu-west-1'], services: ['ec2_instance_connect'] }))['cidr_blocks']).toEqual([
    '18.202.216.48/29',
  ]);
  await expect(aws.read('aws_ip_ranges', { services: ['AMAZON'] })).rejects.toThrow('the table has no ranges of AMAZON');
  expect(await aws.read('aws_lb_hosted_zone_id', { load_balancer_type: 'network' })).toMatchObject({ id: 'Z2IFOLAFXWLO4F' });
  expect(await aws.read('aws_ec2_instance_type', { instance_type: 't3.medium' })).toMatchObject({ default_vcpus: 2, memory_size: 4096 });
  await expect(aws.read('aws_ec2_instance_type', { instance_type: 'p5.48xlarge' })).rejects.toThrow('the table has no p5.48xlarge');
  expect(await aws.read('aws_rds_engine_version', { engine: 'postgres', version: '16', latest: true })).toMatchObject({
    version: '16.9',
    parameter_group_family: 'postgres16',
  });
  expect(await aws.read('aws_availability_zone', { name: 'ap-southeast-2b' })).toMatchObject({ zone_id: 'apse2-az2' });
});

test('what stands in a subnet has its VPC, zone, an address of its block, and an interface that is found by what it is attached to', async () => {
  const one = localProvider('aws', { region: 'eu-west-1' });
  const vpc = await one.create('aws_vpc', { cidr_block: '10.0.0.0/16' });
  const subnet = await one.create('aws_subnet', { vpc_id: vpc['id'], cidr_block: '10.0.7.0/24', availability_zone: 'eu-west-1c' });
  expect(subnet['availability_zone_id']).toBe('euw1-az3');
  const server = await one.create('aws_instance', { ami: 'ami-1', instance_type: 't3.micro', subnet_id: subnet['id'] });
  expect(server).toMatchObject({
    availability_zone: 'eu-west-1c',
    private_ip: expect.stringMatching(/^10\.0\.7\.\d+$/),
    public_ip: '',
    vpc_security_group_ids: [vpc['default_security_group_id']],
  });
  const attached = { filter: [{ name: 'attachment.instance-id', values: [server['id']] }] };
  expect((await one.read('aws_network_interfaces', attached))['ids']).toEqual([server['primary_network_interface_id']]);
  const gateway = await one.create('aws_nat_gateway', { subnet_id: subnet['id'], connectivity_type: 'private' });
  expect((await one.read('aws_nat_gateways', { vpc_id: vpc['id'] }))['ids']).toEqual([gateway['id']]);
  expect(await one.read('aws_network_interface', { id: gateway['network_interface_id'] })).toMatchObject({ interface_type: 'nat_gateway' });
  const cluster = await one.create('aws_eks_cluster', { name: 'c', role_arn: 'r', vpc_config: [{ subnet_ids: [subnet['id']] }] });
  expect(cluster['vpc_config']).toMatchObject([{ vpc_id: vpc['id'] }]);
  expect(cluster['identity']).toEqual([
    { oidc: [{ issuer: expect.stringMatching(/^https:\/\/oidc\.eks\.eu-west-1\.amazonaws\.com\/id\/[0-9A-F]{32}$/) }] },
  ]);
  const unplaced = await one.create('aws_instance', { ami: 'ami-1', instance_type: 't3.micro' });
  expect(unplaced).toMatchObject({
    private_ip: expect.stringMatching(/^172\.31\./),
    public_ip: expect.stringMatching(/^203\.0\.113\./),
  });
  one.remove();
});

test('what follows from the region is that of the region: hosted zones, and the prefix list of a gateway endpoint', async () => {
  const one = localProvider('aws', { region: 'eu-west-1' });
  const vpc = await one.create('aws_vpc', { cidr_block: '10.0.0.0/16' });
  const subnet = await one.create('aws_subnet', { vpc_id: vpc['id'], cidr_block: '10.0.7.0/24' });
  const hosted = await one.read('aws_lb_hosted_zone_id');
  expect(await one.create('aws_lb', { subnets: [subnet['id']] })).toMatchObject({ zone_id: hosted['id'], vpc_id: vpc['id'] });
  const endpoint = await one.create('aws_vpc_endpoint', { vpc_id: vpc['id'], service_name: 'com.amazonaws.eu-west-1.s3' });
  expect((await one.read('aws_prefix_list', { name: 'com.amazonaws.eu-west-1.s3' }))['id']).toBe(endpoint['prefix_list_id']);
  const lists = { filter: [{ name: 'prefix-list-name', values: ['com.amazonaws.*.s3'] }] };
  expect((await one.read('aws_ec2_managed_prefix_lists', lists))['ids']).toEqual([endpoint['prefix_list_id']]);
  expect((await one.read('aws_ami_ids', { owners: ['self'] }))['ids']).toEqual([]);
  one.remove();
});
