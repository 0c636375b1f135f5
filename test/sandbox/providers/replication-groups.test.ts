import { afterAll, expect, test } from '@jest/globals';

import { localProvider } from '../../_helpers/simulated-provider';
import { fromJson } from '../../../terrace/sandbox/providers/protocol/json';
import { isObject, type ObjectValue } from '../../../terrace/sandbox/providers/protocol/value';
import { typeOfBlock } from '../../../terrace/sandbox/providers/schema/schema';

const type = 'aws_elasticache_replication_group';
const aws = localProvider('aws', { region: 'eu-west-1' });
afterAll(() => aws.remove());

const group = (name: string, more: object = {}) =>
  aws.create(type, { replication_group_id: name, description: name, node_type: 'cache.t4g.micro', ...more });

/** The change that a second configuration makes to a group. */
function changed(state: object, config: object): { readonly replace: readonly string[]; readonly state: ObjectValue } {
  const block = aws.provider.context.schemas.resource(type)?.block ?? {};
  const value = (json: object): ObjectValue => {
    const made = fromJson(json, typeOfBlock(block));
    return isObject(made) ? made : {};
  };
  const given = value({ node_group_configuration: [], log_delivery_configuration: [], ...config });
  return aws.provider.plan(type, aws.settings({ region: 'eu-west-1' }), given, value({ ...state, ...config }), value(state));
}

test('a group without shards has a member for each node, one primary and one reading endpoint', async () => {
  const made = await group('till', { num_cache_clusters: 2, automatic_failover_enabled: true, transit_encryption_enabled: true });
  expect(made).toMatchObject({
    member_clusters: ['till-001', 'till-002'],
    num_node_groups: 1,
    replicas_per_node_group: 1,
    cluster_enabled: false,
    cluster_mode: 'disabled',
    engine: 'redis',
    engine_version_actual: '7.1.0',
    parameter_group_name: 'default.redis7',
    primary_endpoint_address: expect.stringMatching(/^master\.till\.[a-z0-9]{6}\.euw1\.cache\.amazonaws\.com$/),
    reader_endpoint_address: expect.stringMatching(/^replica\.till\.[a-z0-9]{6}\.euw1\.cache\.amazonaws\.com$/),
    configuration_endpoint_address: '',
    node_group_configuration: [
      {
        node_group_id: '0001',
        primary_availability_zone: 'eu-west-1a',
        replica_availability_zones: ['eu-west-1b'],
        replica_count: 1,
        slots: null,
      },
    ],
  });
  const open = await group('open');
  expect(open['primary_endpoint_address']).toMatch(/^open\.[a-z0-9]{6}\.ng\.0001\.euw1\.cache\.amazonaws\.com$/);
});

test('shards divide the slots, and a group with shards has one endpoint', async () => {
  const made = await group('wide', { engine: 'valkey', engine_version: '8.0', num_node_groups: 3, replicas_per_node_group: 1 });
  const shards = made['node_group_configuration'];
  expect(Array.isArray(shards) ? shards.map((one: { slots: string }) => one.slots) : []).toEqual(['0-5461', '5462-10922', '10923-16383']);
  expect(made).toMatchObject({
    num_cache_clusters: 6,
    cluster_enabled: true,
    parameter_group_name: 'default.valkey8.cluster.on',
    primary_endpoint_address: '',
    configuration_endpoint_address: expect.stringMatching(/^wide\.[a-z0-9]{6}\.clustercfg\.euw1\.cache\.amazonaws\.com$/),
  });
  expect(made['member_clusters']).toEqual(['0001', '0002', '0003'].flatMap((shard) => [`wide-${shard}-001`, `wide-${shard}-002`]));
});

test('shards that a configuration describes replace the group where they change, and nothing changes where it says nothing of them', async () => {
  const shard = { node_group_id: '0001', replica_count: 1, slots: '0-16383', primary_availability_zone: 'eu-west-1b' };
  const config = { replication_group_id: 'own', description: 'own', node_type: 'cache.t4g.micro' };
  const made = await group('own', { node_group_configuration: [shard] });
  expect(made).toMatchObject({
    num_cache_clusters: 2,
    node_group_configuration: [{ ...shard, replica_availability_zones: ['eu-west-1b'] }],
  });
  expect(changed(made, config).replace).toEqual([]);
  expect(changed(made, { ...config, node_group_configuration: [{ ...shard, replica_count: 2 }] }).replace).toEqual([
    'node_group_configuration',
  ]);
  const resized = changed(await group('plain'), { ...config, replication_group_id: 'plain', num_cache_clusters: 2 });
  expect(resized.replace).toEqual([]);
  expect(resized.state['member_clusters']).not.toEqual(['plain-001']);
});

test.each([
  [{ multi_az_enabled: true }, 'automatic_failover_enabled must be true if multi_az_enabled is true'],
  [{ automatic_failover_enabled: true, num_cache_clusters: 1 }, 'must be at least 2 if automatic_failover_enabled is true'],
  [{ auth_token_update_strategy: 'ROTATE' }, '"auth_token" must be specified'],
  [{ auth_token_update_strategy: 'DELETE', auth_token: 'a' }, '"auth_token" must not be specified'],
])('what the provider refuses when it plans is refused (%#)', async (config, words) => {
  await expect(group('refused', config)).rejects.toThrow(words);
});

test('what exists without a block that a new one would bring plans no change', async () => {
  const config = { replication_group_id: 'older', description: 'older', node_type: 'cache.t4g.micro', num_cache_clusters: 2 };
  const { member_clusters: _, ...made } = await group('older', config);
  const seeded = { ...made, node_group_configuration: [] };
  const { replace, state } = changed(seeded, config);
  expect([replace, state['node_group_configuration']]).toEqual([[], []]);
});
