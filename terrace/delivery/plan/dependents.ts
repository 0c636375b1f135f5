import type { Model } from '../../model/model';
import { readersIn, recordsOf, type RecordPlace } from '../record/readers';
import type { AppliedRecord } from '../record/record';
import type { States } from '../record/states';
import { accessOf } from '../target/plan-target';
import type { Accounts } from '../terraform/accounts';
import type { SelectedTree } from './selection';

/** A selection with every unit that reads one of it, directly or through others, by the source or by what was applied. `tree` is whole. */
export async function withDependents(tree: SelectedTree, accounts: Accounts, states: States): Promise<SelectedTree> {
  const wanted = new Set(tree.units.map(({ path }) => path));
  const environments = new Set(tree.units.map((unit) => `${unit.system}/${unit.environment}`));
  const places = new Map<string, RecordPlace>();
  for (const sample of tree.model.units) {
    if (!environments.has(`${sample.system}/${sample.environment}`)) continue;
    const name = `${sample.backend.bucket} ${sample.environment}`;
    if (!places.has(name)) places.set(name, { sample, env: await accounts.environmentFor(sample, accessOf(tree.model, sample)) });
  }
  const records = await recordsOf([...places.values()], states);
  for (const path of wanted) for (const reader of readersOf(path, tree.model, records)) wanted.add(reader);
  return { ...tree, units: tree.model.units.filter((unit) => wanted.has(unit.path) && !unit.bootstrap) };
}

function readersOf(path: string, model: Model, records: readonly AppliedRecord[]): readonly string[] {
  const inSource = model.units.filter(({ dependencies }) => dependencies.some(({ unit }) => unit === path)).map((unit) => unit.path);
  return [...inSource, ...readersIn(records, path).map(({ unit }) => unit)];
}
