import { messageOf } from '../base/message';
import { TerraceError } from '../base/errors';
import { loadProject } from './load-project';
import type { SynthesizerAnswer, SynthesizerRequest } from './synthesizer-messages';

/** The process that loads and builds a project's source: answers one request of its parent and ends. */
export function main(): void {
  // Whoever asked is gone.
  process.once('disconnect', () => process.exit(1));
  process.once('message', (text) => {
    const request: SynthesizerRequest = JSON.parse(String(text));
    void answer(request).then((reply) => process.send?.(JSON.stringify(reply), undefined, undefined, () => process.exit()));
  });
}

async function answer(request: SynthesizerRequest): Promise<SynthesizerAnswer> {
  try {
    if (request.kind === 'synthesize') {
      const { synthesizeProject } = await import('../synth/synthesize');
      return { kind: 'synthesized', report: await synthesizeProject(loadProject(request.options.root), request.options) };
    }
    if (request.kind === 'lines') {
      const [{ linesOf }, { observedProject }] = await Promise.all([import('../synth/explain/source-lines'), import('./observed-project')]);
      return { kind: 'found-lines', lines: await linesOf(observedProject(request.root, request.question.includePlanned), request) };
    }
    if (request.kind === 'places') {
      const { linesOfPlaces } = await import('./source-places-apart');
      return { kind: 'found-places', lines: await linesOfPlaces(request.root, request.places, request.includePlanned) };
    }
    if (request.kind === 'deliveries') {
      const { deliveries } = await import('../ci/generate');
      return { kind: 'delivered', deliveries: await deliveries(loadProject(request.root), request.root) };
    }
    if (request.kind === 'handover') return await (await import('./source-handover')).answerHandover(request);
    const { root, selectors, includePlanned } = request;
    const { buildTree } = await import('../tree/project');
    const { withScratch } = await import('../synth/synthesize');
    const tree = await withScratch(root, (scratch) =>
      buildTree(loadProject(root), { selectors, scratch, commit: null, dirty: false, includePlanned }),
    );
    return { kind: 'modelled', model: tree.model };
  } catch (error) {
    if (error instanceof TerraceError) return { kind: 'refused', problems: error.problems, exitCode: error.exitCode };
    return {
      kind: 'failed',
      message: messageOf(error),
      stack: error instanceof Error ? (error.stack ?? error.message) : String(error),
      ...(error instanceof Error && 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    };
  }
}
