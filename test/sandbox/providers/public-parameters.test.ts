import { afterAll, expect, test } from '@jest/globals';

import { localProvider } from '../../_helpers/simulated-provider';

const aws = localProvider('aws', { region: 'eu-west-1' });
afterAll(() => aws.remove());

test('public parameters of AWS are listed by path, with the values that each has alone', async () => {
  const path = '/aws/service/ami-amazon-linux-latest';
  const listed = await aws.read('aws_ssm_parameters_by_path', { path });
  const names = listed['names'] as readonly string[];
  expect(names).toContain(`${path}/al2023-ami-kernel-default-arm64`);
  const [name = ''] = names;
  expect((listed['values'] as readonly string[])[0]).toBe((await aws.read('aws_ssm_parameter', { name }))['value']);
  expect((listed['arns'] as readonly string[])[0]).toBe(`arn:aws:ssm:eu-west-1::parameter${name}`);
  const regions = await aws.read('aws_ssm_parameters_by_path', { path: '/aws/service/global-infrastructure/regions/' });
  expect(regions['values']).toEqual(expect.arrayContaining(['eu-west-1', 'ap-south-1']));
  const nodes = { path: '/aws/service/eks/optimized-ami/1.33' };
  expect((await aws.read('aws_ssm_parameters_by_path', nodes))['names']).toEqual([]);
  expect((await aws.read('aws_ssm_parameters_by_path', { ...nodes, recursive: true }))['names']).toContain(
    '/aws/service/eks/optimized-ami/1.33/amazon-linux-2023/x86_64/standard/recommended/image_id',
  );
});

test('parameters of the account are listed apart from those of AWS, and a public path without a table is refused until it is made known', async () => {
  await aws.create('aws_ssm_parameter', { name: '/shop/db/user', type: 'String', value: 'u' });
  expect(await aws.read('aws_ssm_parameters_by_path', { path: '/shop', recursive: true })).toMatchObject({
    names: ['/shop/db/user'],
    values: ['u'],
  });
  expect((await aws.read('aws_ssm_parameters_by_path', { path: '/shop' }))['names']).toEqual([]);
  await expect(aws.read('aws_ssm_parameters_by_path', { path: '/aws/service/debian' })).rejects.toThrow(
    'the table has no public parameters below /aws/service/debian; it has those below /aws/service/ami-amazon-linux-latest',
  );
});

test('a public parameter names the image that is found by its name, and its document the image of its member', async () => {
  const { value } = await aws.read('aws_ssm_parameter', { name: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64' });
  expect(await aws.read('aws_ami', { owners: ['amazon'], filter: [{ name: 'image-id', values: [value] }] })).toMatchObject({
    name: expect.stringMatching(/^al2023-ami-2023\..*-x86_64$/),
  });
  const recommended = '/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended';
  const { value: document } = await aws.read('aws_ssm_parameter', { name: recommended });
  expect(JSON.parse(String(document))).toMatchObject({
    image_id: (await aws.read('aws_ssm_parameter', { name: `${recommended}/image_id` }))['value'],
  });
  expect(await aws.read('aws_ssm_parameter', { name: '/aws/service/aws-for-fluent-bit/stable' })).toMatchObject({
    value: expect.stringMatching(/^906394416424\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/aws-for-fluent-bit:2\./),
  });
});

test('an add-on without most_recent has the version that a cluster gets where none is asked for', async () => {
  const asked = { addon_name: 'coredns', kubernetes_version: '1.33' };
  expect(await aws.read('aws_eks_addon_version', asked)).toMatchObject({ version: 'v1.12.1-eksbuild.2' });
  expect(await aws.read('aws_eks_addon_version', { ...asked, most_recent: false })).toMatchObject({ version: 'v1.12.1-eksbuild.2' });
  expect(await aws.read('aws_eks_addon_version', { ...asked, most_recent: true })).toMatchObject({ version: 'v1.12.4-eksbuild.1' });
  await aws.create('aws_eks_cluster', { name: 'c', role_arn: 'r', version: '1.32', vpc_config: [{ subnet_ids: [] }] });
  expect(await aws.create('aws_eks_addon', { cluster_name: 'c', addon_name: 'kube-proxy' })).toMatchObject({
    addon_version: 'v1.32.6-eksbuild.12',
  });
  await expect(aws.create('aws_eks_addon', { cluster_name: 'c', addon_name: 'adot' })).rejects.toThrow(
    "the table has no version of adot for the cluster's version of Kubernetes; say it in addon_version",
  );
});

test('a cluster has the network, access and upgrade settings that the service fills in', async () => {
  expect(await aws.create('aws_eks_cluster', { name: 'd', role_arn: 'r', vpc_config: [{ subnet_ids: [] }] })).toMatchObject({
    kubernetes_network_config: [{ ip_family: 'ipv4', service_ipv4_cidr: '172.20.0.0/16' }],
    access_config: [{ authentication_mode: 'CONFIG_MAP' }],
    upgrade_policy: [{ support_type: 'EXTENDED' }],
  });
});

test('an endpoint service that has two types needs one said, by argument or filter', async () => {
  await expect(aws.read('aws_vpc_endpoint_service', { service: 's3' })).rejects.toThrow('multiple EC2 VPC Endpoint Services matched');
  const filter = [{ name: 'service-type', values: ['Interface'] }];
  expect(await aws.read('aws_vpc_endpoint_service', { service: 's3', filter })).toMatchObject({ service_type: 'Interface' });
  expect(await aws.read('aws_vpc_endpoint_service', { service: 's3', service_type: 'Gateway' })).toMatchObject({ service_type: 'Gateway' });
});

test('a managed secret has the key that was given, or that of the service', async () => {
  const key = await aws.create('aws_kms_key', {});
  const service = await aws.read('aws_kms_key', { key_id: 'alias/aws/secretsmanager' });
  const cluster = { engine: 'aurora-postgresql', master_username: 'u', manage_master_user_password: true, skip_final_snapshot: true };
  const own = await aws.create('aws_rds_cluster', { ...cluster, cluster_identifier: 'own', master_user_secret_kms_key_id: key['key_id'] });
  expect(own['master_user_secret']).toMatchObject([{ kms_key_id: key['arn'], secret_status: 'active' }]);
  const other = await aws.create('aws_rds_cluster', { ...cluster, cluster_identifier: 'other' });
  expect(other['master_user_secret']).toMatchObject([
    { kms_key_id: service['arn'], secret_arn: expect.stringMatching(/:secret:rds!cluster-[0-9a-f-]{36}-\w{6}$/), secret_status: 'active' },
  ]);
  expect(other['master_user_secret_kms_key_id']).toBe(service['arn']);
});
