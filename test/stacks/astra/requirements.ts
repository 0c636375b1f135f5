import { clusterRequirements } from './cluster-requirements';
import { endRequirements } from './end-requirements';
import { flowRequirements } from './flow-requirements';
import type { Requirement } from './requirement';

/** Every requirement that the tree must meet, by its id. */
export const requirements: Readonly<Record<string, Requirement>> = { ...clusterRequirements, ...flowRequirements, ...endRequirements };
