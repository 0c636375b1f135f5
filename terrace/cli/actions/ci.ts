import { quantity } from '../../base/plural';
import { exitCodes } from '../../base/errors';
import { differingFiles, pipelineFiles, writePipelineFiles, type Engine } from '../../ci/generate';
import type { CommandContext } from '../command-context';
import { loadProject } from '../project';

/** `terrace ci generate` */
export async function runGenerate(context: CommandContext, engine: Engine, check: boolean): Promise<void> {
  const root = context.project();
  const files = await pipelineFiles(loadProject(root), root, engine);
  if (!check) {
    const written = writePipelineFiles(root, files);
    process.stdout.write(`${quantity(files.size, 'file')}: ${written.length} written, ${files.size - written.length} unchanged\n`);
    return;
  }
  const differing = differingFiles(root, files);
  if (differing.length === 0) {
    process.stdout.write(`${quantity(files.size, 'file')}: up to date\n`);
    return;
  }
  process.stdout.write(
    `${differing.map((file) => `differs    ${file}\n`).join('')}the pipelines are not those of the tree: run \`terrace ci generate\`\n`,
  );
  process.exitCode = exitCodes.failed;
}
