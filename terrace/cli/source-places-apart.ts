import { makersOf } from '../synth/explain/attribute-sources';
import { observedBuilder } from '../synth/explain/observed-builds';

import { loadProject } from './load-project';
import type { SourcePlace } from './synthesizer-messages';

/** The line of the source that makes each resource, in the process that builds the source; null where none is known. */
export async function linesOfPlaces(
  root: string,
  places: readonly SourcePlace[],
  includePlanned: boolean,
): Promise<readonly (string | null)[]> {
  const units = [...new Set(places.map(({ unit }) => unit))];
  const build = await observedBuilder(root, () => loadProject(root), includePlanned).build(units);
  if (build === undefined) return places.map(() => null);
  return places.map(({ unit, address }) => {
    const lines = makersOf({ base: build }, unit, address).map(({ text }) => text);
    return lines.find((line) => line.startsWith('stacks/')) ?? lines[0] ?? null;
  });
}
