import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { compareTrees, everything } from '../../../terrace/delivery/affected/compare';
import type { Tree } from '../../../terrace/delivery/tree/load-tree';
import { contentDigest, withoutComments } from '../../../terrace/model/content-digest';
import { infrastructureFiles, ruleFiles, systemsOfLockFiles, toolchainFiles } from '../../../terrace/delivery/affected/watched-files';
import { network, service, shopJson, shopModel, shopPath, type ShopUnit } from '../../_helpers/shop-tree';

function treeOf(units: readonly ShopUnit[], write: (json: object) => string = (json) => JSON.stringify(json)): Tree {
  const model = shopModel(units);
  return {
    model,
    files: new Map(units.map((unit) => [shopPath(unit.id), new Map([['main.tf.json', Buffer.from(write(shopJson(unit)))]])])),
  };
}

const chain = [network(), service(), { ...service('v1', 'compute/web'), reads: { 'compute/api': ['address'] } }];

test('trees that differ in nothing affect nothing', () => {
  expect(compareTrees(treeOf(chain), treeOf(chain))).toEqual([]);
});

test('the order of keys, blanks and comments are no difference', () => {
  const reversed = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(reversed)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .toReversed()
              .map(([key, item]) => [key, reversed(item)]),
          )
        : value;
  const written = (json: object): string =>
    JSON.stringify({ '//': { metadata: { version: '0.21' } }, ...(reversed(json) as object) }, null, 2);
  expect(compareTrees(treeOf(chain), treeOf(chain, written))).toEqual([]);
});

test('a change selects the unit and everything downstream, each with its reason', () => {
  expect(compareTrees(treeOf(chain), treeOf([network({ cidr: '10.9.0.0/24' }), ...chain.slice(1)]))).toEqual([
    {
      unit: shopPath('compute/api'),
      change: 'dependent',
      operation: 'apply',
      reasons: [`it reads subnet_id of ${shopPath('network/vpc')}`],
      reads: [shopPath('network/vpc')],
    },
    {
      unit: shopPath('compute/web'),
      change: 'dependent',
      operation: 'apply',
      reasons: [`it reads address of ${shopPath('compute/api')}`],
      reads: [shopPath('compute/api')],
    },
    { unit: shopPath('network/vpc'), change: 'changed', operation: 'apply', reasons: ['main.tf.json differs: terraform_data.subnet'] },
  ]);
});

test('G11: what is gone is destroyed, what is new is applied', () => {
  expect(compareTrees(treeOf([network()]), treeOf([{ ...network(), id: 'network/other' }]))).toEqual([
    {
      unit: shopPath('network/other'),
      change: 'added',
      operation: 'apply',
      reasons: ['it is new', `renamed? ${shopPath('network/vpc')} has the same resources: movedFrom: 'network/vpc' moves its state`],
    },
    { unit: shopPath('network/vpc'), change: 'deleted', operation: 'destroy', reasons: ['it is no longer in the source'] },
  ]);
});

test('a unit that says where it comes from is moved, not destroyed and made', () => {
  for (const movedFrom of ['network/vpc', shopPath('network/vpc')]) {
    const moved = compareTrees(treeOf([network()]), treeOf([{ ...network(), id: 'network/main', movedFrom }]));
    expect(moved.map(({ unit, change, from }) => [unit, change, from])).toEqual([
      [shopPath('network/main'), 'moved', shopPath('network/vpc')],
    ]);
  }
});

test('an asset that appears, changes or goes is a difference', () => {
  const asset = (content?: string): Tree => ({
    ...treeOf([network()]),
    files: new Map([
      [
        shopPath('network/vpc'),
        new Map([['main.tf.json', Buffer.from('{}')], ...(content === undefined ? [] : [['code.zip', Buffer.from(content)] as const])]),
      ],
    ]),
  });
  const reasons = (base: Tree, head: Tree) => compareTrees(base, head).flatMap((unit) => unit.reasons);
  expect(reasons(asset(), asset('a'))).toEqual(['code.zip is new']);
  expect(reasons(asset('a'), asset('b'))).toEqual(['code.zip differs']);
  expect(reasons(asset('a'), asset())).toEqual(['code.zip is gone']);
});

test('a bootstrap unit is marked: only its own command applies it', () => {
  const found = compareTrees(treeOf([]), treeOf([{ ...network(), id: 'backend/state', bootstrap: true }]));
  expect(found).toMatchObject([{ unit: shopPath('backend/state'), bootstrap: true }]);
});

test('G11: everything is selected for one reason, with what else is known', () => {
  const all = everything('package-lock.json changed', treeOf([...chain, { ...network(), id: 'old/one' }]), treeOf(chain));
  expect(all.map(({ unit, change }) => [unit, change])).toEqual([
    [shopPath('compute/api'), 'everything'],
    [shopPath('compute/web'), 'everything'],
    [shopPath('network/vpc'), 'everything'],
    [shopPath('old/one'), 'deleted'],
  ]);
});

test('a comment is left out of blocks, and stays where it is a value', () => {
  const json = { '//': 1, terraform: { '//': 1, backend: {} }, resource: { x: { a: { '//': 1, tags: { '//': 'a value' } } } } };
  expect(withoutComments(json)).toEqual({ terraform: { backend: {} }, resource: { x: { a: { tags: { '//': 'a value' } } } } });
});

test('a comment or a blank line of HCL is no difference, a value is', () => {
  const hcl = (text: string): string => contentDigest(new Map([['terragrunt.hcl', Buffer.from(text)]]));
  expect(hcl('# made by\n\na = 1  \n')).toBe(hcl('a = 1'));
  expect(hcl('a = 1')).not.toBe(hcl('a = 2'));
});

test('G11: no change of a unit stays unseen, and nothing downstream of it is left out', () => {
  const shape = fc
    .uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 2, maxLength: 8 })
    .chain((ids) =>
      fc.record({ ids: fc.constant(ids.toSorted((a, b) => a - b)), edges: fc.array(fc.tuple(fc.nat(), fc.nat())), changed: fc.nat() }),
    );
  fc.assert(
    fc.property(shape, ({ ids, edges, changed }) => {
      const upstreams = new Map<number, Set<number>>();
      for (const [a, b] of edges) {
        const [from = 0, to = 0] = [ids[a % ids.length], ids[b % ids.length]];
        if (from < to) upstreams.set(to, (upstreams.get(to) ?? new Set()).add(from));
      }
      const target = ids[changed % ids.length] ?? 0;
      const units = (version: string): readonly ShopUnit[] =>
        ids.map((id) => ({
          id: `layer/u${id}`,
          reads: Object.fromEntries([...(upstreams.get(id) ?? [])].map((other) => [`layer/u${other}`, ['o']])),
          json: { locals: { v: id === target ? version : 'same' } },
        }));
      const downstream = new Set([target]);
      for (const id of ids) if ([...(upstreams.get(id) ?? [])].some((other) => downstream.has(other))) downstream.add(id);
      const found = compareTrees(treeOf(units('one')), treeOf(units('two'))).map((unit) => unit.unit);
      expect(found).toEqual([...downstream].map((id) => shopPath(`layer/u${id}`)).toSorted());
    }),
    { numRuns: 100 },
  );
});

test('G11: toolchain and lock files concern everything, or their system', () => {
  expect(toolchainFiles(['package-lock.json', 'docs/a.md', 'stacks/shop/.terraform.lock.hcl', 'schemas/x.json', 'test/a.test.ts'])).toEqual(
    ['package-lock.json', 'schemas/x.json', 'stacks/shop/.terraform.lock.hcl'],
  );
  expect(systemsOfLockFiles(['stacks/shop/.terraform.lock.hcl'])).toEqual(['shop']);
  expect(systemsOfLockFiles(['stacks/shop/.terraform.lock.hcl', 'package.json'])).toBeUndefined();
  expect(infrastructureFiles(['envcommon/network.ts', 'README.md', 'stacks/a.ts'])).toEqual(['envcommon/network.ts', 'stacks/a.ts']);
});

test('G13: the files that judge a change are known', () => {
  expect(
    ruleFiles([
      'terrace.approvals.json',
      'policies/tags.ts',
      '.github/workflows/apply.yml',
      'package-lock.json',
      'stacks/a.ts',
      'docs/terrace.approvals.json',
    ]),
  ).toEqual(['.github/workflows/apply.yml', 'package-lock.json', 'policies/tags.ts', 'terrace.approvals.json']);
});
