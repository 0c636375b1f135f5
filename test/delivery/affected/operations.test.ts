import { expect, test } from '@jest/globals';

import { compareTrees } from '../../../terrace/delivery/affected/compare';
import { affectedTargets } from '../../../terrace/delivery/plan/selection';
import type { Tree } from '../../../terrace/delivery/tree/load-tree';
import { withDependencies, withDependents } from '../../../terrace/model/closure';
import type { Model } from '../../../terrace/model/model';
import { selectPaths } from '../../../terrace/model/select';
import { groupByWave } from '../../../terrace/model/waves';
import { shopModel, type ShopUnit } from '../../_helpers/shop-tree';

/** Layers of ten units, of which each reads two of the layer before. */
function fleet(units: number): readonly ShopUnit[] {
  const id = (number: number): string => `layer-${Math.floor(number / 10)}/unit-${number}`;
  return Array.from({ length: units }, (_, number) => ({
    id: id(number),
    json: {},
    reads: number < 10 ? {} : { [id(number - 10)]: ['v'], [id(number - 10 + (number % 10 === 9 ? -1 : 1))]: ['v'] },
  }));
}

/** A model each of whose units counts how often something of it is read. */
function counted(units: number): { readonly model: Model; readonly reads: () => number } {
  let reads = 0;
  const model = shopModel(fleet(units));
  const watched = <T extends object>(value: T): T =>
    new Proxy(value, {
      get: (target, name, receiver) => {
        reads += 1;
        return Reflect.get(target, name, receiver);
      },
    });
  return { model: { ...model, units: model.units.map(watched) }, reads: () => reads };
}

const files = (model: Model, text: (index: number) => string): Tree => ({
  model,
  files: new Map(model.units.map(({ path }, index) => [path, new Map([['main.tf.json', Buffer.from(text(index))]])])),
});
const resources = (name: string): string => JSON.stringify({ resource: { terraform_data: { [name]: { input: 'a' } } } });
const none: Tree = { model: shopModel([]), files: new Map() };

test.each<[string, (model: Model) => unknown]>([
  ['the waves', ({ units }) => groupByWave(units)],
  [
    'a selection',
    ({ units }) =>
      selectPaths(
        units.map(({ path }) => path),
        ['shop/dev/*/layer-0'],
      ),
  ],
  [
    'all that depends on every unit',
    ({ units }) =>
      withDependents(
        units,
        units.map(({ path }) => path),
      ),
  ],
  [
    'all that every unit depends on',
    ({ units }) =>
      withDependencies(
        units,
        units.map(({ path }) => path),
      ),
  ],
  [
    'a comparison in which everything changed',
    (model) =>
      compareTrees(
        files(model, () => '{}'),
        files(model, (index) => `{"locals":{"v":${index}}}`),
      ),
  ],
  [
    'a comparison in which everything is new',
    (model) =>
      compareTrees(
        none,
        files(model, () => resources('a')),
      ),
  ],
  [
    'a comparison in which everything goes',
    (model) =>
      compareTrees(
        files(model, () => resources('a')),
        none,
      ),
  ],
  [
    'the targets of all that goes',
    (model) =>
      affectedTargets(
        { folder: '', model: none.model, units: [], excluded: [] },
        model.units.map(({ path }) => ({ unit: path, change: 'deleted', operation: 'destroy', reasons: [] })),
        files(model, () => '{}'),
      ),
  ],
])('%s of twice as many units takes twice the operations', (_, work) => {
  const [small, large] = [100, 200].map((units) => {
    const { model, reads } = counted(units);
    const before = reads();
    work(model);
    return reads() - before;
  });
  expect(small).toBeGreaterThanOrEqual(100);
  expect((large ?? 0) / (small ?? 1)).toBeLessThan(2.2);
});
