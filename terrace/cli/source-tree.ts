import type { Synthesize } from '../delivery/plan/selection';

import type { CommandContext } from './command-context';
import { withBusyLine } from './busy-line';
import { liveRoot, synthesize } from './project';

/** Synthesizes the project into its live tree, and says so on a terminal. */
export const synthesizeSource =
  (context: CommandContext): Synthesize =>
  async (selectors) => {
    const root = context.project();
    const { model, units } = await withBusyLine('synthesizing', async () => await synthesize(root, { selectors }));
    return { folder: liveRoot(root), model, units };
  };
