import type { UnitModel } from '../../model/model';
import { accessOf } from '../target/plan-target';
import type { DeliveryContext } from '../terraform/context';
import { knownReaders } from './known-readers';
import type { SelectedTree } from './selection';

/** A selection with every unit that reads one of it, directly or through others, by the source or by what was applied. `tree` is whole. */
export async function withDependents(tree: SelectedTree, context: Pick<DeliveryContext, 'accounts' | 'states'>): Promise<SelectedTree> {
  const { model } = tree;
  const wanted = new Set(tree.units.map(({ path }) => path));
  const asked = new Set<string>();
  for (;;) {
    // One unit tells of its whole environment; a shared one of all that may read it.
    const targets = model.units.filter((unit) => wanted.has(unit.path) && !asked.has(placeOf(unit)));
    if (targets.length === 0) break;
    for (const unit of targets) asked.add(placeOf(unit));
    const readers = await knownReaders(
      context,
      targets.map((unit) => ({ unit, access: accessOf(model, unit) })),
      model,
    );
    for (const path of wanted) {
      for (const { path: reader, dependencies } of model.units) if (dependencies.some(({ unit }) => unit === path)) wanted.add(reader);
      for (const { unit } of readers.of(path)) wanted.add(unit);
    }
  }
  return { ...tree, units: model.units.filter((unit) => wanted.has(unit.path) && !unit.bootstrap) };
}

function placeOf({ path, system, environment, shared }: UnitModel): string {
  return shared === true ? path : `${system}/${environment}`;
}
