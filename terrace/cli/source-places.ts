import { TerraceError } from '../base/errors';
import { openRepository } from '../git/repository';
import type { Review } from '../review/model/review';
import type { SourceOf } from '../review/model/with-sources';

import { withBusyLine } from './busy-line';
import type { CommandContext } from './command-context';
import { compiledProject } from './load-project';
import { askSynthesizer } from './synthesizer';

const nowhere: SourceOf = () => undefined;

/**
 * Where this project's source makes the resources that findings are about. Only where its commit is the bundle's: other lines would be wrong.
 * Nowhere for a program that loads no source, and where the project does not build. The source is built without credentials.
 */
export async function sourcePlaces(context: CommandContext, review: Review): Promise<SourceOf> {
  const places = review.findings.flatMap(({ unit, address }) =>
    unit === undefined || address === undefined ? [] : [{ unit, address: withoutKeys(address) }],
  );
  if (places.length === 0 || review.bundle.commit === null || context.projectIfAny() === undefined) return nowhere;
  try {
    const root = context.project();
    if (openRepository(root)?.commitOf('HEAD') !== review.bundle.commit) return nowhere;
    const answer = await withBusyLine('finding the lines of the source', async () => {
      compiledProject(root);
      return askSynthesizer(root, { kind: 'places', root, includePlanned: context.includePlanned, places });
    });
    if (answer.kind !== 'found-places') throw new Error(`places were asked for, and the answer was ${answer.kind}`);
    const lines = new Map(places.map(({ unit, address }, index) => [`${unit}#${address}`, answer.lines[index] ?? undefined]));
    return (unit, address) => lines.get(`${unit}#${withoutKeys(address)}`);
  } catch (error) {
    // A unit that the source no longer has, or a project that does not build, is no reason to show nothing.
    if (error instanceof TerraceError) return nowhere;
    throw error;
  }
}

function withoutKeys(address: string): string {
  return address.replaceAll(/\[[^\]]*\]/g, '');
}
