import { afterAll, expect, test } from '@jest/globals';

import { localProvider, type LocalProvider } from '../../_helpers/simulated-provider';

const made: LocalProvider[] = [];
const provider = (name: string, config: Readonly<Record<string, unknown>> = {}): LocalProvider => {
  const one = localProvider(name, config);
  made.push(one);
  return one;
};
afterAll(() => made.forEach((one) => one.remove()));

test('versions of clusters and add-ons come from a table; another one is refused until somebody makes it known', async () => {
  const aws = provider('aws', { region: 'eu-west-1' });
  expect(await aws.read('aws_eks_addon_version', { addon_name: 'coredns', kubernetes_version: '1.33', most_recent: true })).toMatchObject({
    version: 'v1.12.4-eksbuild.1',
  });
  await expect(aws.read('aws_eks_addon_version', { addon_name: 'adot', kubernetes_version: '1.33' })).rejects.toThrow(
    'the table has no version of adot for Kubernetes 1.33',
  );
  const versions = await aws.read('aws_eks_cluster_versions', { default_only: true });
  expect(versions['cluster_versions']).toMatchObject([{ cluster_version: '1.34', version_status: 'STANDARD_SUPPORT' }]);
  const google = provider('google', { project: 'shop', region: 'europe-west3' });
  expect(await google.read('google_container_engine_versions', { location: 'europe-west3', version_prefix: '1.33.' })).toMatchObject({
    latest_master_version: '1.33.5-gke.2072000',
    release_channel_default_version: { STABLE: '1.33.5-gke.1956000' },
  });
});

test('a lifecycle policy is written as ECR takes it', async () => {
  const rule = [
    {
      priority: 1,
      description: 'keep ten',
      selection: [{ tag_status: 'tagged', tag_prefix_list: ['prod'], count_type: 'imageCountMoreThan', count_number: 10 }],
      action: [],
    },
  ];
  const { json } = await provider('aws', { region: 'eu-west-1' }).read('aws_ecr_lifecycle_policy_document', { rule });
  expect(JSON.parse(String(json))).toEqual({
    rules: [
      {
        rulePriority: 1,
        description: 'keep ten',
        selection: { tagStatus: 'tagged', tagPrefixList: ['prod'], countType: 'imageCountMoreThan', countNumber: 10 },
        action: { type: 'expire' },
      },
    ],
  });
});

test('everything of an account or subscription is listed by kind and tags, and nothing where nothing fits', async () => {
  const aws = provider('aws', { region: 'eu-west-1' });
  const topic = await aws.create('aws_sns_topic', { name: 't', tags: { env: 'dev' } });
  await aws.create('aws_sqs_queue', { name: 'q', tags: { env: 'dev' } });
  await aws.create('aws_sqs_queue', { name: 'untagged' });
  const found = async (config: Readonly<Record<string, unknown>>): Promise<unknown> =>
    (await aws.read('aws_resourcegroupstaggingapi_resources', config))['resource_tag_mapping_list'];
  expect(await found({ resource_type_filters: ['sns'], tag_filter: [{ key: 'env', values: ['dev'] }] })).toMatchObject([
    { resource_arn: topic['arn'], tags: { env: 'dev' } },
  ]);
  expect(await found({})).toHaveLength(2);
  expect(await found({ tag_filter: [{ key: 'env', values: ['prod'] }] })).toEqual([]);
  const azure = provider('azurerm', { features: [{}] });
  await azure.create('azurerm_resource_group', { name: 'rg', location: 'westeurope' });
  await azure.create('azurerm_public_ip', { name: 'ip', resource_group_name: 'rg', location: 'westeurope', allocation_method: 'Static' });
  expect((await azure.read('azurerm_resources', { type: 'Microsoft.Network/publicIPAddresses' }))['resources']).toMatchObject([
    { name: 'ip', resource_group_name: 'rg', location: 'westeurope' },
  ]);
  expect((await azure.read('azurerm_resources', { type: 'Microsoft.Web/sites' }))['resources']).toEqual([]);
});

test('what the smaller clouds offer to everybody comes from tables, and a cluster has the nodes that somebody made known', async () => {
  const hcloud = provider('hcloud', { token: '0'.repeat(64) });
  expect(await hcloud.read('hcloud_load_balancer_type', { name: 'lb21' })).toMatchObject({ id: 2, max_services: 15, max_targets: 75 });
  await expect(hcloud.read('hcloud_load_balancer_type', { name: 'lb99' })).rejects.toThrow('the table has lb11, lb21, lb31');
  const ranges = await provider('cloudflare').read('cloudflare_ip_ranges');
  expect(ranges['ipv4_cidrs']).toContain('104.16.0.0/13');
  expect(ranges['ipv6_cidrs']).toHaveLength(7);
  expect((await provider('kubernetes').read('kubernetes_nodes'))['nodes']).toEqual([]);
});

test('a replica of an external key has the id of its primary, and an alias may point to it', async () => {
  const aws = provider('aws', { region: 'eu-west-1' });
  const primary = await aws.create('aws_kms_external_key', { multi_region: true });
  const replica = await aws.over({ region: 'eu-west-3' }).create('aws_kms_replica_external_key', { primary_key_arn: primary['arn'] });
  expect(replica).toMatchObject({ id: primary['id'], key_id: primary['id'] });
  const alias = await aws.over({ region: 'eu-west-3' }).create('aws_kms_alias', { name: 'alias/r', target_key_id: replica['key_id'] });
  expect(alias).toMatchObject({ target_key_arn: replica['arn'] });
});
