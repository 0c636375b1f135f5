import { TerraceError } from '../base/errors';
import { openRepository } from '../git/repository';
import type { Review } from '../review/model/review';
import type { SourceOf } from '../review/model/with-sources';

import { withBusyLine } from './busy-line';
import type { CommandContext } from './command-context';

const nowhere: SourceOf = () => undefined;

/**
 * Where this project's source makes the resources that findings are about. Only where its commit is the bundle's: other lines would be wrong.
 * Nowhere for a program that loads no source, and where the project does not build.
 */
export async function sourcePlaces(context: CommandContext, review: Review): Promise<SourceOf> {
  const units = [...new Set(review.findings.flatMap(({ unit, address }) => (unit === undefined || address === undefined ? [] : [unit])))];
  if (units.length === 0 || review.bundle.commit === null || context.projectIfAny() === undefined) return nowhere;
  try {
    const root = context.project();
    if (openRepository(root)?.commitOf('HEAD') !== review.bundle.commit) return nowhere;
    const [{ observedBuilder }, { makersOf }, { loadProject }] = await Promise.all([
      import('../synth/explain/observed-builds'),
      import('../synth/explain/attribute-sources'),
      import('./load-project'),
    ]);
    const build = await withBusyLine('looking for the lines of the source', () =>
      observedBuilder(root, () => loadProject(root), context.includePlanned).build(units),
    );
    if (build === undefined) return nowhere;
    return (unit, address) => {
      const lines = makersOf({ base: build }, unit, address.replaceAll(/\[[^\]]*\]/g, '')).map(({ text }) => text);
      return lines.find((line) => line.startsWith('stacks/')) ?? lines[0];
    };
  } catch (error) {
    // A unit that the source no longer has, or a project that does not build, is no reason to show nothing.
    if (error instanceof TerraceError) return nowhere;
    throw error;
  }
}
