import { exitCodes, TerraceError } from '../../base/errors';
import { partOf } from '../../model/select';
import { deletedFolder, readAffected } from '../affected/affected-folder';
import type { AffectedReport } from '../affected/affected';
import { refuseEmpty } from '../affected/empty-change';
import { findAffected, type AffectedRequest } from '../affected/find-affected';
import type { DeliveryContext } from '../terraform/context';
import { loadTree, type Tree } from '../tree/load-tree';

/** What a plan takes instead of everything that is selected: a file that `terrace affected` wrote (`….json`), or what it is compared with. */
export type ChangeRequest = Pick<AffectedRequest, 'base' | 'tree' | 'before' | 'repository' | 'allowEmpty'>;

/** What a change selects. */
export interface SelectedChange {
  readonly units: AffectedReport['units'];
  /** Where the files of units that are gone are. */
  readonly before: Tree | undefined;
  /** The commit that the change is compared with; undefined where that is what was applied. */
  readonly base: string | undefined;
  /** Units outside of the selectors that read one of it; not known from a file. */
  readonly unselected: readonly string[];
}

/** The part of a change below the selectors. Raises what `findAffected` raises, and E6067 for a file that is none of its. */
export async function selectedChange(
  context: DeliveryContext,
  change: ChangeRequest,
  { selectors, withDependents, includePlanned }: Pick<AffectedRequest, 'selectors' | 'withDependents' | 'includePlanned'>,
): Promise<SelectedChange> {
  if (!change.base.endsWith('.json')) {
    const request = {
      ...change,
      selectors,
      ...(withDependents === undefined ? {} : { withDependents }),
      ...(includePlanned === undefined ? {} : { includePlanned }),
    };
    const { report, base, unselected } = await findAffected(async () => context, request);
    return { units: report.units, before: base, base: change.base === 'applied' ? undefined : change.base, unselected };
  }
  const report = readAffected(change.base);
  refuseEmpty(report, change.allowEmpty ?? false);
  const isSelected = partOf(selectors);
  const units = report.units.filter((unit) => isSelected(unit.unit));
  const before = units.some((unit) => unit.operation === 'destroy') ? loadTree(deletedFolder(change.base)) : undefined;
  return { units, before, base: report.base === 'applied' ? undefined : report.base, unselected: [] };
}

/** Raises E0016 where somebody asks for a destroy beside a change, which decides that itself. */
export function refuseDestroy(operation: 'apply' | 'destroy'): void {
  if (operation === 'destroy')
    throw new TerraceError(
      {
        code: 'E0016',
        title: 'contradicting options',
        place: '--destroy',
        found: '--affected itself decides what to destroy',
        todo: 'use only one of them',
      },
      exitCodes.wrongUsage,
    );
}
