import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

import { atlantisFiles } from '../../terrace/ci/atlantis/atlantis';
import type { Model } from '../../terrace/model/model';
import { network, service, shopModel } from '../_helpers/shop-tree';

const model = shopModel([service(), network()]);
const committed: Model = { ...model, systems: model.systems.map((system) => ({ ...system, liveTree: 'committed' })) };

test('Atlantis gets one project for each unit, in the order of the waves, with what it depends on', () => {
  const { projects } = parse(atlantisFiles(committed, '1.11.4').get('atlantis.yaml') ?? '') as { readonly projects: readonly object[] };
  expect(projects).toEqual([
    expect.objectContaining({
      name: 'shop-dev-eu-central-1-network-vpc',
      dir: 'live/shop/dev/eu-central-1/network/vpc',
      execution_order_group: 0,
      terraform_version: 'v1.11.4',
      autoplan: { enabled: true, when_modified: ['*.tf.json', '.terraform.lock.hcl', '**/*'] },
      apply_requirements: ['approved', 'mergeable', 'undiverged'],
    }),
    expect.objectContaining({
      name: 'shop-dev-eu-central-1-compute-api',
      execution_order_group: 1,
      depends_on: ['shop-dev-eu-central-1-network-vpc'],
    }),
  ]);
});

test('a bootstrap unit is no project: an administrator applies it', () => {
  const units = committed.units.map((unit) => ({ ...unit, bootstrap: unit.layer === 'network' }));
  const { projects } = parse(atlantisFiles({ ...committed, units }, '1.11.4').get('atlantis.yaml') ?? '') as {
    readonly projects: readonly object[];
  };
  expect(projects).toEqual([expect.not.objectContaining({ depends_on: expect.anything() })]);
});

test('a tree that is not committed is refused', () => {
  expect(() => atlantisFiles(model, '1.11.4')).toThrow('E0503 tree is not committed   stacks/shop/root.ts');
});
