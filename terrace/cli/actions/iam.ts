import { exitCodes, TerraceError } from '../../base/errors';
import { selectorPath } from '../../model/select';
import { roleNeeds } from '../../iam/needs';
import { applyStatements, planStatements, rolePolicies } from '../../iam/role-policies';
import type { CommandContext } from '../command-context';
import { withScratch } from '../../synth/synthesize';
import { buildTree } from '../../tree/project';
import { loadProject } from '../load-project';

/** `terrace iam`: one policy document for people, or the policies as AWS takes them. Raises E0401 for anything but `<system>/<environment>`. */
export async function runIam(context: CommandContext, path: string, role: 'plan' | 'apply', json: boolean): Promise<void> {
  const segments = selectorPath(path).split('/');
  const [system = '', name = ''] = segments;
  if (segments.length !== 2 || path.includes('*'))
    throw new TerraceError(
      {
        code: 'E0401',
        title: 'not an environment',
        place: path,
        found: path.includes('*') ? 'a star, which may be several' : `${segments.length} segments`,
        expected: '<system>/<environment>',
        todo: 'roles belong to an environment, as in olechka/dev',
      },
      exitCodes.wrongUsage,
    );
  const root = context.project();
  const needs = await withScratch(root, async (scratch) => {
    const tree = await buildTree(loadProject(root), {
      selectors: [`${system}/${name}`],
      scratch,
      commit: null,
      dirty: false,
      includePlanned: context.includePlanned,
    });
    const environment = tree.systems.flatMap(({ environments }) => environments).find((one) => one.name === name);
    return environment === undefined ? undefined : roleNeeds(environment);
  });
  if (needs === undefined) return;
  const document = json
    ? { version: 1, environment: `${system}/${name}`, role, policies: rolePolicies(role, needs) }
    : { Version: '2012-10-17', Statement: role === 'plan' ? planStatements(needs) : applyStatements(needs) };
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}
