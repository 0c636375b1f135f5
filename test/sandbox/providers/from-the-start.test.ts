import { afterAll, expect, test } from '@jest/globals';

import { localProvider } from '../../_helpers/simulated-provider';

const aws = localProvider('aws', { region: 'eu-west-3' });
const azurerm = localProvider('azurerm', { features: [{}], subscription_id: '11111111-2222-3333-4444-555555555555' });
const google = localProvider('google', { project: 'shop' });
afterAll(() => [aws, azurerm, google].forEach((one) => one.remove()));

test('an account of AWS has an event bus, beside which others are listed, and the parameter groups of RDS', async () => {
  await aws.create('aws_cloudwatch_event_bus', { name: 'orders' });
  const arn = (name: string): string => `arn:aws:events:eu-west-3:111122223333:event-bus/${name}`;
  expect(await aws.read('aws_cloudwatch_event_bus', { name: 'default' })).toMatchObject({ arn: arn('default') });
  expect((await aws.read('aws_cloudwatch_event_buses'))['event_buses']).toMatchObject([{ arn: arn('orders') }, { arn: arn('default') }]);
  expect((await aws.read('aws_cloudwatch_event_buses', { name_prefix: 'ord' }))['event_buses']).toMatchObject([{ name: 'orders' }]);
  expect(await aws.read('aws_db_parameter_group', { name: 'default.postgres16' })).toMatchObject({ family: 'postgres16' });
  await expect(aws.read('aws_db_parameter_group', { name: 'default.nothing1' })).rejects.toThrow('no matching aws_db_parameter_group');
});

test('a service of China is told by its name from behind, and no version is made up for one that is preferred', async () => {
  expect(await aws.read('aws_service', { reverse_dns_name: 'cn.com.amazonaws.cn-north-1.s3' })).toMatchObject({
    dns_name: 's3.cn-north-1.amazonaws.com.cn',
    partition: 'aws-cn',
    region: 'cn-north-1',
    service_id: 's3',
  });
  expect(await aws.read('aws_region', { region: 'ap-east-2' })).toMatchObject({ description: 'Asia Pacific (Taipei)' });
  await expect(aws.read('aws_rds_engine_version', { engine: 'mysql', preferred_versions: ['4.1'] })).rejects.toThrow(
    'no RDS engine versions match the criteria and preferred versions',
  );
  expect(await aws.read('aws_rds_engine_version', { engine: 'mysql' })).toMatchObject({ default_character_set: '' });
});

test('a connection to Azure sees its subscription, by the beginning or a part of its name', async () => {
  const listed = async (config: object) => (await azurerm.read('azurerm_subscriptions', { ...config }))['subscriptions'];
  const own = [{ subscription_id: '11111111-2222-3333-4444-555555555555', quota_id: 'PayAsYouGo_2014-09-01', spending_limit: 'Off' }];
  expect(await listed({})).toMatchObject(own);
  expect(await listed({ display_name_prefix: 'sand' })).toMatchObject(own);
  expect(await listed({ display_name_contains: 'andb' })).toMatchObject(own);
  expect(await listed({ display_name_contains: 'shop' })).toEqual([]);
  expect(await azurerm.read('azurerm_subscription')).toMatchObject({ ...own[0] });
});

test('disks of Azure are listed with their size, which the list calls otherwise', async () => {
  const place = { resource_group_name: 'rg', location: 'westeurope' };
  await azurerm.create('azurerm_resource_group', { name: 'rg', location: 'westeurope' });
  await azurerm.create('azurerm_managed_disk', {
    name: 'data',
    ...place,
    storage_account_type: 'Standard_LRS',
    create_option: 'Empty',
    disk_size_gb: 8,
  });
  expect((await azurerm.read('azurerm_managed_disks', { resource_group_name: 'rg' }))['disk']).toMatchObject([
    { name: 'data', disk_size_in_gb: 8 },
  ]);
});

test('a connection to Google sees its project, by filters over the fields of the API', async () => {
  const listed = async (filter: string) => (await google.read('google_projects', { filter }))['projects'];
  expect(await listed('id:shop')).toMatchObject([{ project_id: 'shop', number: expect.stringMatching(/^\d{12}$/) }]);
  expect(await listed('name:sh* lifecycleState:ACTIVE')).toMatchObject([{ project_id: 'shop' }]);
  expect(await listed('lifecycleState:DELETE_REQUESTED')).toEqual([]);
  await google.create('google_sql_database_instance', { name: 'db', database_version: 'POSTGRES_16', settings: [{ tier: 'db-f1-micro' }] });
  expect(await google.create('google_sql_database', { name: 'app', instance: 'db' })).toMatchObject({
    self_link: 'https://sqladmin.googleapis.com/sql/v1beta4/projects/shop/instances/db/databases/app',
  });
});
