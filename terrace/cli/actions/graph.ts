import { renderGraph, type GraphFormat } from '../../model/graph-text';
import { loadModel } from '../project';

/** `terrace graph`: the selected units and everything they need. */
export async function runGraph(selectors: readonly string[], format: GraphFormat): Promise<void> {
  const model = await loadModel(selectors);
  process.stdout.write(renderGraph(model.units, format));
}
