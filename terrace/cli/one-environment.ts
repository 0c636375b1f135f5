import { selectorPath } from '../model/select';
import { withScratch } from '../synth/synthesize';
import type { Environment } from '../tree/environment';
import { buildTree, type BuiltTree } from '../tree/project';

import type { CommandContext } from './command-context';
import { loadProject } from './load-project';
import { notOneEnvironment } from './usage-problems';

/** The environment that a command is for, with the tree that was built of it alone. */
export interface OneEnvironment {
  readonly system: string;
  readonly name: string;
  readonly environment: Environment;
  readonly tree: BuiltTree;
}

/**
 * Builds the tree of the one environment that a command is for, and gives it to `use`, which needs it whole; `what` says what belongs to
 * an environment. Raises E0401 for anything but `<system>/<environment>`.
 */
export async function withEnvironment<T>(
  context: CommandContext,
  selector: string,
  what: string,
  use: (one: OneEnvironment) => T | Promise<T>,
): Promise<T> {
  const [system = '', name = ''] = environmentWords(selector, what);
  const root = context.project();
  return withScratch(root, async (scratch) => {
    const tree = await buildTree(loadProject(root), {
      selectors: [`${system}/${name}`],
      scratch,
      commit: null,
      dirty: false,
      includePlanned: context.includePlanned,
    });
    const environment = tree.systems.flatMap(({ environments }) => environments).find((one) => one.name === name);
    if (environment === undefined) throw new RangeError(selector);
    return use({ system, name, environment, tree });
  });
}

/** The words of `<system>/<environment>`; `what` says what belongs to one. Raises E0401 for anything else. */
export function environmentWords(selector: string, what: string): readonly string[] {
  const [system = '', name = '', ...more] = selectorPath(selector).split('/');
  if (name === '' || more.length > 0 || selector.includes('*'))
    throw notOneEnvironment(selector, `${what} belong to an environment, as in olechka/dev`);
  return [system, name];
}
