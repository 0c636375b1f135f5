import { renderGraph, type GraphFormat } from '../../model/graph-text';
import type { CommandContext } from '../command-context';
import { loadModel } from '../project';

/** `terrace graph`: the selected units and everything they need. */
export async function runGraph(context: CommandContext, selectors: readonly string[], format: GraphFormat): Promise<void> {
  const model = await loadModel(context.project(), selectors, context.includePlanned);
  process.stdout.write(renderGraph(model.units, format));
}
