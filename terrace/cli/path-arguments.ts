import path from 'node:path';

import type { Command } from 'commander';

import { isPlain, selectUnits } from '../model/graph-selection';
import { readModel } from '../model/model-file';
import type { CommandContext } from './command-context';

/** Arguments of commands that name a part of the tree. */
const selecting = new Set(['selectors', 'unit', 'environment', 'systems', 'from', 'to']);

/**
 * A selector that was written as a folder of the live tree, seen from `cwd`: `.` in `live/olechka/dev` is `olechka/dev`. Anything else
 * stays as it is.
 */
export function selectorAt(text: string, cwd: string, live: string): string {
  if (!/^(?:\.{1,2}(?:\/|$)|\/)/.test(text)) return text;
  const below = path.relative(live, path.resolve(cwd, text));
  return below === '' || below.startsWith('..') || path.isAbsolute(below) ? text : below.split(path.sep).join('/');
}

/** Lets every command take folders of the live tree where it takes selectors, so that `terrace plan .` works in a unit's folder. */
export function acceptFolders(root: Command, context: CommandContext): void {
  root.hook('preAction', (_root, command) => {
    const live = treeOf(command, context);
    if (live === undefined) return;
    const at = (text: unknown): unknown => (typeof text === 'string' ? selectorAt(text, process.cwd(), live) : text);
    command.processedArgs = command.registeredArguments.map((argument, index) => {
      const value: unknown = command.processedArgs[index];
      if (!selecting.has(argument.name())) return value;
      return Array.isArray(value) ? value.map(at) : at(value);
    });
  });
}

/**
 * Lets every command that takes selectors take those of the graph (`unit...`, `...unit`), `--except` and `--tag`, and gives it the paths of the
 * units that they mean.
 */
export function acceptGraph(root: Command, context: CommandContext): void {
  for (const command of withSelectors(root)) {
    const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
    command
      .option('--except <selector>', 'leave out these units; may be given more than once', collect)
      .option('--tag <name[=value]>', 'select only units with this default tag; may be given more than once', collect);
  }
  root.hook('preAction', async (_root, command) => {
    const place = command.registeredArguments.findIndex((argument) => argument.name() === 'selectors');
    if (place < 0) return;
    const { except = [], tag = [], tree } = command.opts<{ except?: readonly string[]; tag?: readonly string[]; tree?: string }>();
    const given: unknown = command.processedArgs[place];
    const selection = { selectors: Array.isArray(given) ? given.map(String) : [], except, tags: tag };
    if (isPlain(selection)) return;
    const model =
      tree === undefined
        ? await (await import('./project')).loadModel(context.project(), [], context.includePlanned)
        : readModel(path.resolve(tree));
    command.processedArgs = command.processedArgs.map((value: unknown, index) => (index === place ? selectUnits(model, selection) : value));
  });
}

function withSelectors(command: Command): readonly Command[] {
  const own = command.registeredArguments.some((argument) => argument.name() === 'selectors') ? [command] : [];
  return [...own, ...command.commands.flatMap(withSelectors)];
}

/** The tree that folders are looked for in: that of `--tree`, else the project's; undefined where there is neither. */
function treeOf(command: Command, context: CommandContext): string | undefined {
  const { tree } = command.opts<{ readonly tree?: string }>();
  if (tree !== undefined) return path.resolve(tree);
  const project = context.projectIfAny();
  return project === undefined ? undefined : path.join(project, 'live');
}
