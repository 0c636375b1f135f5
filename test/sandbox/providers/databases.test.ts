import { afterAll, expect, test } from '@jest/globals';

import { localProvider } from '../../_helpers/simulated-provider';

const aws = localProvider('aws', { region: 'eu-west-1' });
afterAll(() => aws.remove());

const database = { instance_class: 'db.t4g.micro', allocated_storage: 20, username: 'u', password: 'pppppppp', skip_final_snapshot: true };

test.each([
  ['postgres', undefined, '17.5', '17.5', 5432, 'postgresql-license', 'default.postgres17', 'default:postgres-17'],
  ['postgres', '16', '16', '16.9', 5432, 'postgresql-license', 'default.postgres16', 'default:postgres-16'],
  ['mysql', '8.0.36', '8.0.36', '8.0.36', 3306, 'general-public-license', 'default.mysql8.0', 'default:mysql-8-0'],
] as const)(
  'a database of %s %s has the version, port, licence and groups of its engine',
  async (engine, asked, version, actual, port, licence, group, options) => {
    const state = await aws.create('aws_db_instance', {
      identifier: `${engine}-${asked ?? 'any'}`.replaceAll('.', '-'),
      engine,
      ...database,
      ...(asked === undefined ? {} : { engine_version: asked }),
    });
    expect(state).toMatchObject({
      engine_version: version,
      engine_version_actual: actual,
      port,
      license_model: licence,
      parameter_group_name: group,
      option_group_name: options,
      storage_type: 'gp2',
      endpoint: `${String(state['address'])}:${port}`,
    });
  },
);

test('an instance of a cluster has the version and port of its cluster, and the data source says what the instance says', async () => {
  const cluster = await aws.create('aws_rds_cluster', {
    cluster_identifier: 'c',
    engine: 'aurora-mysql',
    master_username: 'u',
    master_password: 'pppppppp',
  });
  expect(cluster).toMatchObject({
    engine_version: '8.0.mysql_aurora.3.08.2',
    port: 3306,
    db_cluster_parameter_group_name: 'default.aurora-mysql8.0',
  });
  expect(
    await aws.create('aws_rds_cluster_instance', { cluster_identifier: 'c', engine: 'aurora-mysql', instance_class: 'db.r6g.large' }),
  ).toMatchObject({
    engine_version: cluster['engine_version'],
    port: 3306,
  });
  await aws.create('aws_db_instance', { identifier: 'one', engine: 'postgres', ...database });
  expect(await aws.read('aws_db_instance', { db_instance_identifier: 'one' })).toMatchObject({
    master_username: 'u',
    db_cluster_identifier: '',
    engine_version: '17.5',
    preferred_backup_window: '03:00-04:00',
  });
});

test('a VPC without IPv6 has no IPv6 block, and what services count is counted', async () => {
  const vpc = await aws.create('aws_vpc', { cidr_block: '10.0.0.0/16' });
  expect(vpc).toMatchObject({ ipv6_cidr_block: '', ipv6_association_id: '' });
  expect(await aws.read('aws_vpc', { id: vpc['id'] })).toMatchObject({
    state: 'available',
    ipv6_cidr_block: '',
    cidr_block_associations: [{ cidr_block: '10.0.0.0/16', state: 'associated' }],
  });
  const subnet = await aws.create('aws_subnet', { vpc_id: vpc['id'], cidr_block: '10.0.1.0/24' });
  expect(await aws.read('aws_subnet', { id: subnet['id'] })).toMatchObject({ available_ip_address_count: 251, state: 'available' });
  const zone = await aws.create('aws_route53_zone', { name: 'example.com' });
  await aws.create('aws_route53_record', { zone_id: zone['zone_id'], name: 'www', type: 'A', ttl: 60, records: ['192.0.2.1'] });
  expect(await aws.read('aws_route53_zone', { name: 'example.com' })).toMatchObject({ resource_record_set_count: 3 });
});
