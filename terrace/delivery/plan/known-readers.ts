import { TerraceError } from '../../base/errors';
import type { Model, UnitModel } from '../../model/model';
import { readModel } from '../../model/model-file';
import type { Remark } from '../bundle/remark';
import { readersIn, recordsOf, type Reader, type RecordPlace } from '../record/readers';
import { accessOf, type PlanTarget } from '../target/plan-target';
import type { DeliveryContext } from '../terraform/context';
import type { Synthesize } from '../tree/written-tree';

import type { SelectedTree } from './selection';

/** Who reads units, as far as anybody knows. */
export interface KnownReaders {
  readonly of: (unit: string) => readonly Reader[];
  /** Units whose readers in some environment are known by the source alone. */
  readonly remarks: readonly Remark[];
}

/** An environment whose records cannot be read from here. */
interface ClosedPlace {
  readonly name: string;
  readonly code: string;
}

/**
 * The readers of targets, by the records of their environments; of shared units by those of every environment of the model. Where such another environment
 * cannot be reached from here, its units that read a target by the source count as applied.
 */
export async function knownReaders(
  { accounts, states }: Pick<DeliveryContext, 'accounts' | 'states'>,
  targets: readonly Pick<PlanTarget, 'unit' | 'access'>[],
  model: Pick<Model, 'systems' | 'units'>,
): Promise<KnownReaders> {
  const own = new Map<string, RecordPlace>();
  for (const { unit, access } of targets) {
    const env = await accounts.environmentFor(unit, access);
    for (const sample of [unit, ...model.units]) if (isBeside(sample, unit)) own.set(placeOf(sample), { sample, env });
  }
  const records = [...(await recordsOf([...own.values()], states))];
  const shared = targets.map(({ unit }) => unit).filter((unit) => unit.shared === true);
  const closed: ClosedPlace[] = [];
  for (const sample of shared.length === 0 ? [] : samplesOf(model.units).filter((one) => !own.has(placeOf(one))))
    try {
      const env = await accounts.environmentFor(sample, accessOf({ version: 1, commit: null, dirty: false, ...model }, sample));
      records.push(...(await recordsOf([{ sample, env }], states)));
    } catch (error) {
      if (!(error instanceof TerraceError)) throw error;
      closed.push({ name: `${sample.system}/${sample.environment}`, code: error.problems[0]?.code ?? '' });
    }
  const names = new Set(closed.map(({ name }) => name));
  const unread = model.units.filter((unit) => names.has(`${unit.system}/${unit.environment}`));
  return {
    of: (path) => joined(readersIn(records, path), readersBySource(unread, path)),
    remarks: shared.flatMap(({ path }) => closed.map((place) => unreadRemark(path, place))),
  };
}

/**
 * The model in which readers of a selection are looked for: that of its tree; of the whole source where a selected unit is shared, which any
 * system may read.
 */
export async function modelOfReaders({ units, folder }: SelectedTree, source: string | Synthesize): Promise<Model> {
  if (typeof source !== 'string' && units.some((unit) => unit.shared === true)) await source([]);
  return readModel(folder);
}

function isBeside(a: UnitModel, b: UnitModel): boolean {
  return a.system === b.system && a.environment === b.environment;
}

function placeOf({ system, environment, backend }: UnitModel): string {
  return `${backend.bucket} ${system}/${environment}`;
}

/** One unit for each bucket of each environment. */
function samplesOf(units: readonly UnitModel[]): readonly UnitModel[] {
  return [...new Map(units.map((unit) => [placeOf(unit), unit])).values()];
}

function readersBySource(units: readonly UnitModel[], path: string): readonly Reader[] {
  return units.flatMap((unit) => {
    const read = unit.dependencies.find((one) => one.unit === path);
    return read === undefined ? [] : [{ unit: unit.path, outputs: read.outputs }];
  });
}

function joined(recorded: readonly Reader[], further: readonly Reader[]): readonly Reader[] {
  const known = new Set(recorded.map(({ unit }) => unit));
  return [...recorded, ...further.filter(({ unit }) => !known.has(unit))].toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
}

function unreadRemark(unit: string, { name, code }: ClosedPlace): Remark {
  return {
    kind: 'readers-outside',
    unit,
    text: `the records of ${name} cannot be read from here (${code}): who reads it there is known by the source alone`,
  };
}
