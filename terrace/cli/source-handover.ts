import type { UnitModel } from '../model/model';
import { selectorPath } from '../model/select';
import { handoverOf } from '../synth/handover';
import { withScratch } from '../synth/synthesize';
import { buildTree } from '../tree/project';

import { loadProject } from './load-project';
import type { HandoverRequest, SynthesizerAnswer } from './synthesizer-messages';

/** Builds the environment, and gives the units that are asked for, or with their outputs the files. Raises what `handoverOf` raises. */
export async function answerHandover({
  root,
  selector,
  outputs,
  includePlanned,
}: HandoverRequest & { readonly root: string; readonly includePlanned: boolean }): Promise<SynthesizerAnswer> {
  const [system = '', name = ''] = selectorPath(selector).split('/');
  return await withScratch(root, async (scratch) => {
    const tree = await buildTree(loadProject(root), {
      selectors: [`${system}/${name}`],
      scratch,
      commit: null,
      dirty: false,
      includePlanned,
    });
    const environment = tree.systems.flatMap(({ environments }) => environments).find((one) => one.name === name);
    if (environment === undefined) throw new RangeError(selector);
    if (outputs === undefined) {
      const paths = new Set(environment.artifacts().flatMap(({ deployed }) => deployed?.unit().path ?? []));
      return { kind: 'handover-asks', model: tree.model, units: tree.model.units.filter(({ path }) => paths.has(path)) };
    }
    const { files, filled } = await handoverOf(tree, environment, async ({ path }: UnitModel) => outputs[path] ?? undefined);
    return {
      kind: 'handed-over',
      files: files.map(({ path, content, executable }) => ({ path, content: content.toString('base64'), executable: executable === true })),
      filled,
    };
  });
}
