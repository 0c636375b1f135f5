import { afterAll, expect, test } from '@jest/globals';

import { localProvider } from '../../_helpers/simulated-provider';
import { namingsOf } from '../../../terrace/sandbox/providers/engine/naming';

const aws = localProvider('aws', { region: 'eu-west-1' });
const google = localProvider('google', { project: 'shop', region: 'europe-west1' });
const kubernetes = localProvider('kubernetes');
afterAll(() => [aws, google, kubernetes].forEach((one) => one.remove()));

const suffix = '20\\d{16}[0-9a-f]{8}';

test.each([
  ['aws_iam_role', { name_prefix: 'job-', assume_role_policy: '{}' }, 'name', 'job-'],
  ['aws_cloudwatch_log_group', { name_prefix: '/x/' }, 'name', '/x/'],
  ['aws_key_pair', { key_name_prefix: 'ops-', public_key: 'ssh-ed25519 AAAA' }, 'key_name', 'ops-'],
  ['aws_s3_bucket', { bucket_prefix: 'logs-' }, 'bucket', 'logs-'],
  ['aws_launch_configuration', { name_prefix: 'lc-', image_id: 'ami-1', instance_type: 't3.micro' }, 'name', 'lc-'],
  ['aws_iam_group', { name: 'plain' }, 'name', 'plain'],
] as const)('%s is named first, and its id and ARN follow from the name', async (type, config, name, begins) => {
  const state = await aws.create(type, config);
  expect(state[name]).toMatch(new RegExp(`^${begins}${begins === 'plain' ? '' : suffix}$`));
  expect(state['id']).toBe(state[name]);
  expect(state['arn']).toContain(String(state[name]));
});

test('equal configurations get different names, and a resource without any name begins with terraform-', async () => {
  const config = { name_prefix: 'same-', assume_role_policy: '{}' };
  const [one, two] = [await aws.create('aws_iam_role', config), await aws.create('aws_iam_role', config)];
  expect(one['name']).not.toBe(two['name']);
  const group = await aws.create('aws_security_group', {});
  expect(group['name']).toMatch(new RegExp(`^terraform-${suffix}$`));
  expect(group['name_prefix']).toBe('terraform-');
});

test('Google shortens the suffix of a long prefix, Kubernetes adds five characters to generate_name', async () => {
  const prefix = 'a-template-with-a-name-of-forty-letters-';
  const template = await google.create('google_compute_instance_template', {
    name_prefix: prefix,
    machine_type: 'e2-small',
    disk: [],
    network_interface: [],
  });
  expect(template['name']).toMatch(new RegExp(`^${prefix}\\d{9}$`));
  expect(template['id']).toContain(String(template['name']));
  const space = await kubernetes.create('kubernetes_namespace', { metadata: [{ generate_name: 'job-' }] });
  expect(space['id']).toMatch(/job-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
});

test('every argument of aws that is a prefix belongs to a computed name', () => {
  const { schemas } = aws.provider.context;
  expect(namingsOf(schemas.resource('aws_rds_cluster')?.block ?? {})).toEqual([
    { name: 'cluster_identifier', prefix: 'cluster_identifier_prefix' },
  ]);
  expect(namingsOf(schemas.resource('aws_eks_node_group')?.block ?? {})).toEqual([
    { name: 'node_group_name', prefix: 'node_group_name_prefix' },
  ]);
});

test('an apply is never answered with an empty id: the type and its overlay are named', async () => {
  await expect(aws.create('aws_cloudwatch_dashboard', { dashboard_name: '', dashboard_body: '{}' })).rejects.toMatchObject({
    problems: [{ code: 'E5317', place: 'aws_cloudwatch_dashboard', todo: expect.stringContaining('overlay/aws.json') }],
  });
});

test('ids have the form of their provider', async () => {
  expect((await aws.create('aws_kms_key', { multi_region: true }))['id']).toMatch(/^mrk-[0-9a-f]{32}$/);
  expect((await aws.create('aws_kms_external_key', {}))['id']).toMatch(/^[0-9a-f-]{36}$/);
  expect((await aws.create('aws_ebs_volume', { availability_zone: 'eu-west-1a', size: 1 }))['arn']).toMatch(
    /^arn:aws:ec2:eu-west-1:111122223333:volume\/vol-[0-9a-f]{17}$/,
  );
  expect((await aws.create('aws_vpc_peering_connection', { vpc_id: 'vpc-1', peer_vpc_id: 'vpc-2' }))['id']).toMatch(/^pcx-[0-9a-f]{17}$/);
  expect((await google.create('google_compute_address', { name: 'front' }))['self_link']).toBe(
    'https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west1/addresses/front',
  );
});
