import path from 'node:path';

import type { Command } from 'commander';

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

/** The tree that folders are looked for in: that of `--tree`, else the project's; undefined where there is neither. */
function treeOf(command: Command, context: CommandContext): string | undefined {
  const { tree } = command.opts<{ readonly tree?: string }>();
  if (tree !== undefined) return path.resolve(tree);
  const project = context.projectIfAny();
  return project === undefined ? undefined : path.join(project, 'live');
}
