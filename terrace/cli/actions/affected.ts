import { jsonText } from '../../base/visible';
import { findAffected } from '../../delivery/affected/find-affected';
import { writeAffected } from '../../delivery/affected/affected-folder';
import type { AffectedReport } from '../../delivery/affected/affected';
import { createContext } from '../../delivery/terraform/create-context';
import { withBusyLine } from '../busy-line';
import type { CommandContext } from '../command-context';
import { shownOn } from '../shown-on';
import { synthesizeAside } from '../source-tree';
import { sourceLines } from '../synthesizer';

import { affectedText, unselectedText } from './affected-text';

export interface AffectedFlags {
  readonly base: string;
  readonly head?: string;
  readonly json?: boolean;
  readonly matrix?: boolean;
  readonly allowEmpty?: boolean;
  /** Folder for `affected.json` and what is destroyed. */
  readonly out?: string;
}

/** `terrace affected` */
export async function runAffected(context: CommandContext, selectors: readonly string[], flags: AffectedFlags): Promise<void> {
  const root = context.project();
  const { report, base, unselected } = await findAffected(async () => createContext({ work: context.work(root) }), {
    selectors,
    base: flags.base,
    ...(flags.head === undefined ? {} : { head: flags.head }),
    tree: synthesizeAside(context),
    repository: root,
    includePlanned: context.includePlanned,
    allowEmpty: flags.allowEmpty ?? false,
    ...(flags.matrix === true ? {} : { lines: sourceLines }),
    busy: withBusyLine,
  });
  process.stderr.write(unselectedText(unselected));
  if (flags.out !== undefined) writeAffected(flags.out, report, base);
  const { changedFiles: _files, ...shown } = report;
  if (flags.matrix === true) process.stdout.write(`${JSON.stringify(matrixOf(report))}\n`);
  else process.stdout.write(flags.json === true ? `${jsonText(shown, 2)}\n` : `${affectedText(report, shownOn(process.stdout))}\n`);
}

/** A GitHub Actions matrix: one job for each environment that is affected. */
function matrixOf(report: AffectedReport): object {
  const environments = new Map<string, number>();
  for (const { unit, bootstrap } of report.units) {
    if (bootstrap === true) continue;
    const name = unit.split('/').slice(0, 2).join('/');
    environments.set(name, (environments.get(name) ?? 0) + 1);
  }
  return {
    include: [...environments]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, units]) => ({ system: name.split('/')[0], environment: name.split('/')[1], selector: name, units })),
  };
}
