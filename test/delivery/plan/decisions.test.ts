import { expect, test } from '@jest/globals';

import { countActions } from '../../../terrace/terraform/action-counts';
import { changedOutputs, deferralReason } from '../../../terrace/delivery/plan/deferral';
import { withMocks } from '../../../terrace/delivery/plan/mocks';
import { parsePlan, type PlanJson } from '../../../terrace/terraform/plan-json';
import { stateOfPlan } from '../../../terrace/delivery/terraform/plan-archive';
import { applyOrder, type PlanTarget } from '../../../terrace/delivery/target/plan-target';
import { shardOf } from '../../../terrace/delivery/plan/shard';
import { providersToInstall } from '../../../terrace/delivery/terraform/provider-mirror';
import { consumedValues, outputsReadBy, remoteStatesOf } from '../../../terrace/terraform/remote-states';
import { savedPlan } from '../../_helpers/sealed-bundle';
import { network, reads, service, shopJson, shopModel, shopPath, type ShopUnit } from '../../_helpers/shop-tree';

const plan = (output_changes: PlanJson['output_changes']): PlanJson => ({
  format_version: '1.2',
  terraform_version: '1.11.4',
  ...(output_changes === undefined ? {} : { output_changes }),
});

test('G6: a dependent waits only for a consumed output that changes, becomes unknown, goes away or is missing', () => {
  const upstream = {
    same: { actions: ['no-op'], before: 1, after: 1, after_unknown: false },
    other: { actions: ['update'], before: 1, after: 2, after_unknown: false },
    unknown: { actions: ['update'], before: 'a', after_unknown: true },
    part: { actions: ['update'], before: ['a'], after: [null], after_unknown: [true] },
    gone: { actions: ['delete'], before: 1, after: null },
  };
  expect(changedOutputs(upstream, ['same'])).toEqual([]);
  expect(changedOutputs(upstream, [])).toEqual([]);
  expect(changedOutputs(upstream, ['other', 'unknown', 'part', 'gone', 'absent'])).toEqual([
    { output: 'other', how: 'changes' },
    { output: 'unknown', how: 'becomes unknown' },
    { output: 'part', how: 'becomes unknown' },
    { output: 'gone', how: 'goes away' },
    { output: 'absent', how: 'is missing' },
  ]);
  expect(changedOutputs(upstream, null).map((change) => change.output)).toEqual(['gone', 'other', 'part', 'unknown']);
  expect(
    deferralReason('a/b', [
      { output: 'x', how: 'changes' },
      { output: 'y', how: 'is missing' },
    ]),
  ).toBe('x of a/b changes; y of a/b is missing');
});

test('an output named like a property of every object is missing, not unchanged', () => {
  expect(changedOutputs({}, ['constructor'])).toEqual([{ output: 'constructor', how: 'is missing' }]);
});

test('a replacement counts once, imports, moves, forgets and deposed objects count too', () => {
  const change = (actions: readonly string[], rest: object = {}) => ({
    address: 'a',
    mode: 'managed' as const,
    type: 'a',
    name: 'a',
    change: { actions },
    ...rest,
  });
  const counted = countActions({
    ...plan({ o: { actions: ['create'] }, p: { actions: ['no-op'] } }),
    resource_changes: [
      change(['create']),
      change(['delete', 'create']),
      change(['create', 'delete']),
      change(['update'], { previous_address: 'b' }),
      change(['delete']),
      change(['read']),
      change(['no-op']),
      change(['forget']),
      { ...change(['no-op']), change: { actions: ['no-op'], importing: { id: 'x' } } },
    ],
  });
  expect(counted).toEqual({ create: 1, update: 1, replace: 2, destroy: 1, read: 1, import: 1, move: 1, forget: 1, outputs: 1 });
});

test('what a unit reads of other states is found in its JSON, in either way to write it', () => {
  const json = {
    data: {
      terraform_remote_state: { vpc: { config: { bucket: 'b', key: 'k', region: 'r' } }, vpc_two: { config: {} }, all: { config: {} } },
    },
    resource: {
      x: {
        a: {
          s: '${data.terraform_remote_state.vpc.outputs.subnet_id}',
          t: 'x-${data.terraform_remote_state.vpc.outputs["vpc_id"]}-y',
          u: '${data.terraform_remote_state.vpc_two.outputs.id}',
          v: '${keys(data.terraform_remote_state.all.outputs)}',
        },
      },
    },
  };
  expect(remoteStatesOf(json)).toEqual([
    { name: 'all', bucket: '', key: '', region: '', outputs: null },
    { name: 'vpc', bucket: 'b', key: 'k', region: 'r', outputs: ['subnet_id', 'vpc_id'] },
    { name: 'vpc_two', bucket: '', key: '', region: '', outputs: ['id'] },
  ]);
  expect(remoteStatesOf({ resource: {} })).toEqual([]);
});

test('what a plan really read is found in its prior state, in modules too', () => {
  const source = {
    address: 'data.terraform_remote_state.vpc',
    mode: 'data' as const,
    type: 'terraform_remote_state',
    name: 'vpc',
    values: { outputs: { id: 'vpc-1' } },
  };
  expect(
    outputsReadBy({ ...plan({}), prior_state: { values: { root_module: { child_modules: [{ resources: [source] }] } } } }, 'vpc'),
  ).toEqual({ id: 'vpc-1' });
  expect(outputsReadBy(plan({}), 'vpc')).toBeUndefined();
  expect(consumedValues({ id: 'vpc-1', other: 2 }, ['id', 'absent'])).toEqual({ id: 'vpc-1', absent: null });
  expect(consumedValues({ id: 'vpc-1', other: 2 }, null)).toEqual({ id: 'vpc-1', other: 2 });
});

test('G5: mocks replace exactly what is missing, and each place that got one can be found', () => {
  const json = {
    ...shopJson(service()),
    output: {
      whole: { value: `a-${reads('network/vpc', 'subnet_id')}-b` },
      other: { value: reads('network/vpc', 'vpc_id') },
      longer: { value: reads('network/vpc', 'subnet_id_two') },
    },
  };
  const mocked = withMocks(json, [
    { unit: 'network/vpc', remoteState: 'network_vpc', noState: false, mocks: { subnet_id: 'subnet-mock ${x}' } },
  ]);
  expect(mocked.mocks).toEqual([{ unit: 'network/vpc', output: 'subnet_id', local: 'local.terrace_mock_network_vpc_subnet_id' }]);
  expect(mocked.json).toMatchObject({
    locals: { terrace_mock_network_vpc_subnet_id: 'subnet-mock $${x}' },
    data: { terraform_remote_state: { network_vpc: { backend: 's3' } } },
    output: {
      whole: { value: 'a-${local.terrace_mock_network_vpc_subnet_id}-b' },
      other: { value: '${data.terraform_remote_state.network_vpc.outputs.vpc_id}' },
      longer: { value: '${data.terraform_remote_state.network_vpc.outputs.subnet_id_two}' },
    },
  });
});

test('the data source of an upstream without a state is left out, since it would fail', () => {
  const mocked = withMocks(shopJson(service()), [
    { unit: 'network/vpc', remoteState: 'network_vpc', noState: true, mocks: { subnet_id: 's' } },
  ]);
  expect(mocked.json).not.toHaveProperty('data');
});

test('lineage and serial are read from the saved plan itself', () => {
  expect(stateOfPlan(savedPlan('lineage', 7), 'u')).toEqual({ lineage: 'lineage', serial: 7 });
  expect(stateOfPlan(savedPlan(null, 0), 'u')).toEqual({ lineage: null, serial: 0 });
  expect(() => stateOfPlan(Buffer.from('no zip'), 'u')).toThrow('E6018');
});

test('a plan of another format is refused', () => {
  expect(() => parsePlan('{"format_version":"2.0"}', 'u')).toThrow('format 1.x');
  expect(() => parsePlan('Error', 'u')).toThrow('E7001');
});

function targets(
  units: readonly ShopUnit[],
  operations: { readonly [id: string]: PlanTarget['operation'] } = {},
  former: { readonly [id: string]: readonly string[] } = {},
): readonly PlanTarget[] {
  return shopModel(units).units.map((unit) => ({
    unit,
    access: { stateAccount: '123456789012', credentials: { kind: 'ambient' } },
    files: new Map(),
    operation: operations[`${unit.layer}/${unit.name}`] ?? 'apply',
    ...(former[`${unit.layer}/${unit.name}`] === undefined
      ? {}
      : { formerDependents: (former[`${unit.layer}/${unit.name}`] ?? []).map((id) => shopPath(id)) }),
  }));
}

test('G6: upstreams are applied before, and destroyed after, what needs them', () => {
  const units = [network(), service()];
  expect(applyOrder(targets(units)).get(shopPath('compute/api'))).toEqual([shopPath('network/vpc')]);
  const destroyed = applyOrder(targets(units, { 'network/vpc': 'destroy', 'compute/api': 'destroy' }));
  expect([destroyed.get(shopPath('compute/api')), destroyed.get(shopPath('network/vpc'))]).toEqual([[], [shopPath('compute/api')]]);
});

test('a unit that is gone is destroyed after what read it in the base was applied without it', () => {
  const order = applyOrder(
    targets([network(), { ...service(), reads: {} }], { 'network/vpc': 'destroy' }, { 'network/vpc': ['compute/api'] }),
  );
  expect(order.get(shopPath('network/vpc'))).toEqual([shopPath('compute/api')]);
});

test('shards are disjoint and complete', () => {
  const all = targets(Array.from({ length: 7 }, (_, index) => ({ ...network(), id: `storage/s${index}` })));
  const parts = [1, 2, 3].map((index) => shardOf(all, { index, count: 3 }).map((target) => target.unit.path));
  expect(parts.map((part) => part.length)).toEqual([3, 2, 2]);
  expect(parts.flat().toSorted()).toEqual(all.map((target) => target.unit.path).toSorted());
});

test('init needs a mirror only for providers that are neither built in nor reattached', () => {
  const json = {
    terraform: {
      required_providers: {
        aws: { source: 'hashicorp/aws', version: '6.25.0' },
        hcloud: { source: 'hetznercloud/hcloud', version: '1.68.0' },
        terraform: { source: 'terraform.io/builtin/terraform' },
      },
    },
  };
  expect(Object.keys(providersToInstall(json, {}))).toEqual(['aws', 'hcloud']);
  expect(Object.keys(providersToInstall(json, { TF_REATTACH_PROVIDERS: '{"registry.terraform.io/hashicorp/aws":{}}' }))).toEqual([
    'hcloud',
  ]);
  expect(providersToInstall({ resource: {} }, {})).toEqual({});
});
