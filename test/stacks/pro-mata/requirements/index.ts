import type { Requirement } from '../../olechka/requirements/requirement';
import { devResources } from './dev-resources';
import { devStacks } from './dev-stacks';
import { production } from './prod';
import { productionWays } from './prod-ways';

/** Every requirement of the system's document that stands in the tree; its flows (P-22, P-23) are checked with the workflows as well. */
export const requirements: readonly Requirement[] = [...devResources, ...devStacks, ...production, ...productionWays];
