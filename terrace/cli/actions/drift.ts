import { jsonText, visible } from '../../base/visible';
import { findDrift } from '../../delivery/drift/drift';
import { driftMarkdown, driftText } from '../../delivery/drift/drift-text';

import type { CommandContext } from '../command-context';
import { shownOn } from '../shown-on';
import { printProblems, withDelivery, type RunFlags } from '../with-delivery';
import { selectTree, targetsOf } from '../../delivery/plan/selection';
import { readingGrants } from '../trust';
import { synthesizeAside } from '../source-tree';

export interface DriftFlags extends RunFlags {
  readonly markdown?: boolean;
  readonly tree?: string;
}

/** `terrace drift` */
export async function runDrift(context: CommandContext, selectors: readonly string[], flags: DriftFlags): Promise<void> {
  const tree = await selectTree(selectors, flags.tree ?? synthesizeAside(context), { includePlanned: context.includePlanned });
  const grants = await readingGrants(context);
  const report = await withDelivery(context.work(tree.folder), flags, (delivery) =>
    findDrift({ ...delivery, grants }, targetsOf(tree, 'apply')),
  );
  const { exitCode, ...shown } = report;
  process.stdout.write(
    flags.json === true
      ? `${jsonText(shown, 2)}\n`
      : `${flags.markdown === true ? visible(driftMarkdown(report)) : driftText(report, shownOn(process.stdout))}\n`,
  );
  printProblems(report.units.flatMap(({ problems }) => problems));
  process.exitCode = exitCode;
}
