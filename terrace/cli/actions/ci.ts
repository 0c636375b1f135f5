import { quantity } from '../../base/plural';
import { exitCodes, refuse, TerraceError } from '../../base/errors';
import { differingFiles, pipelineFiles, writePipelineFiles, type Engine } from '../../ci/generate';
import { settingProblems, type Ask } from '../../ci/github/doctor';
import { setUpProblems } from '../../ci/set-up';
import type { CommandContext } from '../command-context';
import { compiledProject, loadProject } from '../load-project';
import { askSynthesizer } from '../synthesizer';

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
    `${differing.map((file) => `differs    ${file}\n`).join('')}the pipelines are out of date: run \`terrace ci generate\`\n`,
  );
  process.exitCode = exitCodes.failed;
}

/**
 * `terrace ci doctor`: prints what to fix; ends with 1 where there is something. Raises E0504 without a token, E0506 where only files are
 * asked for and one is missing.
 */
export async function runDoctor(context: CommandContext, env: NodeJS.ProcessEnv, onlyFiles: boolean): Promise<void> {
  const root = context.project();
  const files = await setUpProblems(root);
  if (onlyFiles) {
    refuse(files, exitCodes.refused);
    process.stdout.write('everything that the pipelines need is committed\n');
    return;
  }
  const token = env['GITHUB_TOKEN'] ?? env['GH_TOKEN'];
  if (token === undefined || token === '')
    throw new TerraceError(
      [
        ...files,
        {
          code: 'E0504',
          title: 'no token',
          found: 'neither GITHUB_TOKEN nor GH_TOKEN is set',
          todo: 'use a token that can read the repository, its administration, its environments and the names of its secrets',
        },
      ],
      exitCodes.wrongUsage,
    );
  const settings = (
    await Promise.all(
      (await deliveriesOf(root)).map((delivery) => settingProblems(delivery, askGithub(delivery.repository.name, token, env))),
    )
  ).flat();
  const problems = [...files, ...settings];
  process.stdout.write(
    problems.length === 0
      ? 'the repository is set up as its workflows require\n'
      : problems.map(({ place, found, todo }) => `${place}: ${found}\n  ${todo}\n`).join(''),
  );
  if (problems.length > 0) process.exitCode = exitCodes.failed;
}

/** What the pipelines of every system need, by the source, which is built without the token. */
async function deliveriesOf(root: string) {
  compiledProject(root);
  const answer = await askSynthesizer(root, { kind: 'deliveries', root });
  if (answer.kind !== 'delivered') throw new Error(`deliveries were asked for, and the answer was ${answer.kind}`);
  return answer.deliveries;
}

/** GitHub's API; what is not there, or may not be read, is undefined. */
function askGithub(repository: string, token: string, env: NodeJS.ProcessEnv): Ask {
  const api = env['GITHUB_API_URL'] ?? 'https://api.github.com';
  return async (path) => {
    const answer = await fetch(`${api}/repos/${repository}${path}`, {
      headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
    });
    return answer.ok ? await answer.json() : undefined;
  };
}
