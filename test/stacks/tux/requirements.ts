import { endRequirements } from './end-requirements';
import { flowRequirements } from './flow-requirements';
import { handoverRequirements } from './handover-requirements';
import type { Requirement } from './requirement';
import { resourceRequirements } from './resource-requirements';
import { watchRequirements } from './watch-requirements';

/** Every requirement that the tree must meet, by its id. The generated picture (T-01) is checked with the diagrams. */
export const requirements: Readonly<Record<string, Requirement>> = {
  ...resourceRequirements,
  ...flowRequirements,
  ...handoverRequirements,
  ...watchRequirements,
  ...endRequirements,
};
