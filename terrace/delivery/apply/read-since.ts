import { exitCodes, TerraceError } from '../../base/errors';
import type { UnitModel } from '../../model/model';
import { lostValues } from '../../terraform/lost-values';
import { problem } from '../problems';
import type { AppliedRecord } from '../record/record';
import { readersIn, recordsOf, type RecordPlace } from '../record/readers';
import type { DeliveryContext } from '../terraform/context';

import type { OpenedUnit } from './open-bundle';

/**
 * What a bundle destroys is read by nobody who was applied since it was planned (G15): a reader in its own environment is either in the bundle
 * and applied before, as it was reviewed, or refuses it (E6050, exit 3) before anything is applied. What an earlier run of the same bundle
 * finished is not asked again. Readers of other environments are known to plans alone: who applies need not reach them.
 */
export async function refuseReadSince(
  { accounts, states }: Pick<DeliveryContext, 'accounts' | 'states'>,
  opened: readonly OpenedUnit[],
  bundle: string,
): Promise<void> {
  const taking = opened.flatMap((one) => {
    const lost = one.entry.operation === 'destroy' ? undefined : new Set(lostValues(one.plan).destroyed);
    return lost?.size === 0 ? [] : [{ ...one, lost }];
  });
  if (taking.length === 0) return;
  const places = new Map<string, RecordPlace>();
  for (const { entry } of opened)
    if (taking.some(({ entry: { unit } }) => environmentOf(unit) === environmentOf(entry.unit)))
      places.set(`${environmentOf(entry.unit)} ${entry.unit.backend.bucket}`, {
        sample: entry.unit,
        env: await accounts.environmentFor(entry.unit, entry.environment),
      });
  const records = await recordsOf([...places.values()], states, 'left out');
  const isDone = (unit: string): boolean => records.some((one) => one.unit === unit && one.bundle === bundle && isEnded(one));
  const problems = taking
    .filter(({ entry }) => !isDone(entry.unit.path))
    .flatMap(({ entry, lost }) => {
      const { path } = entry.unit;
      const lines = readersIn(records, path)
        .filter(({ unit }) => !entry.after.includes(unit))
        .flatMap(({ unit, outputs }) => {
          const read = outputs.filter((output) => lost?.has(output) ?? true);
          return read.length === 0 ? [] : [`  ${unit} reads ${read.join(', ')} of it`];
        });
      return lines.length === 0
        ? []
        : [
            problem('E6050', {
              place: path,
              found: `it would be destroyed while applied units read it, which did not when it was planned:\n${lines.join('\n')}`,
              todo: 'plan again, and approve that plan',
            }),
          ];
    });
  if (problems.length > 0) throw new TerraceError(problems, exitCodes.refused);
}

function environmentOf({ system, environment }: UnitModel): string {
  return `${system}/${environment}`;
}

function isEnded({ status }: AppliedRecord): boolean {
  return status === 'applied' || status === 'destroyed';
}
