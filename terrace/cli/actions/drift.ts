import { findDrift } from '../../delivery/drift/drift';
import { driftMarkdown, driftText } from '../../delivery/drift/drift-text';

import { withDelivery, type RunFlags } from '../with-delivery';
import { selectTree, targetsOf } from '../../delivery/plan/selection';
import { synthesizeSource } from '../source-tree';

export interface DriftFlags extends RunFlags {
  readonly markdown?: boolean;
  readonly tree?: string;
}

/** `terrace drift` */
export async function runDrift(selectors: readonly string[], flags: DriftFlags): Promise<void> {
  const tree = await selectTree(selectors, flags.tree ?? synthesizeSource);
  const report = await withDelivery(flags, (context) => findDrift(context, targetsOf(tree, 'apply')));
  const { exitCode, ...shown } = report;
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify(shown, null, 2)}\n`
      : `${flags.markdown === true ? driftMarkdown(report) : driftText(report)}\n`,
  );
  process.exitCode = exitCode;
}
