import path from 'node:path';

import type { Synthesize } from '../delivery/tree/written-tree';

import type { CommandContext } from './command-context';
import { withBusyLine } from './busy-line';
import { liveRoot, synthesize } from './project';
import { checkTypes } from './types';

/** Synthesizes the project into its live tree, and says so on a terminal. Types are compared first: what comes of it may be applied. */
export const synthesizeSource =
  (context: CommandContext): Synthesize =>
  async (selectors) => {
    const root = context.project();
    const { model, units } = await withBusyLine('synthesizing', async () => {
      await checkTypes(root, selectors);
      return synthesize(root, { selectors, includePlanned: context.includePlanned });
    });
    return { folder: liveRoot(root), model, units };
  };

/** The same for a command that only reads: the tree lies in `.terrace/`, and the live tree stays as it is. */
export const synthesizeAside =
  (context: CommandContext): Synthesize =>
  async (selectors) => {
    const root = context.project();
    const folder = path.join(root, '.terrace', 'cache', 'worktree');
    const { model, units } = await withBusyLine(
      'synthesizing',
      async () => await synthesize(root, { selectors, out: folder, includePlanned: context.includePlanned }),
    );
    return { folder, model, units };
  };
