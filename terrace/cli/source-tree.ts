import type { Synthesize } from '../delivery/plan/selection';

import { withBusyLine } from './busy-line';
import { liveRoot, synthesize } from './project';

/** Synthesizes the project into its live tree, and says so on a terminal. */
export const synthesizeSource: Synthesize = async (selectors) => {
  const { model, units } = await withBusyLine('synthesizing', async () => await synthesize({ selectors }));
  return { folder: liveRoot(), model, units };
};
