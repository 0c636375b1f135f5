import { afterAll, expect, test } from '@jest/globals';

import { localProvider } from '../../_helpers/simulated-provider';

const aws = localProvider('aws', { region: 'eu-west-1', default_tags: [{ tags: { Team: 'web' } }] });
afterAll(() => aws.remove());

type Device = Readonly<Record<string, unknown>>;
const devices = (state: Readonly<Record<string, unknown>>, name: string): readonly Device[] => state[name] as readonly Device[];
const server = async (more: object = {}): Promise<Readonly<Record<string, unknown>>> => {
  const image = await aws.read('aws_ami', {
    owners: ['amazon'],
    most_recent: true,
    filter: [{ name: 'name', values: ['ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*', 'al2023-ami-2023*-x86_64'] }],
  });
  return aws.create('aws_instance', { ami: image['id'], instance_type: 't3.micro', ...more });
};
const attached = async (id: unknown): Promise<unknown> =>
  (await aws.read('aws_ebs_volumes', { filter: [{ name: 'attachment.instance-id', values: [id] }] }))['ids'];

test('an instance has a root volume as its image has it, which is an object of its own and goes with it', async () => {
  const [one, two] = [await server(), await server()];
  const [root] = devices(one, 'root_block_device');
  expect(root).toMatchObject({
    volume_id: expect.stringMatching(/^vol-[0-9a-f]{17}$/),
    device_name: expect.stringMatching(/^\/dev\//),
    volume_size: 8,
    volume_type: 'gp3',
    iops: 3000,
    throughput: 125,
    encrypted: false,
    delete_on_termination: true,
    tags_all: { Team: 'web' },
  });
  expect(devices(two, 'root_block_device')[0]?.['volume_id']).not.toBe(root?.['volume_id']);
  expect(await attached(one['id'])).toEqual([root?.['volume_id']]);
  const volume = await aws.read('aws_ebs_volume', { filter: [{ name: 'volume-id', values: [root?.['volume_id']] }] });
  expect(volume).toMatchObject({ size: 8, volume_type: 'gp3', availability_zone: one['availability_zone'], tags: { Team: 'web' } });
  await expect(aws.destroy('aws_ebs_volume', { id: volume['id'] })).rejects.toThrow(`it belongs to aws_instance ${String(one['id'])}`);
  await aws.destroy('aws_instance', one);
  expect(await attached(one['id'])).toEqual([]);
});

test('volumes of an instance are as configured, and stay behind where they are not deleted with it', async () => {
  const made = await server({
    root_block_device: [{ volume_size: 30, encrypted: true, tags: { Name: 'root' } }],
    ebs_block_device: [
      { device_name: '/dev/sdf', volume_size: 50, volume_type: 'gp2', delete_on_termination: false },
      { device_name: '/dev/sdg', volume_size: 60 },
    ],
  });
  expect(devices(made, 'root_block_device')).toMatchObject([
    { volume_size: 30, encrypted: true, kms_key_id: expect.stringMatching(/^arn:aws:kms:eu-west-1:111122223333:key\/[0-9a-f-]{36}$/) },
  ]);
  expect(await attached(made['id'])).toHaveLength(3);
  const kept = await aws.read('aws_ebs_volume', { filter: [{ name: 'attachment.device', values: ['/dev/sdf'] }] });
  expect(kept).toMatchObject({ size: 50, volume_type: 'gp2', iops: 150 });
  await aws.destroy('aws_instance', made);
  expect(aws.cloud.list('aws', 'aws_ebs_volume').filter(({ record }) => record.id === kept['id'])).toHaveLength(1);
  expect(await attached(made['id'])).toEqual([]);
});

test('a volume that is attached counts as in use like those that an instance brings', async () => {
  const host = await server();
  const volume = await aws.create('aws_ebs_volume', { availability_zone: 'eu-west-1a', size: 5 });
  const by = async (name: string, value: unknown): Promise<unknown> =>
    (await aws.read('aws_ebs_volumes', { filter: [{ name, values: [value] }] }))['ids'];
  expect(await by('status', 'available')).toContain(volume['id']);
  await aws.create('aws_volume_attachment', { device_name: '/dev/sdz', volume_id: volume['id'], instance_id: host['id'] });
  expect(await by('status', 'available')).not.toContain(volume['id']);
  expect(await by('attachment.instance-id', host['id'])).toEqual([devices(host, 'root_block_device')[0]?.['volume_id'], volume['id']]);
  expect(await by('attachment.device', '/dev/sdz')).toEqual([volume['id']]);
});

test('an instance stands where the network interface stands that it is given, and both say the VPC of the subnet', async () => {
  const vpc = await aws.create('aws_vpc', { cidr_block: '10.0.0.0/16' });
  const subnet = await aws.create('aws_subnet', { vpc_id: vpc['id'], cidr_block: '10.0.7.0/24', availability_zone: 'eu-west-1b' });
  const face = await aws.create('aws_network_interface', { subnet_id: subnet['id'] });
  const host = await server({ network_interface: [{ device_index: 0, network_interface_id: face['id'] }] });
  expect(host).toMatchObject({
    primary_network_interface_id: face['id'],
    private_ip: face['private_ip'],
    subnet_id: subnet['id'],
    availability_zone: 'eu-west-1b',
  });
  const inVpc = { filter: [{ name: 'vpc-id', values: [vpc['id']] }] };
  expect((await aws.read('aws_instances', inVpc))['ids']).toEqual([host['id']]);
  expect((await aws.read('aws_network_interfaces', inVpc))['ids']).toEqual([face['id']]);
  const found = { vpc_id: vpc['id'], availability_zone: 'eu-west-1b', interface_type: 'interface', description: '', outpost_arn: '' };
  expect(await aws.read('aws_network_interface', { id: face['id'] })).toMatchObject({ ...found, association: [] });
  const eip = await aws.create('aws_eip', { network_interface: face['id'] });
  expect(await aws.read('aws_network_interface', { id: face['id'] })).toMatchObject({
    association: [{ allocation_id: eip['id'], public_ip: eip['public_ip'] }],
  });
});

test('blocks of other services that name subnets have their VPC and zones', async () => {
  const vpc = await aws.create('aws_vpc', { cidr_block: '10.1.0.0/16' });
  const subnets = await Promise.all(
    ['a', 'b'].map((zone, index) =>
      aws.create('aws_subnet', { vpc_id: vpc['id'], cidr_block: `10.1.${index}.0/24`, availability_zone: `eu-west-1${zone}` }),
    ),
  );
  const options = [{ subnet_ids: subnets.map(({ id }) => id) }];
  expect((await aws.create('aws_opensearch_domain', { domain_name: 'logs', vpc_options: options }))['vpc_options']).toMatchObject([
    { vpc_id: vpc['id'], availability_zones: ['eu-west-1a', 'eu-west-1b'] },
  ]);
  const role = await aws.create('aws_iam_role', { name: 'r', assume_role_policy: '{}' });
  const lambda = { function_name: 'f', role: role['arn'], runtime: 'nodejs22.x', handler: 'i.h', filename: 'f.zip' };
  expect(
    (await aws.create('aws_lambda_function', { ...lambda, vpc_config: [{ ...options[0], security_group_ids: [] }] }))['vpc_config'],
  ).toMatchObject([{ vpc_id: vpc['id'] }]);
});
